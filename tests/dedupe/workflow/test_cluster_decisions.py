"""One picture of a cluster is kept: what becomes of the others, of their cases, and of it all when it is undone."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.utils import timezone

from board.models import User
from dedupe import workflow
from dedupe.invariants import find_violations
from dedupe.models import Case, CaseKind, CaseState, Decision, Match, Picture, State, Verdict
from dedupe.workflow import Ruling, decide_cluster, undo_act, undo_decision
from dedupe.workflow.filing import file_case, file_expiring
from dedupe.workflow.reports import open_report
from tests.cases import published
from tests.dedupe.conftest import Upload, jpeg, scene, state_of
from tests.dedupe.workflow.test_clusters import filed
from tests.people import person

pytestmark = pytest.mark.django_db
SAME, VARIANT, DIFFERENT = Verdict.SAME, Verdict.VARIANT, Verdict.DIFFERENT


@pytest.fixture
def chain(alice: User, bob: User) -> list[Picture]:
    """A≈B≈C≈D, the oldest first, each pair of neighbours found in the library."""
    pictures = [published(alice if number % 2 else bob, 9 - number) for number in range(4)]
    for older, newer in pairwise(pictures):
        filed(newer, older)
    return pictures


def first_case() -> Case:
    return Case.objects.select_related("match").order_by("pk")[0]


def verdicts() -> dict[tuple[int, int], str]:
    rows = Match.objects.values_list("query", "candidate", "verdict")
    return {(min(a, b), max(a, b)): verdict for a, b, verdict in rows}


def snapshot() -> Any:
    return (
        list(
            Picture.objects.order_by("pk").values_list(
                "pk", "state", "duplicate_of", "public_id", "published_at"
            )
        ),
        {pair: verdict for pair, verdict in verdicts().items() if verdict},
        list(Case.objects.filter(state="open").order_by("pk").values_list("pk", flat=True)),
    )


def test_one_stays_and_the_others_lead_to_it_in_one_hop(chain: list[Picture], mod: User) -> None:
    a, b, c, d = chain
    before = snapshot()
    decisions = decide_cluster(
        mod, first_case(), Ruling(b.pk, {a.pk: SAME, c.pk: SAME, d.pk: SAME}), "all one"
    )
    assert [state_of(each) for each in chain] == ["withdrawn", "live", "withdrawn", "withdrawn"]
    assert set(Picture.objects.filter(duplicate_of=b).values_list("pk", flat=True)) == {a.pk, c.pk, d.pk}
    assert Picture.objects.get(pk=b.pk).published_at == a.published_at, "the earliest date is kept"
    assert not Case.objects.filter(state=CaseState.OPEN).exists()
    assert set(verdicts().values()) == {SAME}
    assert len(decisions) == 4, "three pairs with the keeper, and the case of two that both lead to it"
    assert {each.part_of_id for each in decisions} == {None, decisions[0].pk}
    assert find_violations() == [] or {v.rule for v in find_violations()} <= {"I2", "I6"}
    undo_act(mod, decisions[-1])
    assert snapshot() == before


def test_each_pair_can_be_undone_by_itself(chain: list[Picture], mod: User) -> None:
    a, b, c, d = chain
    decisions = decide_cluster(mod, first_case(), Ruling(a.pk, {b.pk: SAME, c.pk: SAME, d.pk: VARIANT}))
    of_c = next(
        each
        for each in decisions
        if each.match is not None and {each.match.query_id, each.match.candidate_id} == {a.pk, c.pk}
    )
    undo_decision(mod, of_c)
    assert (state_of(b), state_of(c), state_of(d)) == ("withdrawn", "live", "live")
    undone = undo_act(mod, decisions[0])
    assert len(undone) == len(decisions) - 1
    assert state_of(b) == "live"
    with pytest.raises(workflow.Conflict, match="undone already"):
        undo_act(mod, decisions[0])


def test_what_is_the_same_as_the_keeper_is_to_others_what_the_keeper_is(
    chain: list[Picture], mod: User
) -> None:
    a, b, c, d = chain
    decide_cluster(mod, first_case(), Ruling(a.pk, {b.pk: SAME, c.pk: VARIANT, d.pk: DIFFERENT}))
    found = verdicts()
    assert found[a.pk, b.pk] == SAME
    assert (found[a.pk, c.pk], found[b.pk, c.pk]) == (VARIANT, VARIANT)
    assert (found[a.pk, d.pk], found[c.pk, d.pk]) == (DIFFERENT, "")
    assert Case.objects.get(state=CaseState.OPEN).match == Match.objects.of_pair(c.pk, d.pk).get()


def test_whoever_is_left_for_later_is_asked_about_with_the_keeper(chain: list[Picture], mod: User) -> None:
    a, b, c, d = chain
    before = snapshot()
    (decision,) = decide_cluster(mod, first_case(), Ruling(a.pk, {b.pk: SAME}))
    asked = Case.objects.filter(state=CaseState.OPEN).order_by("pk")
    sides = [{each.match.query_id, each.match.candidate_id} for each in asked if each.match]
    assert sides == [{c.pk, d.pk}, {a.pk, c.pk}]
    assert asked[1].cause == decision
    assert asked[0].cluster == asked[1].cluster
    undo_decision(mod, decision)
    assert snapshot() == before


def test_overrides_and_reports_are_judged_by_what_was_said(alice: User, bob: User, mod: User) -> None:
    a, b, c = (published(bob, 9 - number) for number in range(3))
    override, report = filed(b, a, CaseKind.OVERRIDE), filed(c, a, CaseKind.REPORT)
    decide_cluster(mod, override, Ruling(a.pk, {b.pk: SAME, c.pk: DIFFERENT}))
    ends = dict(Case.objects.values_list("pk", "state"))
    assert ends == {override.pk: CaseState.REVERSED, report.pk: CaseState.REVERSED}
    assert list(Decision.objects.order_by("pk").values_list("upheld", flat=True)) == [False, False]


def test_two_cases_about_one_pair_are_closed_together(chain: list[Picture], mod: User) -> None:
    a, b, c, _ = chain
    second = file_case(CaseKind.FIND, b, Match.objects.of_pair(a.pk, b.pk).get())
    assert second is None, "filed already"
    report = open_report(a.owner, b, Match.objects.of_pair(a.pk, b.pk).get(), "look")
    before = snapshot()
    decisions = decide_cluster(mod, first_case(), Ruling(a.pk, {b.pk: SAME, c.pk: SAME}))
    report.refresh_from_db()
    assert report.state == CaseState.UPHELD
    undo_act(mod, decisions[0])
    assert snapshot() == before


def test_pictures_that_hang_together_no_more_are_refused(
    chain: list[Picture], mod: User, alice: User
) -> None:
    a, b, c, d = chain
    stranger = published(alice)
    for ruling in (Ruling(a.pk, {stranger.pk: SAME}), Ruling(a.pk, {987654: SAME})):
        with pytest.raises(workflow.Conflict, match="hang together"):
            decide_cluster(mod, first_case(), ruling)
    Picture.objects.filter(pk=b.pk).update(state=State.REMOVED)
    with pytest.raises(workflow.Conflict, match="not here any more"):
        decide_cluster(mod, first_case(), Ruling(a.pk, {b.pk: SAME, c.pk: SAME}))
    with pytest.raises(workflow.NotAllowed):
        decide_cluster(alice, first_case(), Ruling(c.pk, {d.pk: SAME}))
    assert not Decision.objects.exists()


def test_a_second_reviewer_on_an_overlapping_cluster_is_told(chain: list[Picture], mod: User) -> None:
    a, b, c, _ = chain
    rival = person("rival", is_staff=True)
    cases = list(Case.objects.order_by("pk"))
    Case.objects.filter(pk=cases[2].pk).update(
        claimed_by=rival, claimed_until=timezone.now() + timedelta(minutes=5)
    )
    with pytest.raises(workflow.Conflict, match="rival is looking at one of these pictures"):
        decide_cluster(mod, cases[0], Ruling(a.pk, {b.pk: SAME, c.pk: SAME}))
    decide_cluster(mod, cases[0], Ruling(a.pk, {b.pk: VARIANT}))
    with pytest.raises(workflow.Conflict, match="Somebody was first"):
        decide_cluster(rival, cases[0], Ruling(a.pk, {b.pk: SAME}))


@pytest.fixture
def waiting(upload: Upload, alice: User, bob: User, mod: User) -> dict[str, Picture]:
    """Bob's published picture, and two uploads of Alice that wait for an answer, about to expire."""
    live = upload(bob, jpeg(scene(), 92))
    held = [upload(alice, jpeg(scene(), quality)) for quality in (60, 75)]
    long_ago = timezone.now() - timedelta(days=13)
    Picture.objects.filter(state=State.HELD).update(state_since=long_ago)
    assert file_expiring() == 2
    return {"live": live, "first": held[0], "second": held[1]}


