"""Pictures by what people paste: the address of a page, a part of it, or the bare id."""

from __future__ import annotations

import re

from dedupe.models import Picture, State

_ID = re.compile(r"[2-9a-z]{14}")


def picture_at(address: str) -> Picture | None:
    """The published picture of an address; where it leads on to another one, that one. None when there is none."""
    path = re.split(r"[?#]", address.strip(), maxsplit=1)[0]
    names = [part for part in path.split("/") if _ID.fullmatch(part)]
    found = Picture.objects.select_related("duplicate_of").filter(public_id__in=names[-1:]).first()
    if found is not None and found.state == State.WITHDRAWN:
        found = found.duplicate_of
    return found if found is not None and found.state == State.LIVE else None
