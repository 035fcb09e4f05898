"""Claims: a case is lent to one reviewer for a while, with all that hangs together with it, so that two people never
look at the same one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dedupe.conf import conf
from dedupe.errors import Conflict
from dedupe.models import Case, CaseState
from dedupe.permissions import require_review
from dedupe.workflow.clusters import cluster_of


def claim_case(actor: Any, case: Case) -> Case:
    """Lend an open case and its cluster to a reviewer for a while, or for a while longer.

    Raises Conflict when another one has any of it, NotAllowed.
    """
    require_review(actor)
    together = [case.pk, *(each.pk for each in cluster_of(case).cases)]
    with transaction.atomic():
        # Who has a case is read after its lock: a join would tell of the moment before somebody was quicker.
        rows = Case.objects.select_for_update(no_key=True).filter(pk__in=together)
        found = {each.pk: each for each in rows.order_by("pk")}
        _check_is_free(actor, found[case.pk], is_asked_for=True)
        for each in found.values():
            _check_is_free(actor, each)
        until = timezone.now() + timedelta(minutes=conf().deadlines.claim_minutes)
        Case.objects.filter(pk__in=found, state=CaseState.OPEN).update(claimed_by=actor, claimed_until=until)
    case.claimed_by, case.claimed_until = actor, until
    return case


def _check_is_free(actor: Any, case: Case, *, is_asked_for: bool = False) -> None:
    if is_asked_for and case.state != CaseState.OPEN:
        raise Conflict(_("Somebody was first: this case is {state}.").format(state=case.get_state_display()))
    if case.state != CaseState.OPEN or not case.is_claimed_by_another(actor):
        return
    if is_asked_for:
        raise Conflict(_("{name} is looking at this case.").format(name=case.claimed_by))
    raise Conflict(_("{name} is looking at one of these pictures.").format(name=case.claimed_by))


def release_case(actor: Any, case: Case) -> None:
    """Give a case and its cluster back to the queue. Somebody else's claim stays as it is. Raises NotAllowed."""
    require_review(actor)
    together = Q(pk=case.pk) if case.cluster is None else Q(pk=case.pk) | Q(cluster=case.cluster)
    Case.objects.filter(together, claimed_by=actor).update(claimed_by=None, claimed_until=None)
