"""Rows by the names that requests give. What is not there and what is not this person's give the same 404."""

from __future__ import annotations

import re
from typing import TypeVar

from django.db.models import Model, QuerySet

from board.api.problems import not_found
from board.models import User
from board.uploads import upload_at
from dedupe.models import Delivery, Match, Picture

_PUBLIC_ID = re.compile(r"[2-9a-z]{14}")
_PAGE = 50
_Row = TypeVar("_Row", bound=Model)


def picture_named(pictures: QuerySet[Picture], public_id: str, what: str = "picture") -> Picture:
    """The one of these pictures with this public id. Raises Problem 404."""
    found = pictures.filter(public_id=public_id).first() if _PUBLIC_ID.fullmatch(public_id) else None
    if found is None:
        raise not_found(what)
    return found


def own_upload(user: User, public_id: str) -> Picture:
    """An upload of this person, or anybody's for reviewers. Raises Problem 404."""
    uploads = Picture.objects.select_related("duplicate_of", "owner")
    found = upload_at(uploads, public_id, user) if _PUBLIC_ID.fullmatch(public_id) else None
    if found is None:
        raise not_found("upload")
    return found


def own_delivery(user: User, public_id: str) -> Delivery | None:
    """The upload of this id that this person has announced, while its bytes are not ours yet."""
    own = Delivery.objects.filter(owner=user).exclude(key="").select_related("picture")
    return own.filter(public_id=public_id).first() if _PUBLIC_ID.fullmatch(public_id) else None


def match_named(matches: list[Match], name: int | str, upload: Picture) -> Match:
    """The one of an upload's matches with this number, or with the picture of this id. Raises Problem 404."""
    for match in matches:
        if str(match.pk) == str(name) or match.other(upload).public_id == name:
            return match
    raise not_found("match of this upload")


def page_of(rows: QuerySet[_Row], limit: int = _PAGE) -> tuple[list[_Row], _Row | None]:
    """The first rows, and the last of them when others follow."""
    found = list(rows[: limit + 1])
    return found[:limit], found[limit - 1] if len(found) > limit else None
