"""Bytes that people put into storage themselves: under a name of their own, for a while, and never served.

Storage takes them by a form that we have signed (a POST policy), where ``settings.STORAGES`` has ``direct``: the
storage of originals as browsers reach it. Otherwise the site takes them itself and puts them at the same place.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages

from dedupe.storage import originals, storage_errors

PREFIX = "incoming"
"""Beside the prefixes of what is kept, so that no name in it can be one of theirs."""
DIRECT = "direct"


@dataclass(frozen=True)
class SignedForm:
    """A form that puts one file at one place: its address, and its fields, to be sent before the file."""

    url: str
    fields: Mapping[str, str]


def new_key() -> str:
    """A random name, 128 bits."""
    return f"{PREFIX}/{secrets.token_hex(16)}"


def goes_to_storage() -> bool:
    """Whether the bytes go straight to storage, and not through the site."""
    return DIRECT in settings.STORAGES


def sign_form(key: str, *, mime: str, size_bytes: int, seconds: int) -> SignedForm:
    """A form for exactly this name, type and number of bytes, for so long. Asks nobody.

    Only where ``goes_to_storage``. Its last field is the file.
    """
    storage: Any = storages[DIRECT]
    signed = storage.bucket.meta.client.generate_presigned_post(
        storage.bucket_name,
        f"{storage.location}/{key}" if storage.location else key,
        Fields={"Content-Type": mime},
        Conditions=[
            ["eq", "$Content-Type", mime],
            ["content-length-range", size_bytes, size_bytes],
        ],
        ExpiresIn=seconds,
    )
    return SignedForm(signed["url"], signed["fields"])


def keep(key: str, stream: IO[bytes]) -> bool:
    """Put bytes there that came through the site. Returns False, and changes nothing, when some are there already.

    Raises StorageUnavailable.
    """
    with storage_errors():
        if originals().exists(key):
            return False
        taken = originals().save(key, File(stream))
        if taken != key:  # somebody was first, a moment ago
            originals().delete(taken)
        return taken == key


def has_arrived(key: str) -> bool:
    """Whether there are bytes. Raises StorageUnavailable."""
    with storage_errors():
        return originals().exists(key)
