"""Deciding a cluster: one picture is kept, and each other one is merged into it, linked to it or set apart.

One transaction, with one decision for each pair; they are marked as one act, so that they can be undone together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
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
from dedupe.workflow.clusters import reach
from dedupe.workflow.filing import file_case
from dedupe.workflow.ledger import change, lock_to_lead_on
from dedupe.workflow.publication import known_query_of, settle, with_all_comparisons
from dedupe.workflow.reports import pair_pointed_at
from dedupe.workflow.resolutions import judged
from dedupe.workflow.ruling import SAYABLE, Ruling, in_order, replaced_by, upheld_by
from dedupe.workflow.superseding import accept_better, redirect

_ABOUT_HELD = (CaseKind.PROPOSAL, CaseKind.EXPIRING)


def decide_cluster(actor: Any, case: Case, ruling: Ruling, reason: str = "") -> list[Decision]:
    """Close the cases of a cluster by saying what its pictures are to the one that is kept, and do what follows.

    Cases about a picture without a verdict stay open; where the other side is merged, the pair is asked about with
    the keeper in its place. Returns the decisions, of which the first stands for the act. Raises NotAllowed; Conflict
    when somebody was first, somebody else is looking at one of the pictures, or they do not hang together any more;
    and SearchFailed when the last look before a held upload is published could not be finished.
    """
    require_review(actor)
    assert ruling.verdicts
    assert set(ruling.verdicts.values()) <= set(SAYABLE)
    assert ruling.keeper not in ruling.verdicts
    held = list(Picture.objects.filter(pk__in=ruling.pictures, state=State.HELD).order_by("pk"))
    to_publish = [each for each in held if not ruling.is_merged(each.pk)]
    record = partial(_record, actor, case, ruling, reason, [each.pk for each in to_publish])
    if not to_publish:
        return record([])
    queries = [known_query_of(each) for each in to_publish]
    return with_all_comparisons(queries, record, beside=[each.pk for each in to_publish])


@dataclass
class _Act:
    """A cluster under the locks of its transaction, and what was decided about it so far."""

    actor: Any
    ruling: Ruling
    reason: str
    pictures: dict[int, Picture]
    cases: list[Case]
    decisions: list[Decision] = field(default_factory=list)
    by_picture: dict[int, Decision] = field(default_factory=dict)

    @property
    def keeper(self) -> Picture:
        return self.pictures[self.ruling.keeper]


def _record(
    actor: Any,
    case: Case,
    ruling: Ruling,
    reason: str,
    to_publish: Sequence[int],
    known: Sequence[Comparisons],
) -> list[Decision]:
    with transaction.atomic():
        pictures = lock_to_lead_on(ruling.pictures, gone=[*filter(ruling.is_merged, ruling.pictures)])
        act = _Act(actor, ruling, reason, pictures, _locked_cases(actor, case, pictures))
        _check_hang_together(act, case)
        replaced = replaced_by(ruling, pictures)
        for pk in in_order(ruling, pictures):
            is_replaced = pk == replaced
            _decide_pair(act, pictures[pk], Verdict.BETTER if is_replaced else ruling.verdicts[pk])
        _decide_implied(act)
        _carry_out(act, replaced, dict(zip(to_publish, known, strict=True)))
        _ask_on(act)
        for closed in act.cases:
            if closed.state != CaseState.OPEN:
                case_closed.send(Case, case=closed)
    return act.decisions


def _locked_cases(actor: Any, case: Case, pictures: dict[int, Picture]) -> list[Case]:
    """All waiting cases that touch one of the pictures, locked by their numbers; nobody else may look at any."""
    touching = Case.objects.clustering().filter(
        Q(match__query__in=pictures) | Q(match__candidate__in=pictures)
    )
    rows = Case.objects.select_for_update(no_key=True, of=("self",)).filter(
        pk__in=[case.pk, *touching.values_list("pk", flat=True)]
    )
    found = list(rows.select_related("match__query", "match__candidate").order_by("pk"))
    here = next(each for each in found if each.pk == case.pk)
    if here.state != CaseState.OPEN:
        raise Conflict(_("Somebody was first: this case is {state}.").format(state=here.get_state_display()))
    for each in found:
        if each.is_claimed_by_another(actor):
            raise Conflict(_("{name} is looking at one of these pictures.").format(name=each.claimed_by))
    matches = {each.match_id: each.match for each in found}
    for each in found:
        each.match = matches[each.match_id]  # one object for one row: what is written to it is seen by all
    return [each for each in found if each.state == CaseState.OPEN and each.match is not None]


def _check_hang_together(act: _Act, case: Case) -> None:
    """What was shown as one cluster must still be one, of pictures that are still there."""
    if any(each.state not in {State.LIVE, State.HELD} for each in act.pictures.values()):
        raise Conflict(_("Somebody was first: one of these pictures is not here any more."))
    reached = reach([act.ruling.keeper], [_sides(each) for each in act.cases])
    if not act.ruling.pictures <= set(reached) & set(act.pictures):
        raise Conflict(_("Somebody was first: these pictures do not hang together any more. Look once more."))
    if not any(each.pk == case.pk for each in act.cases):
        raise Conflict(_("Somebody was first: this case is not about these pictures any more."))


def _sides(case: Case) -> tuple[int, int]:
    assert case.match is not None
    return case.match.query_id, case.match.candidate_id


def _decide_pair(act: _Act, other: Picture, verdict: Verdict) -> None:
    """One decision about the keeper and another picture; a further one where a further case was about the two."""
    pair = {act.keeper.pk, other.pk}
    cases = [each for each in act.cases if set(_sides(each)) == pair]
    if not cases:
        match = pair_pointed_at(other, act.keeper)
        act.by_picture[other.pk] = _decide(act, other, match, verdict, None)
    for case in cases:
        assert case.match is not None
        decision = _decide(act, case.picture, case.match, verdict, case)
        act.by_picture.setdefault(other.pk, decision)


def _decide_implied(act: _Act) -> None:
    """Close what is settled by what was said: cases between two pictures of which one is the same as the keeper."""
    for case in act.cases:
        one, other = _sides(case)
        verdict = act.ruling.of_pair(one, other)
        if case.state == CaseState.OPEN and verdict is not None:
            assert case.match is not None
            _decide(act, case.picture, case.match, verdict, case)


def _decide(act: _Act, picture: Picture, match: Match, verdict: Verdict, case: Case | None) -> Decision:
    said = Verdict.SAME if verdict is Verdict.BETTER else verdict
    upheld = None if case is None else upheld_by(case, act.ruling, said)
    now = timezone.now()
    decision = Decision.objects.create(
        kind=DecisionKind.REVIEW,
        picture=picture,
        match=match,
        case=case,
        actor=act.actor,
        role=Role.STAFF,
        verdict=verdict,
        upheld=upheld,
        reason=act.reason[:500],
        seconds_to_decide=None if case is None else (now - case.created_at).total_seconds(),
        part_of=act.decisions[0] if act.decisions else None,
    )
    act.decisions.append(decision)
    if case is not None:
        change(decision, case, state=judged(upheld).value, closed_at=now)
        Case.objects.filter(pk=case.pk).update(claimed_by=None, claimed_until=None)
    if match.verdict != verdict or case is None:
        change(decision, match, verdict=verdict.value)
    return decision


def _carry_out(act: _Act, replaced: int | None, known: dict[int, Comparisons]) -> None:
    """Publish the keeper where it is held, let the merged ones lead to it, publish what stays apart."""
    order = in_order(act.ruling, act.pictures)
    if replaced is not None:
        accept_better(act.by_picture[replaced], act.keeper, act.pictures[replaced])
    elif act.keeper.state == State.HELD:
        _publish(act.decisions[0], act.keeper, known)
        if act.keeper.state != State.LIVE:
            raise Conflict(
                _("The picture to keep looks like further ones. It can only be kept when these are decided.")
            )
    for pk in order:
        picture, decision = act.pictures[pk], act.by_picture[pk]
        if pk != replaced and act.ruling.is_merged(pk):
            close_needless_cases(decision, picture, kind__in=_ABOUT_HELD)
            redirect(picture, act.keeper, decision)
        elif not act.ruling.is_merged(pk) and picture.state == State.HELD:
            _publish(decision, picture, known)


def _publish(decision: Decision, upload: Picture, known: dict[int, Comparisons]) -> None:
    """A held upload goes live, unless something else is open about it."""
    if Match.objects.open_for(upload).exists() or has_open_proposal(upload):
        return
    if upload.pk not in known:
        raise Conflict(_("One of these pictures was put back just now. Decide once more."))
    settle(upload, known[upload.pk], decision)


def _ask_on(act: _Act) -> None:
    """Where a merged picture looked like one that was left for later or cut off, ask about that one and the keeper.

    A better copy and a question keep their cases: these are about an upload that waits, wherever its look-alike went.
    """
    for case in act.cases:
        merged = [pk for pk in _sides(case) if act.ruling.is_merged(pk)]
        if case.state != CaseState.OPEN or case.kind in _ABOUT_HELD or len(merged) != 1:
            continue
        decision = act.by_picture[merged[0]]
        change(decision, case, state=CaseState.OBSOLETE.value, closed_at=timezone.now())
        assert case.match is not None
        other = case.match.other(act.pictures[merged[0]])
        if other.state == State.LIVE and act.keeper.state == State.LIVE:
            match = pair_pointed_at(other, act.keeper)
            if not match.verdict:
                file_case(CaseKind.FIND, other, match, cause=decision)
