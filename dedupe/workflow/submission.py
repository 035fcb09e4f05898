"""The first step: the bytes are stored, a row says so, and the workers' doorbell is rung."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.db import transaction
from django.utils import timezone

from dedupe import storage
from dedupe.doorbell import ring
from dedupe.imaging import Limits, Refusal, Refused, sniff
from dedupe.models import Picture, State
from dedupe.signals import picture_submitted

_HEAD = 4096


def submit_picture(
    owner: Any, stream: IO[bytes], *, size: int, file_name: str = "", details: Mapping[str, Any] | None = None
) -> Picture:
    """Store an upload and return its row: ``staged``, or ``rejected`` at once when its first bytes say so.

    ``size`` is the number of bytes in the seekable ``stream``; ``details`` goes to the site with
    ``picture_submitted``. Raises StorageUnavailable; then nothing was acknowledged and nothing is kept.
    """
    name = file_name.replace("\x00", "")[:255]
    try:
        _look_at_first_bytes(stream, size)
    except Refused as refused:
        picture = _refused_row(owner, stream, size, name, refused)
    else:
        stored = storage.store_original(stream)
        picture = Picture(
            owner=owner,
            file_name=name,
            storage_key=stored.key,
            checksum=stored.checksum,
            size_bytes=stored.size_bytes,
        )
    picture.rung_at = timezone.now()
    with transaction.atomic():
        picture.save()
        picture_submitted.send(Picture, picture=picture, details=dict(details or {}))
        if picture.state == State.STAGED:
            transaction.on_commit(lambda: ring(picture.pk))
    return picture


def _look_at_first_bytes(stream: IO[bytes], size: int) -> None:
    if size > Limits().max_bytes:
        raise Refused(Refusal.TOO_MANY_BYTES, f"{size} bytes")
    stream.seek(0)
    sniff(stream.read(_HEAD))


def _refused_row(owner: Any, stream: IO[bytes], size: int, file_name: str, refused: Refused) -> Picture:
    return Picture(
        owner=owner,
        state=State.REJECTED,
        state_since=timezone.now(),
        file_name=file_name,
        checksum=storage.checksum_of(stream),
        size_bytes=size,
        refusal=refused.refusal,
        refusal_detail=refused.detail[:300],
    )
