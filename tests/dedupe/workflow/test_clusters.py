"""What hangs together is one cluster: marks, bounds, claims."""

from __future__ import annotations

import pytest

from board.models import User
from dedupe import workflow
from dedupe.models import Case, CaseKind, Picture, State
from dedupe.workflow.clusters import MOST_PICTURES, cluster_of, join_cluster, reach, regroup, sizes_of
from dedupe.workflow.filing import file_case
from tests.cases import case_about, published
from tests.people import person

pytestmark = pytest.mark.django_db


def filed(newer: Picture, older: Picture, kind: CaseKind = CaseKind.FIND) -> Case:
    """A case as the workflow files it."""
    case = case_about(newer, older, kind)
    join_cluster(case)
    return case


def marks() -> list[int | None]:
    return list(Case.objects.order_by("id").values_list("cluster", flat=True))


@pytest.fixture
def four(alice: User, bob: User) -> list[Picture]:
    """Four pictures, the oldest first."""
    return [published(alice if number % 2 else bob, 9 - number) for number in range(4)]


def test_cases_that_share_a_picture_share_a_mark(four: list[Picture]) -> None:
    a, b, c, d = four
    first, apart = filed(b, a), filed(d, c)
    assert marks() == [first.pk, apart.pk]
    filed(c, b)
    assert marks() == [first.pk] * 3, "the third links what stood apart"
    assert sizes_of([first.pk]) == {first.pk: 4}
    assert cluster_of(apart_again(apart)).pictures == (d.pk, c.pk, b.pk, a.pk)


def apart_again(case: Case) -> Case:
    return Case.objects.select_related("match").get(pk=case.pk)


def test_a_sample_a_lonely_report_and_a_closed_case_stand_alone(four: list[Picture], alice: User) -> None:
    a, b, c, _ = four
    lonely = workflow.report_picture(alice, a, "odd")
    sample = case_about(b, a, CaseKind.SAMPLE)
    join_cluster(sample)
    closed = filed(c, b)
    Case.objects.filter(pk=closed.pk).update(state="decided")
    find = file_case(CaseKind.FIND, b, sample.match)  # type: ignore[arg-type]
    assert find is not None
    assert [each.cluster for each in (lonely, sample, find)] == [None, None, find.pk]
    assert cluster_of(find).cases == (find,)


def test_a_sweep_puts_marks_right_that_are_missing_or_out_of_date(four: list[Picture]) -> None:
    a, b, c, d = four
    bridge, other, apart = case_about(b, a), case_about(c, b), case_about(d, c)
    assert regroup() == 3
    assert marks() == [bridge.pk] * 3
    Case.objects.filter(pk=other.pk).update(state="decided")
    assert regroup() == 1
    assert marks() == [bridge.pk, bridge.pk, apart.pk]
    assert regroup() == 0


def test_of_a_crowd_only_so_many_are_decided_about_at_once(alice: User, bob: User) -> None:
    hub = published(bob, 30)
    cases = [filed(published(alice), hub) for _ in range(MOST_PICTURES + 3)]
    found = cluster_of(cases[-1])
    assert len(found.pictures) == MOST_PICTURES
    assert found.beyond == 4
    assert cases[-1].picture_id in found.pictures
    assert len(found.cases) == MOST_PICTURES - 1


def test_the_nearest_come_first() -> None:
    assert reach([1, 2], [(5, 3), (3, 2), (1, 4), (8, 9)]) == (1, 2, 4, 3, 5)


def test_a_claim_holds_for_all_that_hangs_together(four: list[Picture], mod: User) -> None:
    a, b, c, d = four
    first, second, apart = filed(b, a), filed(c, b), filed(published(d.owner), d)
    rival = person("rival", is_staff=True)
    workflow.claim_case(mod, apart_again(first))
    assert Case.objects.filter(claimed_by=mod).count() == 2
    with pytest.raises(workflow.Conflict, match="mod is looking at this case"):
        workflow.claim_case(rival, apart_again(second))
    workflow.claim_case(rival, apart_again(apart))
    third = filed(d, c)  # links what two people have
    with pytest.raises(workflow.Conflict, match="rival is looking at one of these pictures"):
        workflow.claim_case(mod, apart_again(third))
    workflow.release_case(mod, apart_again(first))
    assert not Case.objects.filter(claimed_by=mod).exists()


def test_a_find_that_waits_for_nobody_is_not_part_of_it(four: list[Picture]) -> None:
    a, b, c, _ = four
    first = filed(b, a)
    filed(c, b)
    Picture.objects.filter(pk=c.pk).update(state=State.REMOVED)
    assert cluster_of(apart_again(first)).pictures == (b.pk, a.pk)
