"""The form that takes a file where storage cannot: signed as a storage service signs its forms, and as strict."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _

_SALT = "board.forms_of_ours"
_FIELDS = {"key", "Content-Type", "policy"}


class Forged(Exception):
    """The form is not one that we have signed, or not for this file. ``str(error)`` is a sentence."""


def fields_for(key: str, mime: str, size_bytes: int, expires_at: datetime) -> dict[str, str]:
    """The fields of a form for exactly this name, type and number of bytes."""
    policy = signing.dumps([key, mime, size_bytes, expires_at.timestamp()], salt=_SALT)
    return {"key": key, "Content-Type": mime, "policy": policy}


def key_in(fields: Mapping[str, str], *, size_bytes: int) -> str:
    """The name that a form is for, once everything in it is as it was signed. Raises Forged."""
    try:
        key, mime, size, expires = signing.loads(fields.get("policy", ""), salt=_SALT)
    except signing.BadSignature as error:
        raise Forged(_("This form was not signed by us.")) from error
    if timezone.now().timestamp() > expires:
        raise Forged(_("This form has expired."))
    if set(fields) != _FIELDS or fields["key"] != key or fields["Content-Type"] != mime:
        raise Forged(_("This form was changed after it was signed."))
    if size_bytes != size:
        raise Forged(_("This form is for a file of {size} bytes.").format(size=size))
    return str(key)
