"""The upload that a person means by an address."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from dedupe.models import Picture
from dedupe.models.pictures import PictureQuerySet
from dedupe.permissions import may_look_inside


def upload_at(pictures: PictureQuerySet, public_id: str, user: Any) -> Picture | None:
    """The upload for its uploader and reviewers; None for everybody else.

    A better copy and the picture that it replaced have traded addresses: each of the two people goes on finding their
    own under the address that they know.
    """
    found = pictures.filter(public_id=public_id).first()
    if found is None or may_look_inside(user, found):
        return found
    if not user.is_authenticated:
        return None
    other_side = Q(redirects_here=found) | Q(duplicate_of=found)
    return pictures.filter(other_side, owner=user).order_by("id").first()
