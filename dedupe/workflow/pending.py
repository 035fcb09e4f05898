"""Published pictures that are to be searched again: the list, and taking one up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from dedupe.models import PendingSearch, Picture, State


def search_again_later(picture_id: int, why: str) -> None:
    """Put a picture on the list, for a reason that an operator will read; a newer reason replaces the older."""
    PendingSearch.objects.update_or_create(picture_id=picture_id, defaults={"why": why[:300]})


def waiting_searches() -> int:
    """How many published pictures are on the list."""
    return PendingSearch.objects.filter(picture__state=State.LIVE).count()


def take_up_pending(before: datetime) -> Iterator[Picture]:
    """The published pictures on the list that nobody has tried since ``before``, each given to one process alone.

    Those that are not published now keep their place: an undo may bring them back.
    """
    untried = Q(tried_at__isnull=True) | Q(tried_at__lt=before)
    listed = PendingSearch.objects.filter(untried, picture__state=State.LIVE)
    while (row := listed.order_by("pk").select_related("picture").first()) is not None:
        if PendingSearch.objects.filter(untried, pk=row.pk).update(tried_at=timezone.now()):
            yield row.picture


def searched_again(picture_id: int) -> None:
    """Take a picture off the list."""
    PendingSearch.objects.filter(pk=picture_id).delete()
