"""The analysis of one upload: claim, decode in the jail, keep the numbers, then publish or ask.

A claim is a lease with a token. Only a worker that was never heard of again costs one of the picture's attempts;
an outage of storage or database puts the picture back with a growing pause.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from uuid import uuid4

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from dedupe import storage
from dedupe.conf import conf
from dedupe.errors import Conflict
from dedupe.imaging import Analysis, Refused
from dedupe.imaging import Rendition as RenderedImage
from dedupe.jail.client import ChildKilled, JailUnavailable
from dedupe.measures import Stage, stage_ended, timed
from dedupe.models import CheckOutcome, Picture, State
from dedupe.search import Comparisons, Query, SearchFailed, query_of_analysis
from dedupe.search.embedders import Embeddings
from dedupe.storage import StorageUnavailable
from dedupe.workflow.ledger import lock_pictures, move
from dedupe.workflow.numbers import analyse_original, embeddings_from, write_numbers
from dedupe.workflow.publication import publish, settle, with_comparisons

log = logging.getLogger(__name__)

GAVE_UP = "gave_up"
"""The refusal of a picture that took its worker or its child down at every attempt."""
_DATABASE_GONE = (OperationalError, InterfaceError)
_OUTAGES = (StorageUnavailable, JailUnavailable, SearchFailed, *_DATABASE_GONE)
_LONGEST_PAUSE = 120
_STORAGE_SECONDS = 25
"""All that storage may take of one analysis: with the decoding, and one call more, it stays within the task's time."""
_DATABASE_SECONDS = 10
"""How long a worker waits for a database that went away, to hand its picture back."""


def analyse_picture(picture_id: int, then: Callable[[Picture, Query], None] | None = None) -> None:
    """Take one picture through its check. Does nothing when somebody else has it or it is settled already.

    ``then`` is done with the leased picture and the query for its look-alikes once its numbers are kept:
    ``settle_claimed`` unless told otherwise.
    """
    picture = claim(picture_id)
    if picture is None:
        return
    if picture.attempts == 1:
        waited = (timezone.now() - picture.created_at).total_seconds()
        stage_ended.send(Stage, stage=Stage.WAIT, seconds=waited, failed=False)
    try:
        with timed(Stage.WHOLE), storage.taking_at_most(_STORAGE_SECONDS):
            query = _analyse(picture)
            (then or settle_claimed)(picture, query)
    except Refused as refused:
        reject(picture, refused)
    except ChildKilled as error:
        log.warning("Picture %s lost an attempt: %s", picture.public_id, error)
        lose_attempt(picture)
    except _OUTAGES as error:
        log.warning("Picture %s waits: %s", picture.public_id, error)
        _put_back_patiently(picture)
    except Conflict:
        log.info("Picture %s was taken over by another worker", picture.public_id)


def claim(picture_id: int) -> Picture | None:
    """Lease a picture to this worker, or return None when it may not be taken now."""
    now = timezone.now()
    deadlines = conf().deadlines
    free = Q(state=State.STAGED, next_attempt_at__lte=now) | Q(state=State.ANALYSING, lease_until__lt=now)
    token = uuid4()
    taken = Picture.objects.filter(free, pk=picture_id, attempts__lt=deadlines.max_attempts).update(
        state=State.ANALYSING,
        state_since=now,
        attempts=F("attempts") + 1,
        lease_token=token,
        lease_until=now + timedelta(seconds=deadlines.lease_seconds),
    )
    return Picture.objects.get(pk=picture_id, lease_token=token) if taken else None


def _analyse(picture: Picture) -> Query:
    analysis = analyse_original(picture)
    with timed(Stage.STORE):
        stored = [(each, storage.store_rendition(picture.public_id, each)) for each in analysis.renditions]
    with timed(Stage.EMBED):
        embeddings = embeddings_from(analysis)
    with timed(Stage.KEEP):
        keep_numbers(picture, analysis, stored, embeddings)
    return query_of_analysis(analysis, embeddings).leaving_out(picture.pk)


def keep_numbers(
    picture: Picture, analysis: Analysis, stored: list[tuple[RenderedImage, str]], embeddings: Embeddings
) -> None:
    """Commit what the analysis found, before anything is searched: a simultaneous twin must be able to see it.

    Raises Conflict when the lease was lost.
    """
    with transaction.atomic():
        _check_lease(picture)
        write_numbers(picture, analysis, stored, embeddings)


def _check_lease(picture: Picture) -> None:
    locked = lock_pictures(picture.pk)[picture.pk]
    if locked.state != State.ANALYSING or locked.lease_token != picture.lease_token:
        raise Conflict("The lease was lost.")


def settle_claimed(picture: Picture, query: Query) -> None:
    """Publish or hold a picture whose lease this worker has. Raises Conflict when the lease was lost."""
    with_comparisons(query, partial(_settle_leased, picture))


def _settle_leased(picture: Picture, known: Comparisons) -> None:
    with timed(Stage.SETTLE), transaction.atomic():
        _check_lease(picture)
        settle(picture, known)


def publish_unasked(picture: Picture, query: Query) -> None:
    """Publish a leased picture whatever it looks like; for collections that are laid in to be measured.

    Raises Conflict when the lease was lost or a live picture has the same bytes.
    """
    with transaction.atomic():
        _check_lease(picture)
        publish(picture, None, CheckOutcome.NONE_FOUND)


def reject(picture: Picture, refused: Refused) -> None:
    """End an upload that cannot be accepted, with the reason."""
    _end_rejected(picture, refused.refusal.value, refused.detail)


def _end_rejected(picture: Picture, refusal: str, detail: str) -> None:
    try:
        with transaction.atomic():
            _check_lease(picture)
            move(
                picture,
                State.REJECTED,
                refusal=refusal,
                refusal_detail=detail[:300],
                lease_token=None,
                lease_until=None,
            )
    except Conflict:
        log.info("Picture %s was taken over by another worker", picture.public_id)


def lose_attempt(picture: Picture) -> None:
    """Hand a picture back whose child was killed, or give it up when that was its last attempt."""
    if picture.attempts < conf().deadlines.max_attempts:
        put_back(picture, attempts=picture.attempts)
    else:
        _end_rejected(picture, GAVE_UP, f"The check was broken off {picture.attempts} times.")


def _put_back_patiently(picture: Picture) -> None:
    """Hand a picture back after an outage, which may be one of the database itself.

    A database that stays away longer is left to the lease: then the outage costs an attempt after all.
    """
    deadline = time.monotonic() + _DATABASE_SECONDS
    while True:
        try:
            put_back(picture)
        except _DATABASE_GONE:
            if time.monotonic() > deadline:
                raise
        else:
            return
        with suppress(*_DATABASE_GONE):
            connection.close()
        time.sleep(0.5)


def put_back(picture: Picture, attempts: int | None = None) -> None:
    """Hand a picture back with a growing pause; after an outage, not its fault, the attempt does not count."""
    pause = min(5 * 2 ** min(picture.setbacks, 8), _LONGEST_PAUSE)
    Picture.objects.filter(pk=picture.pk, state=State.ANALYSING, lease_token=picture.lease_token).update(
        state=State.STAGED,
        attempts=F("attempts") - 1 if attempts is None else attempts,
        setbacks=F("setbacks") + 1,
        next_attempt_at=timezone.now() + timedelta(seconds=pause),
        lease_token=None,
        lease_until=None,
    )
