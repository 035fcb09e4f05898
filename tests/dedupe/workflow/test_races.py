"""Simultaneous uploads and answers, on threads with their own connections."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from board.models import User
from dedupe import workflow
from dedupe.invariants import find_violations
from dedupe.models import Case, Decision, DecisionKind, Match, Picture, State, Verdict
from dedupe.workflow import Resolution
from tests.cases import published
from tests.dedupe.conftest import Upload, jpeg, scene, submit
from tests.dedupe.workflow.test_clusters import filed
from tests.people import person

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Run acts in threads; an act that was refused gives its refusal."""

    def run(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except workflow.WorkflowError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture(autouse=True)
def nothing_is_broken(db: None) -> Iterator[None]:
    yield
    # Pictures that are rows alone, for the races on clusters, have neither bytes nor fingerprints.
    alone = not Picture.objects.filter(fingerprints__isnull=False).exists()
    broken = {violation.rule for violation in find_violations(read_bytes=True)}
    assert broken <= ({"I2", "I6"} if alone else set())


@pytest.mark.hostile("I5", "fault: twenty identical")
def test_of_twenty_copies_at_once_exactly_one_is_published_and_none_is_lost(alice: User) -> None:
    copies = [submit(alice, jpeg(scene(), 90)) for _ in range(20)]
    at_once([lambda pk=copy.pk: workflow.analyse_picture(pk) for copy in copies])  # type: ignore[misc]
    kept = Picture.objects.get(state=State.LIVE)
    assert Picture.objects.filter(state=State.WITHDRAWN, duplicate_of=kept).count() == 19


@pytest.mark.hostile("I8", "fault: twenty near-identical")
def test_of_near_twins_at_once_only_the_first_is_published_unasked(alice: User) -> None:
    twins = [submit(alice, jpeg(scene(), 60 + number)) for number in range(8)]
    at_once([lambda pk=twin.pk: workflow.analyse_picture(pk) for twin in twins])  # type: ignore[misc]
    assert Picture.objects.filter(state=State.LIVE).count() == 1
    assert Picture.objects.filter(state=State.HELD).count() == 7


@pytest.mark.hostile("fault: two runs overlap")
def test_the_same_task_twice_does_its_work_once(alice: User) -> None:
    picture = submit(alice, jpeg(scene()))
    at_once([lambda: workflow.analyse_picture(picture.pk)] * 4)
    picture.refresh_from_db()
    assert (picture.state, picture.attempts) == (State.LIVE, 1)


@pytest.mark.hostile("fault: answers at once")
def test_of_answers_at_once_one_wins_and_the_others_are_told(
    held: Picture, match: Match, alice: User, mod: User
) -> None:
    acts = [
        lambda: workflow.answer(alice, held, match, Verdict.SAME),
        lambda: workflow.answer(mod, held, match, Verdict.DIFFERENT),
        lambda: workflow.answer(mod, held, match, Verdict.VARIANT),
        lambda: workflow.answer(alice, held, match, Verdict.BETTER),
    ]
    outcomes = at_once(acts)
    assert sum(isinstance(outcome, Decision) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, workflow.Conflict) for outcome in outcomes) == 3


def test_undone_at_once_from_two_sides_is_undone_once(
    held: Picture, match: Match, alice: User, mod: User
) -> None:
    decision = workflow.answer(alice, held, match, Verdict.SAME)
    outcomes = at_once([partial(workflow.undo_decision, actor, decision) for actor in (alice, mod)])
    assert sum(isinstance(outcome, Decision) for outcome in outcomes) == 1


@pytest.mark.hostile("fault: crossing merges", "I3")
def test_two_pictures_that_lead_to_each_other_at_once_leave_one_redirect(
    upload: Upload, alice: User, bob: User, mod: User
) -> None:
    first = upload(alice, jpeg(scene(seed=1)))
    second = upload(bob, jpeg(scene(seed=2)))
    there = workflow.report_picture(alice, first, "copy", second)
    back = workflow.report_picture(bob, second, "copy", first)
    at_once([lambda case=case: workflow.close_case(mod, case, uphold=True) for case in (there, back)])  # type: ignore[misc]
    assert Picture.objects.filter(state=State.LIVE).count() == 1
    assert Picture.objects.filter(duplicate_of__isnull=False).count() == 1


def test_two_people_who_report_the_same_pair_at_once_are_both_heard(
    upload: Upload, alice: User, bob: User
) -> None:
    for seed in range(1, 9, 2):
        one, other = (upload(alice, jpeg(scene(seed=each))) for each in (seed, seed + 1))
        sides = ((alice, one, other), (bob, other, one))
        reports = [
            partial(workflow.report_picture, person, this, "a copy", that) for person, this, that in sides
        ]
        outcomes = at_once(reports)
        assert all(isinstance(outcome, Case) for outcome in outcomes), outcomes
        assert Match.objects.of_pair(one.pk, other.pk).count() == 1


