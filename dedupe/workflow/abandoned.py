"""What the clock does for bytes on their way: rings again for those that nobody took over, and clears up the rest."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from dedupe import incoming, storage
from dedupe.conf import conf
from dedupe.doorbell import RECEIVE, ring
from dedupe.listing import keys_older_than
from dedupe.models import Delivery, Picture

_AT_ONCE = 500


def ring_for_deliveries() -> int:
    """Announce uploads whose bytes nobody took over, the oldest first; stop when the broker is out."""
    now = timezone.now()
    silent_since = now - timedelta(seconds=conf().deadlines.ring_again_seconds)
    due = Delivery.objects.filter(next_attempt_at__lte=now, picture__rung_at__lt=silent_since)
    rung = 0
    for pk in due.order_by("id").values_list("picture_id", flat=True)[:_AT_ONCE]:
        if not ring(pk, RECEIVE):
            break
        Picture.objects.filter(pk=pk).update(rung_at=timezone.now())
        rung += 1
    return rung


def forget_abandoned() -> int:
    """Remove announced uploads that nobody has completed in time. Their bytes, if any, have no row then."""
    until = timezone.now() - timedelta(seconds=conf().deadlines.orphan_grace_seconds)
    removed, _ = Delivery.objects.filter(picture=None, expires_at__lt=until).delete()
    return removed


def remove_incoming_orphans() -> int:
    """Delete incoming objects older than the grace period that belong to no delivery: abandoned, or sent too late.

    Raises StorageUnavailable.
    """
    before = timezone.now() - timedelta(seconds=conf().deadlines.orphan_grace_seconds)
    old = keys_older_than(before, storage.originals(), incoming.PREFIX)
    known = set(Delivery.objects.filter(key__in=old).values_list("key", flat=True))
    unknown = [key for key in old if key not in known]
    for key in unknown:
        storage.delete_original(key)
    return len(unknown)
