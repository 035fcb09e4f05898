"""Who may do what: the one place that says so."""

from __future__ import annotations

from typing import Any

from dedupe.errors import NotAllowed
from dedupe.models import Picture, Role


def may_review(user: Any) -> bool:
    """Whether this person works the review queue and corrects others: active staff."""
    return bool(getattr(user, "is_active", False) and getattr(user, "is_staff", False))


def role_towards(user: Any, picture: Picture) -> Role:
    """In which part this person acts on an upload: its owner as uploader, staff as staff.

    Raises NotAllowed for everybody else.
    """
    if picture.is_owned_by(user):
        return Role.UPLOADER
    if may_review(user):
        return Role.STAFF
    raise NotAllowed("Only the uploader or staff may decide about this upload.")


def require_review(user: Any) -> None:
    """Raise NotAllowed unless this person may review."""
    if not may_review(user):
        raise NotAllowed("Only staff may do this.")
