"""What people say below a picture: written by whoever is signed in, removed by its author or by staff."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from math import ceil
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from board.models import COMMENT_LENGTH, Comment, User
from board.prose import number
from dedupe.errors import Conflict, NotAllowed
from dedupe.models import Picture, Power, State
from dedupe.permissions import may
from dedupe.workflow.ledger import lock_pictures

AT_ONCE = 10
SPAN = timedelta(minutes=10)
"""A person writes at most ``AT_ONCE`` comments within this time."""


class Unfit(ValueError):
    """The text cannot be a comment. ``str(error)`` is a sentence for its author."""


class TooFast(Exception):
    """This person has written too much in a short time. ``str(error)`` is for them; ``seconds`` until there is room."""

    def __init__(self, words: str, seconds: int) -> None:
        super().__init__(words)
        self.seconds = seconds


def tidied(text: str) -> str:
    """What a person typed, with its line breaks and at most one empty line between paragraphs. Raises Unfit."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(each for each in lines if each == "\n" or unicodedata.category(each) not in {"Cc", "Cs"})
    words = re.sub(r"\n[ \n]*\n", "\n\n", kept).strip()
    if not words:
        raise Unfit(_("There is nothing in this comment yet."))
    if len(words) > COMMENT_LENGTH:
        raise Unfit(
            _("A comment has at most {most} characters; this one has {count}.").format(
                most=number(COMMENT_LENGTH), count=number(len(words))
            )
        )
    return words


def write_comment(author: User, picture: Picture, text: str) -> Comment:
    """Put a comment below a published picture.

    Raises Unfit, TooFast, and Conflict when the picture is not published (any more).
    """
    words = tidied(text)
    with transaction.atomic():
        if lock_pictures(picture.pk)[picture.pk].state != State.LIVE:
            raise Conflict(_("Only published pictures can be commented on, and this one is not published."))
        # One comment of a person at a time, so that several at once are counted too.
        User.objects.select_for_update(no_key=True).get(pk=author.pk)
        _check_pace(author)
        return Comment.objects.create(picture=picture, author=author, text=words)


def _check_pace(author: User) -> None:
    now = timezone.now()
    lately = Comment.objects.filter(author=author, created_at__gt=now - SPAN).order_by("-created_at")
    times = list(lately.values_list("created_at", flat=True)[:AT_ONCE])
    if len(times) == AT_ONCE:
        minutes = int(SPAN.total_seconds() // 60)
        words = _(
            "You have written {count} comments in {minutes} minutes. Please wait a little, then send it again."
        )
        seconds = max(1, ceil((times[-1] + SPAN - now).total_seconds()))
        raise TooFast(words.format(count=AT_ONCE, minutes=minutes), seconds)


def may_remove(user: Any, comment: Comment) -> bool:
    """Whether this person may take a comment away: its author and moderators."""
    return comment.author_id == getattr(user, "pk", None) or may(user, Power.REMOVE)


def remove_comment(actor: User, comment: Comment) -> None:
    """Take a comment off the page; its row stays. Raises NotAllowed, and Conflict when it is removed already."""
    if not may_remove(actor, comment):
        raise NotAllowed(_("Only its author and moderators may remove a comment."))
    standing = Comment.objects.filter(pk=comment.pk, removed_at__isnull=True)
    if not standing.update(removed_at=timezone.now(), removed_by=actor):
        raise Conflict(_("This comment was removed already."))


def comments_below(picture: Picture) -> QuerySet[Comment]:
    """The comments that can be read below a picture, the oldest first, with their authors."""
    standing = Comment.objects.filter(picture=picture, removed_at__isnull=True)
    return standing.select_related("author").order_by("created_at", "id")


def later_than(comment: Comment) -> Q:
    """What comes after this comment."""
    return Q(created_at__gt=comment.created_at) | Q(created_at=comment.created_at, id__gt=comment.pk)


def earlier_than(comment: Comment) -> Q:
    """What comes before this comment."""
    return Q(created_at__lt=comment.created_at) | Q(created_at=comment.created_at, id__lt=comment.pk)
