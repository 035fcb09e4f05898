"""Lines of a history: a decision with what this viewer may see around it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import pgettext

from board.pages.moved import moved, pictures_in
from board.pages.undoing import may_undo, with_undo
from dedupe.models import Decision, Picture, Role
from dedupe.visibility import may_know_who


@dataclass(frozen=True)
class Line:
    """``by`` is who decided, as this viewer is told; ``is_named`` says that it is the name of an account.

    ``picture`` and ``other`` are the two sides, each None where there is none or this viewer may not see it.
    """

    decision: Decision
    by: str
    is_named: bool
    picture: Picture | None
    other: Picture | None
    changed: list[str]
    is_undoable: bool


def with_ledger(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Fetch along what ``lines_of`` reads."""
    return with_undo(decisions).prefetch_related("ledger")


def lines_of(user: Any, decisions: Iterable[Decision], about: Picture | None = None) -> list[Line]:
    """Lines of decisions fetched ``with_ledger``, from the side of a picture, else of the one each is about.

    One query of its own, however many decisions there are.
    """
    rows = list(decisions)
    mentioned = {pk for row in rows for pk in (*pictures_in(row.ledger.all()), *_sides(row))}
    visible = Picture.objects.visible_to(user).select_related("post").prefetch_related("renditions")
    seen = visible.in_bulk(mentioned) if mentioned else {}
    return [_line(user, row, about, seen) for row in rows]


def decided_by(viewer: Any, decision: Decision) -> str:
    """Who decided: a name for reviewers and for one's own decisions, else the part in which they did."""
    if decision.actor is None:
        return "Doppel"
    if may_know_who(viewer, decision):
        return decision.actor.get_username()
    staff, somebody = pgettext("who decided", "Staff"), pgettext("who decided", "Somebody")
    return staff if decision.role == Role.STAFF else somebody


def _sides(decision: Decision) -> set[int]:
    match = decision.match
    return {decision.picture_id, *(() if match is None else (match.query_id, match.candidate_id))}


def _line(user: Any, decision: Decision, about: Picture | None, seen: dict[int, Picture]) -> Line:
    here = decision.picture_id if about is None else about.pk
    others = _sides(decision) - {here}
    return Line(
        decision=decision,
        by=decided_by(user, decision),
        is_named=may_know_who(user, decision),
        picture=seen.get(here),
        other=seen.get(next(iter(others))) if others else None,
        changed=moved(decision, seen),
        is_undoable=may_undo(user, decision),
    )
