"""The review queue: report, claim, and close cases. Staff uphold what a person said, or reverse it."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from dedupe.conf import conf
from dedupe.errors import Conflict
from dedupe.imaging import ALGORITHM_VERSION, Relation
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
from dedupe.search import Evidence, SearchFailed, compare_pictures
from dedupe.signals import case_closed, case_opened
from dedupe.workflow.ledger import change, lock_pictures, move
from dedupe.workflow.publication import keep_match
from dedupe.workflow.superseding import accept_better, redirect

log = logging.getLogger(__name__)


def report_picture(actor: Any, picture: Picture, reason: str, other: Picture | None = None) -> Case:
    """Let a signed-in person tell staff about a live picture, mostly that it repeats ``other``.

    Raises Conflict when the picture is not live, repeats itself, or this person has reported it already.
    """
    if picture.state != State.LIVE or (other is not None and other.state != State.LIVE):
        raise Conflict("Only published pictures can be reported.")
    if other is not None and other.pk == picture.pk:
        raise Conflict("A picture cannot be a copy of itself.")
    evidence = None if other is None else _evidence_of(picture, other)
    try:
        with transaction.atomic():
            match = None if other is None else _match_of(picture, other, evidence)
            return open_report(actor, picture, match, reason)
    except IntegrityError as error:
        raise Conflict("You have reported this already. Staff will look at it.") from error


def open_report(actor: Any, picture: Picture, match: Match | None, reason: str) -> Case:
    """Put a picture into the queue, mostly as one side of a pair. Belongs into a transaction.

    Raises IntegrityError when this person has an open report of it already.
    """
    case = Case.objects.create(
        kind=CaseKind.REPORT, picture=picture, match=match, opened_by=actor, reason=reason[:500]
    )
    case_opened.send(Case, case=case)
    return case


def _evidence_of(picture: Picture, other: Picture) -> Evidence | None:
    """The comparison of the two, or None when it cannot be had now: a report stands without it."""
    try:
        return compare_pictures(picture, other, conf().matching)
    except SearchFailed as error:
        log.warning("A report of %s is filed without a comparison: %s", picture.public_id, error)
        return None


def _match_of(picture: Picture, other: Picture, evidence: Evidence | None) -> Match:
    if evidence is not None:
        return keep_match(picture, evidence)
    known = Match.objects.of_pair(picture.pk, other.pk).first()
    return known or Match.objects.create(
        query=picture,
        candidate=other,
        relation=Relation.VARIANT,
        probability=0,
        algorithm_version=ALGORITHM_VERSION,
        settings_version=conf().matching.version,
        confident=False,
    )


def claim_case(actor: Any, case: Case) -> Case:
    """Lend an open case to a reviewer for a while. Raises Conflict when another one has it, NotAllowed."""
    require_review(actor)
    now = timezone.now()
    free = Q(claimed_by__isnull=True) | Q(claimed_by=actor) | Q(claimed_until__lt=now)
    taken = Case.objects.filter(free, pk=case.pk, state=CaseState.OPEN).update(
        claimed_by=actor, claimed_until=now + timedelta(minutes=conf().deadlines.claim_minutes)
    )
    case.refresh_from_db()
    if not taken:
        holder = case.claimed_by
        raise Conflict(
            f"{holder} is looking at this case." if case.state == CaseState.OPEN else "It is closed."
        )
    return case


def close_case(actor: Any, case: Case, *, uphold: bool, reason: str = "") -> Decision:
    """Close an open case: uphold what the person said or proposed, or reverse it.

    Raises NotAllowed, and Conflict when somebody was first or a picture is not where the case found it.
    """
    require_review(actor)
    with transaction.atomic():
        ids = [case.picture_id]
        if case.match is not None:
            ids = [case.match.query_id, case.match.candidate_id]
        locked = lock_pictures(*ids)
        case = Case.objects.select_for_update(no_key=True, of=("self",)).get(pk=case.pk)
        _check_may_close(actor, case)
        decision = Decision.objects.create(
            kind=DecisionKind.REVIEW,
            picture=case.picture,
            match=case.match,
            case=case,
            actor=actor,
            role=Role.STAFF,
            verdict=_verdict(case, uphold=uphold),
            upheld=uphold,
            reason=reason[:500],
            seconds_to_decide=(timezone.now() - case.created_at).total_seconds(),
        )
        state = CaseState.UPHELD if uphold else CaseState.REVERSED
        change(decision, case, state=state.value, closed_at=timezone.now())
        _carry_out(case, decision, locked, uphold=uphold)
        case_closed.send(Case, case=case)
    return decision


def _check_may_close(actor: Any, case: Case) -> None:
    if case.state != CaseState.OPEN:
        raise Conflict(f"Somebody was first: this case is {case.get_state_display()}.")
    if case.is_claimed_by_another(actor):
        raise Conflict(f"{case.claimed_by} is looking at this case.")


def _verdict(case: Case, *, uphold: bool) -> str:
    """What staff say of the pair by closing the case, or nothing when they say nothing of it."""
    if case.match is None:
        return ""
    if case.kind == CaseKind.REPORT:
        return Verdict.SAME if uphold else ""
    return case.match.verdict if uphold else Verdict.SAME


def _carry_out(case: Case, decision: Decision, locked: dict[int, Picture], *, uphold: bool) -> None:
    picture = locked[case.picture_id]
    other = locked[case.match.other(picture).pk] if case.match is not None else None
    if case.kind == CaseKind.REPORT:
        if uphold:
            _act_on_report(case, decision, picture, other)
    elif case.kind == CaseKind.PROPOSAL and uphold:
        assert other is not None
        accept_better(decision, picture, other)
    elif not uphold:
        assert case.match is not None
        assert other is not None
        change(decision, case.match, verdict=Verdict.SAME.value)
        redirect(picture, other, decision)


def _act_on_report(case: Case, decision: Decision, picture: Picture, other: Picture | None) -> None:
    if picture.state != State.LIVE:
        raise Conflict("The reported picture is not published any more.")
    if case.match is None or other is None:
        move(picture, State.REMOVED, decision)
    else:
        change(decision, case.match, verdict=Verdict.SAME.value)
        redirect(picture, other, decision)
