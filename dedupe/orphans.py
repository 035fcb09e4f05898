"""Objects in storage that no row knows: what a crash between storage and database leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.files.storage import Storage
from django.db.models import QuerySet

from dedupe import storage
from dedupe.listing import keys_older_than
from dedupe.models import Picture, Rendition, RenditionOrder


def find_orphans(prefix: str, before: datetime) -> Iterator[tuple[Storage, str]]:
    """The objects under a prefix, with their storage, that were written before a moment and belong to nothing.

    Raises StorageUnavailable.
    """
    for key in _unknown(
        keys_older_than(before, storage.originals(), prefix), Picture.objects.all(), "storage_key"
    ):
        yield storage.originals(), key
    # In this order: what was awaited a moment ago may have got its row since.
    keys = _not_awaited(keys_older_than(before, storage.renditions(), prefix))
    for key in _unknown(keys, Rendition.objects.all(), "key"):
        yield storage.renditions(), key


def _unknown(keys: list[str], rows: QuerySet[Any], column: str) -> list[str]:
    known = set(rows.filter(**{f"{column}__in": keys}).values_list(column, flat=True))
    return [key for key in keys if key not in known]


def _not_awaited(keys: list[str]) -> list[str]:
    """Without the renditions of pictures in analysis, and of those for which renditions are ordered.

    An attempt that failed may have left them long ago; this one finds them there, and its row comes in a moment.
    """
    owners = {key: key.rpartition("/")[2].partition("-")[0] for key in keys}
    waiting = Picture.objects.waiting().filter(public_id__in=owners.values())
    ordered = RenditionOrder.objects.filter(made_at__isnull=True, picture__public_id__in=owners.values())
    kept = {
        *waiting.values_list("public_id", flat=True),
        *ordered.values_list("picture__public_id", flat=True),
    }
    return [key for key in keys if owners[key] not in kept]