def test_of_two_reviewers_on_the_same_twenty_cases_one_decides_each_and_the_other_is_told(
    upload: Upload, alice: User, bob: User, mod: User
) -> None:
    kept = upload(bob, jpeg(scene(seed=100)))
    for seed in range(101, 121):
        workflow.report_picture(bob, upload(alice, jpeg(scene(seed=seed))), "a copy", kept)
    rival = person("rival", is_staff=True)
    together = Barrier(2)

    def go_through(reviewer: User, resolution: Resolution, case: Case) -> Decision:
        together.wait(timeout=60)
        return workflow.resolve_case(reviewer, case, resolution)

    told: list[str] = []
    for case in Case.objects.order_by("id"):
        outcomes = at_once(
            [
                partial(go_through, mod, Resolution.KEEP_OLDER, case),
                partial(go_through, rival, Resolution.DIFFERENT, case),
            ]
        )
        assert sum(isinstance(outcome, Decision) for outcome in outcomes) == 1
        told += [str(outcome) for outcome in outcomes if isinstance(outcome, workflow.Conflict)]
    assert len(told) == 20
    assert all("Somebody was first" in words for words in told)
    assert Decision.objects.filter(kind=DecisionKind.REVIEW).count() == 20
    merged = Match.objects.filter(verdict=Verdict.SAME).count()
    assert Picture.objects.filter(state=State.WITHDRAWN, duplicate_of=kept).count() == merged
    assert Match.objects.filter(verdict=Verdict.DIFFERENT).count() == 20 - merged


def test_of_two_reviewers_who_take_the_same_twenty_cases_each_gets_what_the_other_has_not(
    upload: Upload, alice: User, bob: User, mod: User
) -> None:
    picture = upload(bob, jpeg(scene(seed=100)))
    people = [User.objects.create_user(f"person{number}") for number in range(20)]
    for someone in people:
        workflow.report_picture(someone, picture, "odd")
    rival = person("rival", is_staff=True)
    for case in Case.objects.order_by("id"):
        first, second = at_once([partial(workflow.claim_case, actor, case) for actor in (mod, rival)])
        refusal = first if isinstance(first, workflow.Conflict) else second
        assert isinstance(refusal, workflow.Conflict)
        case.refresh_from_db()
        assert str(refusal) == f"{case.claimed_by} is looking at this case."


def test_of_two_reviewers_on_overlapping_clusters_one_decides_and_the_other_is_told(
    alice: User, bob: User, mod: User
) -> None:
    rival = person("rival", is_staff=True)
    together = Barrier(2)

    def go_through(reviewer: User, case: Case, ruling: workflow.Ruling) -> list[Decision]:
        together.wait(timeout=60)
        return workflow.decide_cluster(reviewer, case, ruling)

    told: list[str] = []
    for _ in range(8):
        a, b, c, d = (published(alice if number % 2 else bob, 9 - number) for number in range(4))
        first, _, last = [filed(newer, older) for older, newer in pairwise([a, b, c, d])]
        outcomes = at_once(
            [
                partial(
                    go_through, mod, first, workflow.Ruling(a.pk, {b.pk: Verdict.SAME, c.pk: Verdict.SAME})
                ),
                partial(
                    go_through, rival, last, workflow.Ruling(d.pk, {c.pk: Verdict.SAME, b.pk: Verdict.SAME})
                ),
            ]
        )
        told += [str(outcome) for outcome in outcomes if isinstance(outcome, workflow.Conflict)]
        leading = Picture.objects.filter(pk__in=[b.pk, c.pk]).values_list("duplicate_of", flat=True)
        assert set(leading) in ({a.pk}, {d.pk})
    assert len(told) == 8
    assert all("Somebody was first" in words for words in told)


def test_of_two_reviewers_who_claim_one_cluster_from_two_ends_one_has_all_of_it(
    alice: User, bob: User, mod: User
) -> None:
    rival = person("rival", is_staff=True)
    for _ in range(8):
        pictures = [published(alice if number % 2 else bob, 9 - number) for number in range(4)]
        cases = [filed(newer, older) for older, newer in pairwise(pictures)]
        ends = [Case.objects.get(pk=cases[0].pk), Case.objects.get(pk=cases[2].pk)]
        outcomes = at_once(
            [partial(workflow.claim_case, *each) for each in zip((mod, rival), ends, strict=True)]
        )
        assert sum(isinstance(outcome, workflow.Conflict) for outcome in outcomes) == 1
        holders = Case.objects.filter(pk__in=[case.pk for case in cases]).values_list("claimed_by", flat=True)
        assert len(set(holders)) == 1
