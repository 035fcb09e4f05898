"""The uploader's answer to the question, and taking an upload back."""

from __future__ import annotations

from collections.abc import Sequence
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
    Power,
    Role,
    State,
    Verdict,
)
from dedupe.permissions import role_towards
from dedupe.search import Comparisons
from dedupe.signals import case_opened
from dedupe.workflow.clusters import join_cluster
from dedupe.workflow.ledger import change, lock_pictures, move
from dedupe.workflow.publication import STANDING_APART, known_query_of, settle, with_comparisons
from dedupe.workflow.superseding import check_is_live, redirect


def answer(actor: Any, upload: Picture, match: Match, verdict: Verdict, reason: str = "") -> Decision:
    """Record what ``actor`` says of a held upload and one of its look-alikes, and do what follows.

    SAME withdraws the upload and lets its address lead to the other; BETTER files a proposal for staff; VARIANT and
    DIFFERENT publish it once nothing else is open. Raises NotAllowed, Conflict when somebody was first or the other
    picture has gone, and SearchFailed when the last look before publishing could not be finished.
    """
    record = partial(_record, actor, upload, match, verdict, reason)
    if verdict in STANDING_APART and Picture.objects.filter(pk=upload.pk, state=State.HELD).exists():
        role_towards(actor, upload)
        return with_comparisons(known_query_of(upload), record)
    return record(None)


def answer_all(
    actor: Any, upload: Picture, matches: Sequence[Match], verdict: Verdict, reason: str = ""
) -> list[Decision]:
    """Say the same of several look-alikes of one held upload: all of it or, when one cannot be answered, nothing.

    Only VARIANT and DIFFERENT can be said of several. Raises what ``answer`` raises.
    """
    assert verdict in STANDING_APART

    def record(known: Comparisons | None) -> list[Decision]:
        with transaction.atomic():
            locked = lock_pictures(*{pk for match in matches for pk in (match.query_id, match.candidate_id)})
            rows = Match.objects.select_for_update(no_key=True).filter(pk__in=[match.pk for match in matches])
            for match in rows.order_by("pk"):
                _check_is_open(locked[upload.pk], match)
            return [_record(actor, upload, match, verdict, reason, known) for match in matches]

    role_towards(actor, upload)
    if not Picture.objects.filter(pk=upload.pk, state=State.HELD).exists():
        return record(None)
    return with_comparisons(known_query_of(upload), record)


def _record(
    actor: Any, upload: Picture, match: Match, verdict: Verdict, reason: str, known: Comparisons | None
) -> Decision:
    with transaction.atomic():
        locked = lock_pictures(match.query_id, match.candidate_id)
        upload, other = locked[upload.pk], locked[match.other(upload).pk]
        match = Match.objects.select_for_update(no_key=True).get(pk=match.pk)
        role = role_towards(actor, upload)
        _check_is_open(upload, match)
        decision = _decision(actor, role, upload, match, verdict, reason)
        change(decision, match, verdict=verdict.value)
        if verdict is Verdict.SAME:
            redirect(upload, other, decision)
        elif verdict is Verdict.BETTER:
            check_is_live(other)
            _open_case(CaseKind.PROPOSAL, decision)
        else:
            _stand_aside(upload, match, decision, known)
    return decision


def _check_is_open(upload: Picture, match: Match) -> None:
    if upload.state != State.HELD:
        raise Conflict(
            _("This upload is not waiting for an answer any more: it is {state}.").format(
                state=upload.get_state_display()
            )
        )
    if match.verdict:
        raise Conflict(
            _("Somebody has answered already: {verdict}.").format(verdict=match.get_verdict_display())
        )
    if has_open_proposal(upload):
        raise Conflict(_("Staff are looking at this upload as a better copy. Their answer comes first."))


def has_open_proposal(upload: Picture) -> bool:
    return Case.objects.open_proposals().filter(picture=upload).exists()


def _decision(
    actor: Any, role: Role, upload: Picture, match: Match, verdict: Verdict, reason: str
) -> Decision:
    return Decision.objects.create(
        kind=DecisionKind.ANSWER,
        picture=upload,
        match=match,
        actor=actor,
        role=role,
        verdict=verdict,
        reason=reason[:500],
        seconds_to_decide=(timezone.now() - upload.state_since).total_seconds(),
    )


def _stand_aside(upload: Picture, match: Match, decision: Decision, known: Comparisons | None) -> None:
    """VARIANT or DIFFERENT: publish when no question is left, and let staff see the override of a sure match."""
    if not Match.objects.open_for(upload).exists():
        if known is None:
            raise Conflict(_("This upload was put back just now. Answer once more."))
        settle(upload, known, decision)
    if match.confident and decision.role == Role.UPLOADER:
        _open_case(CaseKind.OVERRIDE, decision)


def _open_case(kind: CaseKind, decision: Decision) -> None:
    assert decision.actor is not None
    case = Case.objects.create(
        kind=kind,
        picture=decision.picture,
        match=decision.match,
        cause=decision,
        opened_by=decision.actor,
        reason=decision.reason,
    )
    join_cluster(case)
    case_opened.send(Case, case=case)


def withdraw(actor: Any, upload: Picture, reason: str = "") -> Decision:
    """Take a picture back: its uploader withdraws it, moderators remove it. Raises NotAllowed and Conflict."""
    with transaction.atomic():
        upload = lock_pictures(upload.pk)[upload.pk]
        role = role_towards(actor, upload, Power.REMOVE)
        if upload.state not in {State.HELD, State.LIVE}:
            raise Conflict(
                _("This picture cannot be taken back: it is {state}.").format(
                    state=upload.get_state_display()
                )
            )
        decision = Decision.objects.create(
            kind=DecisionKind.WITHDRAWAL, picture=upload, actor=actor, role=role, reason=reason[:500]
        )
        close_needless_cases(decision, upload)
        move(upload, State.WITHDRAWN if role is Role.UPLOADER else State.REMOVED, decision)
    return decision


def close_needless_cases(decision: Decision, upload: Picture, **only: Any) -> None:
    """Close the open cases of a picture that a decision makes pointless."""
    for case in Case.objects.select_for_update().filter(picture=upload, state=CaseState.OPEN, **only):
        change(decision, case, state=CaseState.OBSOLETE.value, closed_at=timezone.now())
