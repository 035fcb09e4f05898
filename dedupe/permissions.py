"""Who may do what: the one place that says so.

People act on their own uploads. Beyond those it takes a ``Power``, which a site gives by groups: nothing here asks
for a group or for ``is_staff``, which is the door of Django's admin and no more.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from dedupe.errors import NotAllowed
from dedupe.models import Decision, Picture, Power, Role
from dedupe.models.powers import holds

_REFUSALS = {
    Power.REVIEW: _("Only reviewers may do this."),
    Power.REMOVE: _("Only its uploader and moderators may take a picture back."),
    Power.UNDO_OTHERS: _("Only moderators may undo what somebody else has decided."),
    Power.BLOCK_HUBS: _("Only moderators may say that a picture is not to be matched."),
    Power.SEE_STATISTICS: _("The statistics are for moderators."),
    Power.OPERATE: _("Only operators may do this."),
}


def may(user: Any, power: Power) -> bool:
    """Whether this person, or visitor, has a power."""
    return holds(user, power)


def require(user: Any, power: Power) -> None:
    """Raise NotAllowed, in words, unless this person has a power."""
    if not holds(user, power):
        raise NotAllowed(str(_REFUSALS[power]))


def may_review(user: Any) -> bool:
    """Whether this person works the review queue, and so sees every picture and every decision."""
    return holds(user, Power.REVIEW)


def require_review(user: Any) -> None:
    """Raise NotAllowed unless this person may review."""
    require(user, Power.REVIEW)


def may_look_inside(user: Any, picture: Picture) -> bool:
    """Whether this person sees what is not public of a picture: its uploader, and reviewers."""
    return picture.is_owned_by(user) or may_review(user)


def may_take_back(user: Any, picture: Picture) -> bool:
    """Whether this person may take a picture off the board: its uploader, and moderators."""
    return picture.is_owned_by(user) or holds(user, Power.REMOVE)


def role_towards(user: Any, picture: Picture, power: Power = Power.REVIEW) -> Role:
    """In which part this person acts on an upload: its owner as uploader, whoever has the power as staff.

    Raises NotAllowed for everybody else.
    """
    if picture.is_owned_by(user):
        return Role.UPLOADER
    require(user, power)
    return Role.STAFF


def role_in_undoing(user: Any, decision: Decision) -> Role:
    """In which part this person may undo a decision. Raises NotAllowed.

    Moderators undo everything; reviewers what they have decided themselves; uploaders their own answers, and what the
    machine decided about their uploads.
    """
    if holds(user, Power.UNDO_OTHERS):
        return Role.STAFF
    is_own = decision.actor_id is not None and decision.actor_id == user.pk
    if is_own and decision.role == Role.STAFF and may_review(user):
        return Role.STAFF
    if is_own and decision.role == Role.UPLOADER:
        return Role.UPLOADER
    if decision.role == Role.MACHINE and decision.picture.is_owned_by(user):
        return Role.UPLOADER
    raise NotAllowed(str(_REFUSALS[Power.UNDO_OTHERS]))
