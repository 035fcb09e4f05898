"""Whether to offer an undo. The workflow decides again when it is asked."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from dedupe.conf import conf
from dedupe.errors import NotAllowed
from dedupe.models import Case, CaseState, Decision, DecisionKind, Picture, Role
from dedupe.permissions import role_in_undoing

_JUDGED = {CaseState.UPHELD, CaseState.REVERSED}


def with_undo(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """Fetch along what the offer of an undo looks at, and the words about a decision."""
    cases = Prefetch("opened_cases", queryset=Case.objects.only("id", "state", "cause"))
    related = decisions.select_related("actor", "picture", "match", "undone_by", "undoes", "case")
    return related.prefetch_related(cases)


def may_undo(user: Any, decision: Decision) -> bool:
    """Whether an undo by this person has a chance: theirs to undo, in time, and not undone or judged yet."""
    if decision.is_undone or not decision.picture.storage_key:
        return False
    if decision.created_at + conf().deadlines.retention < timezone.now():
        return False
    try:
        role = role_in_undoing(user, decision)
    except NotAllowed:
        return False
    return role == Role.STAFF or not any(case.state in _JUDGED for case in decision.opened_cases.all())


def newest_undoable(user: Any, picture: Picture) -> Decision | None:
    """The last decision about this picture, if this person may take it back and nothing came after it.

    An edit of what is said of it changes nothing about where it stands.
    """
    about_it = Decision.objects.filter(picture=picture).exclude(kind=DecisionKind.EDIT)
    newest = with_undo(about_it).order_by("-id").first()
    return newest if newest is not None and may_undo(user, newest) else None
