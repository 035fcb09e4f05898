"""What lies in storage, under which prefixes, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from django.core.files.storage import Storage
from storages.backends.s3 import S3Storage

from dedupe.storage import originals, renditions, storage_errors

PREFIXES = tuple(f"{number:02x}" for number in range(256))
"""How the names of originals and renditions begin."""


class StoredObject(NamedTuple):
    """One object found in storage."""

    key: str
    modified_at: datetime


def prefixes_in_use() -> list[str]:
    """Those of PREFIXES under which there may be objects. Raises StorageUnavailable."""
    found: set[str] = set()
    for place in (originals(), renditions()):
        with storage_errors(), suppress(FileNotFoundError):
            found.update(place.listdir("")[0])
    return sorted(found & set(PREFIXES))


def keys_older_than(before: datetime, storage: Storage, prefix: str) -> list[str]:
    """The names of the objects under a prefix that were written before a moment. Raises StorageUnavailable."""
    return [found.key for found in objects_under(storage, prefix) if found.modified_at < before]


def objects_under(storage: Storage, prefix: str) -> list[StoredObject]:
    """The objects whose name begins with this and a slash. Raises StorageUnavailable."""
    found = _in_bucket if isinstance(storage, S3Storage) else _in_folder
    with storage_errors():
        return list(found(storage, prefix))


def _in_bucket(storage: Any, prefix: str) -> Iterator[StoredObject]:
    """A list of a bucket tells the times too, a thousand at once; to ask for each would be as many requests."""
    place = f"{storage.location}/" if storage.location else ""
    for found in storage.bucket.objects.filter(Prefix=f"{place}{prefix}/"):
        yield StoredObject(found.key.removeprefix(place), found.last_modified)


def _in_folder(storage: Storage, prefix: str) -> Iterator[StoredObject]:
    with suppress(FileNotFoundError):
        for name in storage.listdir(prefix)[1]:
            with suppress(FileNotFoundError):  # removed meanwhile
                key = f"{prefix}/{name}"
                yield StoredObject(key, storage.get_modified_time(key))
