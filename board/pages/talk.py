"""The comments below a picture, as its page shows them: the newest first page, each page with the oldest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from board.comments import comments_below, earlier_than, later_than, may_remove
from board.models import Comment
from dedupe.models import Picture

PAGE = 30


@dataclass(frozen=True)
class Talk:
    """Some of the comments below a picture, each with whether the one who looks may remove it.

    ``earlier`` and ``later`` name the first and the last of them where others stand before and behind.
    """

    lines: list[tuple[Comment, bool]]
    how_many: int
    earlier: int | None
    later: int | None


def talk_about(request: HttpRequest, picture: Picture) -> Talk:
    """The newest comments, or those before ``?earlier=`` or behind ``?later=`` the comment of that number."""
    said = comments_below(picture)
    how_many = said.count()
    behind, before = _named(request, picture, "later"), _named(request, picture, "earlier")
    if behind is not None:
        found = list(said.filter(later_than(behind))[: PAGE + 1])
        if found:
            return _talk(request, found[:PAGE], how_many, has_earlier=True, has_later=len(found) > PAGE)
    if before is not None:
        said = said.filter(earlier_than(before))
    found = list(said.order_by("-created_at", "-id")[: PAGE + 1])
    shown = found[:PAGE][::-1]
    return _talk(request, shown, how_many, has_earlier=len(found) > PAGE, has_later=before is not None)


def _named(request: HttpRequest, picture: Picture, word: str) -> Comment | None:
    """The comment of this picture that the address names; a removed one still marks its place."""
    number = request.GET.get(word, "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return Comment.objects.filter(pk=int(number), picture=picture).first()


def _talk(
    request: HttpRequest, shown: Iterable[Comment], how_many: int, *, has_earlier: bool, has_later: bool
) -> Talk:
    lines = [(comment, may_remove(request.user, comment)) for comment in shown]
    return Talk(
        lines=lines,
        how_many=how_many,
        earlier=lines[0][0].pk if lines and has_earlier else None,
        later=lines[-1][0].pk if lines and has_later else None,
    )


def talk_context(
    request: HttpRequest, picture: Picture, text: str = "", problem: str = "", *, has_comments: bool = True
) -> dict[str, Any]:
    """What the template of the comments needs; ``text`` is what could not be taken, and ``problem`` says why.

    Nothing is asked for where it is known already that there are no comments.
    """
    talk = talk_about(request, picture) if has_comments else Talk([], 0, None, None)
    return {"talk": talk, "comment_text": text, "comment_problem": problem}
