"""Renditions that are made after the analysis, in the workers' spare time: ordered, made, and taken away again.

An order is a row, so nothing is lost with the broker or with a worker; making is harmless twice, as the same picture
gives the same bytes under the same name, and rows are written once for each kind.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from enum import Enum, auto

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from dedupe import storage
from dedupe.conf import conf
from dedupe.imaging import Refusal, Refused
from dedupe.imaging import Rendition as RenderedImage
from dedupe.imaging.finer import Finer
from dedupe.jail.client import ChildKilled, JailUnavailable, render_file
from dedupe.jail.protocol import Job
from dedupe.models import Picture, Rendition, RenditionOrder, State
from dedupe.storage import StorageUnavailable
from dedupe.workflow.ledger import lock_pictures

log = logging.getLogger(__name__)

_What = RenditionOrder.What
_JOBS = {_What.AVIF.value: Job.AVIF, _What.FULL.value: Job.FULL}
_MOST_FULL_WAITING = 100
_PATIENCE = timedelta(minutes=5)
"""So long uploads go before the AVIF of older ones."""
_PAUSE = timedelta(seconds=30)
_AT_ONCE = 500


class FullSize(Enum):
    """What somebody who asks for a full-size copy is told, if there is none yet."""

    ORDERED = auto()
    BUSY = auto()
    """Too many wait already: ask again later."""
    NOT_POSSIBLE = auto()


def order_avif(picture: Picture) -> None:
    """Put down that a picture lacks its AVIF, if it does."""
    if picture.renditions.filter(kind__in=Rendition.AVIF).count() < len(Rendition.AVIF):
        RenditionOrder.objects.bulk_create(
            [RenditionOrder(picture=picture, what=_What.AVIF)], ignore_conflicts=True
        )


def order_full(picture: Picture) -> FullSize:
    """Put down that somebody wants to look closely at a picture that has no full-size copy."""
    now = timezone.now()
    known = RenditionOrder.objects.filter(picture=picture, what=_What.FULL)
    # It was made, and its row is gone since: an older release has analysed the picture anew.
    known.filter(made_at__isnull=False).update(made_at=None, attempts=0, since=now, due_at=now)
    order = known.first()
    if order is None:
        if _to_do().filter(what=_What.FULL).count() >= _MOST_FULL_WAITING:
            return FullSize.BUSY
        order, _ = RenditionOrder.objects.get_or_create(picture=picture, what=_What.FULL)
    given_up = order.attempts >= conf().deadlines.max_attempts and order.due_at <= now
    return FullSize.NOT_POSSIBLE if given_up or not picture.storage_key else FullSize.ORDERED


def make_next() -> bool:
    """Make what is wanted most; False when nothing is due, or uploads go first."""
    order = _claim()
    if order is None:
        return False
    try:
        _make(order)
    except (StorageUnavailable, JailUnavailable) as error:
        log.warning("The %s has to wait: %s", order, error)
        _put_back(order)
    except ChildKilled as error:
        log.warning("The %s lost an attempt: %s", order, error)
    except Refused as refused:
        log.warning("The %s cannot be made: %s", order, refused)
        _of(order).update(attempts=conf().deadlines.max_attempts, due_at=timezone.now())
    return True


def is_work_to_do() -> bool:
    """Whether an order is due that a worker may take now."""
    return _free().exists()


def _to_do() -> QuerySet[RenditionOrder]:
    return RenditionOrder.objects.filter(made_at__isnull=True, attempts__lt=conf().deadlines.max_attempts)


def _free() -> QuerySet[RenditionOrder]:
    now = timezone.now()
    due = _to_do().filter(due_at__lte=now)
    if Picture.objects.filter(state=State.STAGED, next_attempt_at__lte=now).exists():
        # Somebody waits at an upload. Those who look closely wait as well; nobody waits for AVIF.
        return due.filter(Q(what=_What.FULL) | Q(since__lt=now - _PATIENCE))
    return due


def _claim() -> RenditionOrder | None:
    """Lease the most urgent order to this worker: a full-size copy, which somebody waits for, before AVIF."""
    with transaction.atomic():
        free = _free().select_for_update(skip_locked=True, of=("self",)).select_related("picture")
        order = free.order_by("-what", "due_at").first()  # "full" before "avif"
        if order is not None:
            order.attempts += 1
            order.due_at = timezone.now() + timedelta(seconds=conf().deadlines.lease_seconds)
            order.save(update_fields=["attempts", "due_at"])
        return order


def _of(order: RenditionOrder) -> QuerySet[RenditionOrder]:
    """The order, as long as nobody else has taken it since this worker did."""
    return RenditionOrder.objects.filter(pk=order.pk, due_at=order.due_at, made_at__isnull=True)


def _put_back(order: RenditionOrder) -> None:
    """After an outage, which is not the picture's fault, the attempt does not count."""
    _of(order).update(attempts=F("attempts") - 1, due_at=timezone.now() + _PAUSE)


