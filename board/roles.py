"""The roles of the site: groups of people, made by a migration, that hold powers. Each contains the one before.

Everybody who is signed in uploads and answers for their own pictures; that takes no group.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from board.models import User
from dedupe.models import Power

REMOVE_COMMENTS = "board.remove_comments"
_REVIEWER = frozenset({Power.REVIEW.value})
_MODERATOR = _REVIEWER | {
    Power.REMOVE.value,
    Power.BLOCK_HUBS.value,
    Power.UNDO_OTHERS.value,
    Power.SEE_STATISTICS.value,
    REMOVE_COMMENTS,
}
_DESK = {
    "tag": "add change delete view",
    "post": "change view",
    "apitoken": "delete view",
    "user": "add change view",
}
_OPERATOR = _MODERATOR | {
    Power.OPERATE.value,
    *(f"board.{act}_{table}" for table, acts in _DESK.items() for act in acts.split()),
}


class SiteRole(StrEnum):
    """A role, by the name of its group."""

    REVIEWER = "reviewer"
    MODERATOR = "moderator"
    OPERATOR = "operator"


POWERS = {SiteRole.REVIEWER: _REVIEWER, SiteRole.MODERATOR: _MODERATOR, SiteRole.OPERATOR: _OPERATOR}


def appoint(person: User, role: SiteRole) -> User:
    """Put a person into the group of a role, with the door to the admin for an operator.

    A group that somebody has deleted is made anew; one that is there keeps the permissions that it has.
    """
    group, made = Group.objects.get_or_create(name=role.value)
    if made:
        group.permissions.set(permissions_of(POWERS[role]))
    person.groups.add(group)
    if role is SiteRole.OPERATOR and not person.is_staff:
        person.is_staff = True
        person.save(update_fields=["is_staff"])
    return person


def permissions_of(names: frozenset[str]) -> list[Permission]:
    """The rows of these permissions, each named as ``app.codename``."""
    wanted = Q(pk__in=[])
    for name in names:
        app, _, codename = name.partition(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return list(Permission.objects.filter(wanted))


def may_remove_comments(user: Any) -> bool:
    """Whether this person, or visitor, may take other people's comments off the board."""
    return bool(user.has_perm(REMOVE_COMMENTS))
