"""Uploads whose bytes come after their row: announced and sent to a key of their own, or fetched from an address.

Neither is trusted. A worker reads what is there, counts and hashes it, and writes it under a name that nobody else can
write: from then on it is an upload like any other. Until then the picture is ``staged`` and not due, so that nobody
analyses it, and its Delivery is the work to do.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import IO

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from dedupe import storage
from dedupe.conf import conf
from dedupe.doorbell import ring
from dedupe.errors import Conflict
from dedupe.fetching import Guard, NotFetched, Unfetched, fetch
from dedupe.imaging import Limits, Refusal, Refused, sniff
from dedupe.models import Delivery, Picture, State
from dedupe.storage import StorageUnavailable, StoredOriginal
from dedupe.workflow.analysis import GAVE_UP
from dedupe.workflow.ledger import move

log = logging.getLogger(__name__)

_HEAD = 4096
_LONGEST_PAUSE = 120


def receive_picture(picture_id: int) -> None:
    """Take over the bytes of one upload. Does nothing when they are here already or somebody is at it."""
    delivery = _claim(picture_id)
    if delivery is None:
        return
    try:
        with _bytes_of(delivery) as (stream, checksum):
            _check(delivery, stream, checksum)
            stored = storage.store_original(stream)
    except Refused as refused:
        _end_rejected(delivery, refused.refusal.value, refused.detail)
    except NotFetched as problem:
        _end_rejected(delivery, problem.reason.value, problem.detail)
    except (StorageUnavailable, OSError) as error:
        log.warning("Upload %s waits for its bytes: %s", delivery.public_id, error)
        _put_back(delivery)
    else:
        _hand_over(delivery, stored)


def _claim(picture_id: int) -> Delivery | None:
    """Lease a delivery to this worker: it is not due again before the lease ends. None when it may not be taken."""
    now = timezone.now()
    deadlines = conf().deadlines
    due = Delivery.objects.filter(picture_id=picture_id, next_attempt_at__lte=now)
    taken = due.filter(attempts__lt=deadlines.max_attempts).update(
        attempts=F("attempts") + 1, next_attempt_at=now + timedelta(seconds=deadlines.lease_seconds)
    )
    if taken:
        return Delivery.objects.select_related("picture").filter(picture_id=picture_id).first()
    hopeless = due.select_related("picture").first()
    if hopeless is not None:
        _end_rejected(hopeless, GAVE_UP, f"Taking it over was broken off {hopeless.attempts} times.")
    return None


@contextmanager
def _bytes_of(delivery: Delivery) -> Iterator[tuple[IO[bytes], str]]:
    """A private copy of what is there now, and its checksum; later changes of the original do not reach it."""
    if delivery.address:
        with tempfile.TemporaryFile(prefix="doppel-") as file:
            fetch(delivery.address, file, guard())
            yield file, storage.checksum_of(file)
        return
    try:
        with storage.local_copy(delivery.key) as (path, checksum), path.open("rb") as file:
            yield file, checksum
    except FileNotFoundError as error:
        raise Refused(Refusal.ALTERED, "the file is not there") from error


def guard() -> Guard:
    """The bounds of a fetch, by the settings. Raises NotFetched when fetching was turned off meanwhile."""
    if not conf().receiving.upload_by_url:
        raise NotFetched(Unfetched.NOT_GIVEN, "fetching is turned off")
    return Guard(seconds=conf().receiving.fetch_seconds)


def _check(delivery: Delivery, stream: IO[bytes], checksum: str) -> None:
    """Refuse what is not what was announced, or no picture by its first bytes."""
    size = stream.seek(0, 2)
    if size > Limits().max_bytes:
        raise Refused(Refusal.TOO_MANY_BYTES, f"{size} bytes")
    if delivery.key and size != delivery.size_bytes:
        raise Refused(Refusal.ALTERED, f"{size} bytes, not {delivery.size_bytes}")
    if delivery.checksum and checksum != delivery.checksum:
        raise Refused(Refusal.ALTERED, "another checksum")
    stream.seek(0)
    try:
        sniff(stream.read(_HEAD))
    except Refused as refused:
        if delivery.address and refused.refusal != Refusal.EMPTY:
            raise NotFetched(Unfetched.NO_PICTURE, refused.detail) from refused
        raise


def _hand_over(delivery: Delivery, stored: StoredOriginal) -> None:
    """Give the picture its bytes and ring for its analysis. Whoever comes second finds no delivery and drops its copy.

    A crash before leaves a copy without a row, one after leaves the incoming object without one: the sweep finds both.
    """
    picture_id, now = _waiting(delivery).pk, timezone.now()
    with transaction.atomic():
        first = _let_go(delivery)
        if first:
            Picture.objects.filter(pk=picture_id, state=State.STAGED).update(
                storage_key=stored.key,
                checksum=stored.checksum,
                size_bytes=stored.size_bytes,
                next_attempt_at=now,
                rung_at=now,
            )
            transaction.on_commit(lambda: ring(picture_id))
    _forget(delivery.key if first else stored.key)


def _end_rejected(delivery: Delivery, refusal: str, detail: str) -> None:
    with transaction.atomic():
        if not _let_go(delivery):
            return
        with suppress(Conflict):
            move(_waiting(delivery), State.REJECTED, refusal=refusal, refusal_detail=detail[:300])
    _forget(delivery.key)


def _waiting(delivery: Delivery) -> Picture:
    """The upload that waits for these bytes."""
    assert delivery.picture is not None
    return delivery.picture


def _let_go(delivery: Delivery) -> bool:
    """Remove the row. Returns whether it was still there."""
    removed, _ = Delivery.objects.filter(pk=delivery.pk).delete()
    return removed > 0


def _forget(key: str) -> None:
    """Remove bytes that no row knows any more; where storage does not answer, the sweep does it."""
    if key:
        with suppress(StorageUnavailable):
            storage.delete_original(key)


def _put_back(delivery: Delivery) -> None:
    """Try again after a growing pause; an outage of ours does not count as an attempt."""
    picture = _waiting(delivery)
    pause = min(5 * 2 ** min(picture.setbacks, 8), _LONGEST_PAUSE)
    Picture.objects.filter(pk=picture.pk, state=State.STAGED).update(setbacks=F("setbacks") + 1)
    Delivery.objects.filter(pk=delivery.pk).update(
        attempts=F("attempts") - 1, next_attempt_at=timezone.now() + timedelta(seconds=pause)
    )
