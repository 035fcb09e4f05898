"""Edits: staff change what the site says of somebody else's picture. What it says is the site's to write."""

from __future__ import annotations

from typing import Any

from dedupe.models import Decision, DecisionKind, Picture, Power, Role
from dedupe.permissions import require


def decide_edit(actor: Any, picture: Picture, reason: str = "") -> Decision:
    """The decision that the site's ledger entries of an edit belong to. The picture is locked. Raises NotAllowed."""
    require(actor, Power.REMOVE)
    return Decision.objects.create(
        kind=DecisionKind.EDIT, picture=picture, actor=actor, role=Role.STAFF, reason=reason[:500]
    )
