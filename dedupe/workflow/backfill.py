"""Bring pictures up to date that were analysed by an older version of the algorithms."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from dedupe import storage
from dedupe.errors import Conflict
from dedupe.imaging import ALGORITHM_VERSION
from dedupe.imaging.words import WORDS_VERSION
from dedupe.models import Fingerprint, Picture, State, VisualWords
from dedupe.workflow.ledger import lock_pictures
from dedupe.workflow.numbers import analyse_original, embeddings_from, write_numbers

_PAGE = 200
_UNSETTLED = (State.STAGED, State.ANALYSING, State.REJECTED)


def outdated() -> QuerySet[Picture]:
    """Analysed pictures that lack the fingerprint or the words of the present versions, and still have their bytes."""
    fingerprint = Fingerprint.objects.filter(picture=OuterRef("pk"), version=ALGORITHM_VERSION)
    words = VisualWords.objects.filter(picture=OuterRef("pk"), version=WORDS_VERSION)
    return (
        Picture.objects.exclude(state__in=_UNSETTLED)
        .exclude(storage_key="")
        .exclude(Exists(fingerprint), Exists(words))
    )


def in_pages(pictures: QuerySet[Picture]) -> Iterator[Picture]:
    """The pictures by id, read a page at a time; those that are brought up to date meanwhile do not disturb it."""
    last = 0
    while page := list(pictures.filter(pk__gt=last).order_by("pk")[:_PAGE]):
        yield from page
        last = page[-1].pk


def bring_up_to_date(picture: Picture) -> None:
    """Analyse a picture anew and write the numbers beside those of older versions; its state stays as it is.

    Raises Refused, Conflict when it moved meanwhile, StorageUnavailable, JailUnavailable, ChildKilled.
    """
    analysis = analyse_original(picture)
    stored = [(each, storage.store_rendition(picture.public_id, each)) for each in analysis.renditions]
    embeddings = embeddings_from(analysis)
    with transaction.atomic():
        locked = lock_pictures(picture.pk)[picture.pk]
        if locked.state in _UNSETTLED or locked.storage_key != picture.storage_key:
            raise Conflict("The picture has moved meanwhile.")
        write_numbers(locked, analysis, stored, embeddings)
