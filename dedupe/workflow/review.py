"""Closing cases: staff say what a pair or a picture is, and what follows is done in the same transaction."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dedupe.errors import Conflict
from dedupe.models import (
    Case,
    CaseKind,
    CaseState,
    Decision,
    DecisionKind,
    Match,
    Picture,
    Role,
    State,
    Verdict,
)
from dedupe.permissions import require_review
from dedupe.search import Comparisons
from dedupe.signals import case_closed
from dedupe.workflow.answers import close_needless_cases, has_open_proposal
from dedupe.workflow.ledger import change, lock_to_lead_on, move
from dedupe.workflow.publication import known_query_of, settle, with_comparisons
from dedupe.workflow.resolutions import (
    APART,
    KEEPS,
    Resolution,
    end_of,
    is_upheld,
    is_whole,
    legal,
    pair_by_age,
    reversing,
    upholding,
    verdict_of,
)
from dedupe.workflow.superseding import accept_better, redirect


def close_case(actor: Any, case: Case, *, uphold: bool, reason: str = "") -> Decision:
    """Close an open case by agreeing with whoever brought it, or by contradicting them. Raises as ``resolve_case``."""
    return resolve_case(actor, case, upholding(case) if uphold else reversing(case), reason)


def resolve_case(actor: Any, case: Case, resolution: Resolution, reason: str = "") -> Decision:
    """Close an open case by saying what its picture or pair is, and do what follows.

    Raises NotAllowed; Conflict when somebody was first, a picture is not where the case found it, or this cannot be
    said of such a case; and SearchFailed when the last look before a held upload is published could not be finished.
    """
    require_review(actor)
    record = partial(_record, actor, case, resolution, reason)
    upload = case.picture
    if _publishes(case, resolution) and Picture.objects.filter(pk=upload.pk, state=State.HELD).exists():
        return with_comparisons(known_query_of(upload), record)
    return record(None)


def _publishes(case: Case, resolution: Resolution) -> bool:
    return case.match_id is not None and resolution in APART and case.kind != CaseKind.SAMPLE


def _record(
    actor: Any, case: Case, resolution: Resolution, reason: str, known: Comparisons | None
) -> Decision:
    with transaction.atomic():
        pair = [case.match.query_id, case.match.candidate_id] if case.match is not None else []
        locked = lock_to_lead_on({case.picture_id, *pair}, gone=pair if resolution in KEEPS else ())
        case = _locked_case(case, locked)
        _check_may_close(actor, case, resolution)
        decision = Decision.objects.create(
            kind=DecisionKind.REVIEW,
            picture=case.picture,
            match=case.match,
            case=case,
            actor=actor,
            role=Role.STAFF,
            verdict=verdict_of(case, resolution),
            upheld=is_upheld(case, resolution),
            reason=reason[:500],
            seconds_to_decide=(timezone.now() - case.created_at).total_seconds(),
        )
        change(decision, case, state=end_of(case, resolution).value, closed_at=timezone.now())
        Case.objects.filter(pk=case.pk).update(claimed_by=None, claimed_until=None)
        _carry_out(case, resolution, decision, known)
        case_closed.send(Case, case=case)
    return decision


def _locked_case(case: Case, locked: dict[int, Picture]) -> Case:
    """The case as it is now, locked, with the pictures that were locked before it."""
    case = Case.objects.select_for_update(no_key=True, of=("self",)).get(pk=case.pk)
    case.picture = locked[case.picture_id]
    if case.match is not None:
        case.match.query = locked[case.match.query_id]
        case.match.candidate = locked[case.match.candidate_id]
    return case


def _check_may_close(actor: Any, case: Case, resolution: Resolution) -> None:
    if case.state != CaseState.OPEN:
        raise Conflict(_("Somebody was first: this case is {state}.").format(state=case.get_state_display()))
    if case.is_claimed_by_another(actor):
        raise Conflict(_("{name} is looking at this case.").format(name=case.claimed_by))
    if resolution not in legal(case):
        raise Conflict(_("This cannot be said of a case of this kind."))
    speaks_for_somebody = case.kind in {CaseKind.REPORT, CaseKind.FIND}
    if resolution is Resolution.DISMISS and not speaks_for_somebody and is_whole(case):
        raise Conflict(_("Both pictures are still here. Say what they are to each other."))
    if case.kind == CaseKind.EXPIRING and resolution is not Resolution.DISMISS:
        _check_is_unanswered(case)


def _check_is_unanswered(case: Case) -> None:
    if case.picture.state != State.HELD or (case.match is not None and case.match.verdict):
        raise Conflict(_("The question was answered meanwhile."))


def _carry_out(case: Case, resolution: Resolution, decision: Decision, known: Comparisons | None) -> None:
    if resolution is Resolution.DISMISS or case.kind == CaseKind.SAMPLE:
        return
    if case.match is None:
        _check_is_live(case.picture)
        move(case.picture, State.REMOVED, decision)
        return
    if case.match.verdict != decision.verdict:
        change(decision, case.match, verdict=decision.verdict)
    if resolution in KEEPS:
        _keep_one(case, resolution, decision)
    elif case.picture.state == State.HELD:
        _publish_held(case, decision, known)


def _keep_one(case: Case, resolution: Resolution, decision: Decision) -> None:
    older, newer = pair_by_age(case)
    if decision.verdict == Verdict.BETTER or (
        case.kind == CaseKind.PROPOSAL and resolution is Resolution.KEEP_NEWER
    ):
        accept_better(decision, newer, older)
        return
    kept, leaving = (older, newer) if resolution is Resolution.KEEP_OLDER else (newer, older)
    if leaving.state != State.HELD:
        _check_is_live(leaving)
    close_needless_cases(decision, leaving, kind__in=[CaseKind.PROPOSAL, CaseKind.EXPIRING])
    redirect(leaving, kept, decision)


def _check_is_live(picture: Picture) -> None:
    if picture.state != State.LIVE:
        raise Conflict(_("This picture is not published any more."))


def _publish_held(case: Case, decision: Decision, known: Comparisons | None) -> None:
    """Both stay: the held upload goes live, unless something else is open about it."""
    if Match.objects.open_for(case.picture).exists() or has_open_proposal(case.picture):
        return
    if known is None:
        raise Conflict(_("This upload was put back just now. Decide once more."))
    settle(case.picture, known, decision)
