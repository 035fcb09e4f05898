"""Hubs: pictures that many different ones look like, such as a template. A moderator takes them out of matching."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dedupe.errors import Conflict
from dedupe.models import Decision, DecisionKind, Picture, Power, Role, State
from dedupe.permissions import require
from dedupe.workflow.ledger import change, lock_pictures


def block_from_matching(actor: Any, picture: Picture, reason: str) -> Decision:
    """Let nobody be asked about a live picture any more; only identical bytes still lead to it.

    Questions that were open because of it close with the next sweep. Raises NotAllowed and Conflict.
    """
    return _set(actor, picture, DecisionKind.BLOCK, reason)


def let_match_again(actor: Any, picture: Picture, reason: str) -> Decision:
    """Take that back, also when it is too late for an undo. Raises NotAllowed and Conflict."""
    return _set(actor, picture, DecisionKind.UNBLOCK, reason)


def _set(actor: Any, picture: Picture, kind: DecisionKind, reason: str) -> Decision:
    require(actor, Power.BLOCK_HUBS)
    blocked = kind is DecisionKind.BLOCK
    with transaction.atomic():
        locked = lock_pictures(picture.pk)[picture.pk]
        if locked.state != State.LIVE:
            raise Conflict(_("Only published pictures are matched."))
        if locked.matching_blocked == blocked:
            out = _("Somebody was first: it is out of matching.")
            raise Conflict(out if blocked else _("Somebody was first: it is matched again."))
        decision = Decision.objects.create(
            kind=kind, picture=locked, actor=actor, role=Role.STAFF, reason=reason[:500]
        )
        change(decision, locked, matching_blocked=blocked)
    return decision
