"""What the page of a question shows: the two pictures, why we ask, and what each answer does."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet, prefetch_related_objects

from board.models import Post
from board.offering import offer
from board.pages import wording
from board.pages.choices import Asked, choices, choices_for_all
from board.pages.figures import Figure, Found, figures, people_said
from board.pages.likeness import TO_STAFF, TO_UPLOADER, pair_of
from board.pages.stage import stage_of
from dedupe.conf import conf
from dedupe.imaging import Relation
from dedupe.models import Match, Picture
from dedupe.statistics import confirmed

ALL = "all"
"""The scope of an answer about every open look-alike of an upload."""


def open_matches(upload: Picture) -> QuerySet[Match]:
    """The look-alikes that nobody has decided about, likeliest first, with all that the page shows of them."""
    sides = ("query", "candidate")
    return (
        Match.objects.open_for(upload)
        .select_related(*sides, *(f"{side}__owner" for side in sides), *(f"{side}__post" for side in sides))
        .prefetch_related(*(f"{side}__renditions" for side in sides))
    )


def question_context(upload: Picture, user: Any, wanted: str = "", scope: str = "") -> dict[str, Any] | None:
    """The question about one look-alike (the ``wanted`` one, else the likeliest), or None when none is open.

    With the scope ALL the same answer is given about every one of them.
    """
    matches = list(open_matches(upload))
    if not matches:
        return None
    match = next((each for each in matches if str(each.pk) == wanted), matches[0])
    theirs, is_own = match.other(upload), upload.is_owned_by(user)
    pair = pair_of(match, upload)
    my_post, their_post = _with_tags(upload, theirs)
    asked = Asked(
        pair,
        match.probability,
        confident=match.confident and is_own,
        others=len(matches) - 1,
        days=conf().deadlines.retention_days,
        offer=offer(my_post, their_post),
    )
    return {
        "match": match,
        "mine": upload,
        "theirs": theirs,
        "stage": stage_of(match, upload),
        "sentence": wording.why_we_ask(pair, TO_UPLOADER if is_own else TO_STAFF),
        "how_sure": wording.how_sure(match.probability, conf().matching),
        "rows": wording.rows(upload, theirs, words_of(my_post), words_of(their_post)),
        "figures": _figures(match),
        "choices": choices(asked),
        "undo_days": asked.days,
        **_several(upload, matches, match, about_all=scope == ALL, is_own=is_own),
    }


def _several(
    upload: Picture, matches: list[Match], match: Match, *, about_all: bool, is_own: bool
) -> dict[str, Any]:
    """The look-alikes to go through, and the answers about all of them where these are wanted and make sense."""
    may_be_all = len(matches) > 1 and all(each.relation != Relation.IDENTICAL_BYTES for each in matches)
    found: dict[str, Any] = {
        "others": [(number, each, each.other(upload)) for number, each in enumerate(matches, 1)],
        "number": matches.index(match) + 1,
        "how_many": len(matches),
        "may_be_all": may_be_all,
        "about_all": about_all and may_be_all,
    }
    if found["about_all"]:
        confident = is_own and any(each.confident for each in matches)
        found["choices"] = choices_for_all(len(matches), confident=confident)
    return found


def _figures(match: Match) -> list[Figure]:
    matching = conf().matching
    relation = Relation(match.relation)
    return [
        *figures(Found.of(match), match.evidence, matching),
        *people_said(relation, confirmed(relation, match.probability, matching)),
    ]


def _with_tags(mine: Picture, theirs: Picture) -> tuple[Post | None, Post | None]:
    """The posts of the two with their tags; None for a picture that has no post."""
    posts = getattr(mine, "post", None), getattr(theirs, "post", None)
    prefetch_related_objects([post for post in posts if post is not None], "tags")
    return posts


def words_of(post: Post | None) -> wording.Words:
    """What the comparison shows of a post."""
    if post is None:
        return wording.Words()
    return wording.Words(tuple(tag.name for tag in post.tags.all()), post.source)
