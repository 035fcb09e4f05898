"""Uploads that are announced: their row is there before their bytes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from posixpath import basename
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dedupe import incoming
from dedupe.conf import conf
from dedupe.doorbell import RECEIVE, ring
from dedupe.errors import Conflict, NotAllowed, TooMany
from dedupe.fetching import check_address
from dedupe.imaging import Format, Limits, Refusal, Refused
from dedupe.models import Delivery, Picture
from dedupe.signals import picture_submitted

MOST_ANNOUNCED = 100
"""So many announced uploads of one person may wait for their bytes."""
MOST_FETCHES = 5
"""So many fetches of one person may wait: slow sites must not hold all workers."""
NOT_DUE = datetime(9999, 1, 1, tzinfo=UTC)
"""When a picture without bytes is analysed: not before they have come. An earlier release leaves it alone too."""
_MIMES = {each.mime for each in Format}


def announce_upload(
    owner: Any,
    *,
    mime: str,
    size_bytes: int,
    checksum: str = "",
    file_name: str = "",
    details: Mapping[str, Any] | None = None,
) -> Delivery:
    """Reserve a key and an id for bytes that somebody will send. Nothing is there yet, and nobody sees anything.

    Raises Refused for what we would not take, and TooMany.
    """
    if mime not in _MIMES:
        raise Refused(Refusal.UNSUPPORTED_FORMAT, "announced")
    if size_bytes < 1:
        raise Refused(Refusal.EMPTY)
    if size_bytes > Limits().max_bytes:
        raise Refused(Refusal.TOO_MANY_BYTES, f"{size_bytes} bytes announced")
    if Delivery.objects.filter(owner=owner, picture=None).count() >= MOST_ANNOUNCED:
        raise TooMany(_("You have announced many files and not sent them. Please send those first."))
    return Delivery.objects.create(
        owner=owner,
        key=incoming.new_key(),
        mime=mime,
        size_bytes=size_bytes,
        checksum=checksum,
        file_name=_named(file_name),
        details=dict(details or {}),
        expires_at=timezone.now() + timedelta(seconds=conf().receiving.presign_seconds),
    )


def complete_upload(delivery: Delivery) -> Picture:
    """The bytes were sent: from now on it is an upload, and a worker takes them over. Harmless when done twice.

    Raises Conflict when they are not there, and StorageUnavailable.
    """
    arrived = incoming.has_arrived(delivery.key)
    with transaction.atomic():
        locked = Delivery.objects.select_for_update(of=["self"]).filter(pk=delivery.pk).first()
        if locked is None:
            return _completed_before(delivery)
        if locked.picture is None:
            if not arrived:
                raise Conflict(_("The file has not arrived yet. Please send it first."))
            locked.picture = _submit(locked)
            locked.save(update_fields=["picture"])
        return locked.picture


def _completed_before(delivery: Delivery) -> Picture:
    done = Picture.objects.filter(public_id=delivery.public_id, owner=delivery.owner).first()
    if done is None:
        raise Conflict(_("This upload was announced too long ago. Please upload the file again."))
    return done


def submit_address(owner: Any, address: str, *, details: Mapping[str, Any] | None = None) -> Picture:
    """Begin an upload whose bytes a worker fetches. Asks nobody now.

    Raises NotFetched for an address that nobody need ask, TooMany, and NotAllowed where this is turned off.
    """
    if not conf().receiving.upload_by_url:
        raise NotAllowed(
            _("Pictures are not fetched from addresses here. Please save it and upload the file.")
        )
    check_address(address)
    if Delivery.objects.filter(owner=owner, key="").count() >= MOST_FETCHES:
        raise TooMany(_("We are still fetching others of your pictures. Please try again in a moment."))
    delivery = Delivery(
        owner=owner,
        address=address,
        file_name=_named(basename(unquote(urlsplit(address).path))),
        details=dict(details or {}),
        expires_at=timezone.now(),
    )
    with transaction.atomic():
        delivery.picture = _submit(delivery)
        delivery.save()
    return delivery.picture


def _submit(delivery: Delivery) -> Picture:
    """Write the row of the upload, and ring for its bytes on commit."""
    picture = Picture.objects.create(
        public_id=delivery.public_id,
        owner=delivery.owner,
        file_name=delivery.file_name,
        size_bytes=delivery.size_bytes,
        next_attempt_at=NOT_DUE,
        rung_at=timezone.now(),
    )
    picture_submitted.send(Picture, picture=picture, details=delivery.details)
    transaction.on_commit(lambda: ring(picture.pk, RECEIVE))
    return picture


def _named(file_name: str) -> str:
    return file_name.replace("\x00", "")[:255]
