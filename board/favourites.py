"""Pictures that people like to find again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from board.models import Favourite, User
from dedupe.errors import Conflict
from dedupe.models import Picture, State
from dedupe.workflow.ledger import lock_pictures


@dataclass(frozen=True)
class Liking:
    """How many people have a picture among their favourites, and whether the one who looks is among them."""

    count: int
    is_mine: bool

    @property
    def others(self) -> int:
        """How many other people have it among theirs."""
        return self.count - self.is_mine


def liking_of(user: Any, picture: Picture) -> Liking:
    """How a picture is liked, as this person sees it; nobody's in particular for visitors."""
    mine = Count("pk", filter=Q(person=getattr(user, "pk", None)))
    found = Favourite.objects.filter(picture=picture).aggregate(count=Count("pk"), mine=mine)
    return Liking(found["count"], bool(found["mine"]))


def add_favourite(person: User, picture: Picture) -> None:
    """Put a published picture among a person's favourites; twice is as good as once. Raises Conflict."""
    with transaction.atomic():
        if lock_pictures(picture.pk)[picture.pk].state != State.LIVE:
            raise Conflict(_("Only published pictures can be favourites, and this one is not published."))
        Favourite.objects.get_or_create(person=person, picture=picture)


def drop_favourite(person: User, picture: Picture) -> None:
    """Take a picture from a person's favourites, if it is there."""
    Favourite.objects.filter(person=person, picture=picture).delete()


def favourites_of(person: User) -> QuerySet[Favourite]:
    """A person's favourites that are published now, the newest first, with what a card shows."""
    live = Favourite.objects.filter(person=person, picture__state=State.LIVE)
    return live.select_related("picture__post").prefetch_related("picture__renditions").order_by("-id")