def _make(order: RenditionOrder) -> None:
    """Raises Refused, StorageUnavailable, JailUnavailable, ChildKilled."""
    picture = order.picture
    if not picture.storage_key:
        order.delete()
        return
    finer = _rendered(picture, _JOBS[order.what])
    stored = [(each, storage.store_rendition(picture.public_id, each)) for each in finer.renditions]
    with transaction.atomic():
        locked = lock_pictures(picture.pk)[picture.pk]
        if locked.storage_key != picture.storage_key:
            order.delete()  # its bytes were let go meanwhile; the files that have no row are swept up
            return
        write_renditions(locked, stored)
        if locked.colour_profile is None:
            locked.colour_profile = finer.profile
            locked.save(update_fields=["colour_profile"])
        _fulfil(order)


def _rendered(picture: Picture, job: Job) -> Finer:
    try:
        with storage.local_copy(picture.storage_key) as (path, checksum):
            if checksum != picture.checksum:
                raise Refused(Refusal.BROKEN, "the stored bytes are not those that arrived")
            return render_file(path, job)
    except FileNotFoundError as error:
        raise Refused(Refusal.BROKEN, "the stored file is gone") from error


def _fulfil(order: RenditionOrder) -> None:
    rows = RenditionOrder.objects.filter(pk=order.pk)
    if order.what == _What.AVIF:
        rows.delete()
    else:
        rows.update(made_at=timezone.now(), since=timezone.now())


def write_renditions(picture: Picture, stored: Sequence[tuple[RenderedImage, str]]) -> None:
    """Write one row for each kind of a locked picture, in place of the one that it has."""
    Rendition.objects.bulk_create(
        [
            Rendition(
                picture=picture,
                kind=image.kind,
                key=key,
                width=image.width,
                height=image.height,
                mime=image.mime,
                size_bytes=len(image.data),
            )
            for image, key in stored
        ],
        update_conflicts=True,
        unique_fields=["picture", "kind"],
        update_fields=["key", "width", "height", "mime", "size_bytes"],
    )


def forget_full_sizes() -> int:
    """Take away full-size copies that were made long ago; who looks closely again has them made again.

    Orders that nobody could fulfil go too, and with them the memory that they failed. Raises StorageUnavailable.
    """
    before = timezone.now() - timedelta(days=conf().deadlines.full_size_days)
    old = RenditionOrder.objects.filter(what=_What.FULL, since__lt=before).order_by("since")
    return sum(_forget(order) for order in old[:_AT_ONCE])


def _forget(order: RenditionOrder) -> int:
    """The file goes before its row: as long as there is a row nobody makes the file anew under the same name."""
    rows = Rendition.objects.filter(picture=order.picture_id, kind=Rendition.Kind.FULL)
    keys = list(rows.values_list("key", flat=True))
    for key in keys:
        storage.delete_rendition(key)
    with transaction.atomic():
        rows.filter(key__in=keys).delete()
        RenditionOrder.objects.filter(pk=order.pk, since=order.since).delete()
    return len(keys)


def order_for_older(page: int = 1000) -> Iterator[int]:
    """Order AVIF for all pictures that were analysed without, page by page; how many were new in each page."""
    has_avif = Exists(Rendition.objects.filter(picture=OuterRef("pk"), kind=Rendition.Kind.LARGE_AVIF))
    has_order = Exists(RenditionOrder.objects.filter(picture=OuterRef("pk"), what=_What.AVIF))
    lacking = Picture.objects.filter(~has_avif, ~has_order, analysed_at__isnull=False).exclude(storage_key="")
    last = 0
    while ids := list(lacking.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:page]):
        orders = [RenditionOrder(picture_id=pk, what=_What.AVIF) for pk in ids]
        RenditionOrder.objects.bulk_create(orders, ignore_conflicts=True)
        last = ids[-1]
        yield len(ids)