def test_a_waiting_upload_that_stays_takes_the_address_and_the_others_lead_to_it(
    waiting: dict[str, Picture], mod: User
) -> None:
    live, first, second = waiting.values()
    before = snapshot()
    decisions = decide_cluster(mod, first_case(), Ruling(second.pk, {live.pk: SAME, first.pk: SAME}))
    assert (state_of(live), state_of(first), state_of(second)) == ("withdrawn", "withdrawn", "live")
    assert Picture.objects.get(pk=second.pk).public_id == live.public_id
    assert Picture.objects.filter(duplicate_of=second).count() == 2
    assert find_violations(read_bytes=True) == []
    with pytest.raises(workflow.Conflict, match="all of them at once"):
        undo_decision(mod, decisions[0])
    undo_act(mod, decisions[0])
    assert snapshot() == before
    assert find_violations(read_bytes=True) == []


def test_waiting_uploads_that_stay_apart_are_published(waiting: dict[str, Picture], mod: User) -> None:
    live, first, second = waiting.values()
    before = snapshot()
    decisions = decide_cluster(mod, first_case(), Ruling(live.pk, {first.pk: VARIANT, second.pk: DIFFERENT}))
    states = [state_of(first), state_of(second)]
    assert states == ["live", "held"], "of two that look alike the second is asked about the first"
    assert Match.objects.open_for(second).get().other(second) == first
    undo_act(mod, decisions[0])
    assert snapshot()[0][:2] == before[0][:2]
    assert find_violations(read_bytes=True) == []
