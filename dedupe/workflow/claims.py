"""Claims: a case is lent to one reviewer for a while, so that two people never look at the same one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dedupe.conf import conf
from dedupe.errors import Conflict
from dedupe.models import Case, CaseState
from dedupe.permissions import require_review


def claim_case(actor: Any, case: Case) -> Case:
    """Lend an open case to a reviewer for a while, or for a while longer.

    Raises Conflict when another one has it, NotAllowed.
    """
    require_review(actor)
    now = timezone.now()
    free = Q(claimed_by__isnull=True) | Q(claimed_by=actor) | Q(claimed_until__lt=now)
    taken = Case.objects.filter(free, pk=case.pk, state=CaseState.OPEN).update(
        claimed_by=actor, claimed_until=now + timedelta(minutes=conf().deadlines.claim_minutes)
    )
    case.refresh_from_db()
    if not taken:
        raise Conflict(_why_not(case))
    return case


def _why_not(case: Case) -> str:
    if case.state != CaseState.OPEN:
        return _("Somebody was first: this case is {state}.").format(state=case.get_state_display())
    return _("{name} is looking at this case.").format(name=case.claimed_by)


def release_case(actor: Any, case: Case) -> None:
    """Give a case back to the queue. Somebody else's claim stays as it is. Raises NotAllowed."""
    require_review(actor)
    Case.objects.filter(pk=case.pk, claimed_by=actor).update(claimed_by=None, claimed_until=None)
