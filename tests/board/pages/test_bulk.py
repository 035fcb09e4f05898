"""Identical pictures decided at once: a preview, a transaction for each, an undo for each."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from board.models import User
from dedupe import workflow
from dedupe.imaging import Relation
from dedupe.models import Case, CaseKind, CaseState, Decision, Picture, State
from dedupe.workflow import Resolution
from tests.board.pages.conftest import at, person, text
from tests.cases import case_about, published


@pytest.fixture
def twins(alice: User, bob: User) -> list[Case]:
    """Three cases whose pictures show the same pixels, and one whose do not."""
    case_about(published(alice), published(bob, 9), relation=Relation.RE_ENCODED)
    return [
        case_about(published(alice), published(bob, 9), relation=Relation.SAME_PIXELS, hours_ago=hours)
        for hours in (3, 2, 1)
    ]


def states(cases: list[Case]) -> list[str]:
    return [Case.objects.get(pk=case.pk).state for case in cases]


def test_only_identical_pictures_are_listed(as_mod: Client, twins: list[Case]) -> None:
    page = text(as_mod.get(at("identical")))
    assert "Decide 3 identical cases: keep the older of each" in page
    assert page.count('type="checkbox"') == 3


def test_the_older_of_each_stays_and_each_can_be_undone(as_mod: Client, twins: list[Case]) -> None:
    done = as_mod.post(at("identical"), {"case": [case.pk for case in twins[:2]]})
    assert states(twins) == [CaseState.UPHELD, CaseState.UPHELD, CaseState.OPEN]
    for case in twins[:2]:
        assert case.match is not None
        newer = Picture.objects.get(pk=case.picture_id)
        assert (newer.state, newer.duplicate_of) == (State.WITHDRAWN, case.match.candidate)
    page = text(as_mod.get(done["Location"]))
    assert "2 decided: the older of each stays." in page
    first = Decision.objects.order_by("id")[0]
    assert at("undo", first.pk) in page
    as_mod.post(at("undo", first.pk), {"next": done["Location"]})
    assert states(twins) == [CaseState.OPEN, CaseState.UPHELD, CaseState.OPEN]
    assert "Undone" in text(as_mod.get(done["Location"]))


def test_one_that_cannot_be_decided_is_told_and_holds_up_none(as_mod: Client, twins: list[Case]) -> None:
    rival = person("rival", is_staff=True)
    workflow.claim_case(rival, twins[1])
    workflow.resolve_case(rival, twins[2], Resolution.DIFFERENT)
    done = as_mod.post(at("identical"), {"case": [case.pk for case in twins]})
    assert states(twins) == [CaseState.UPHELD, CaseState.OPEN, CaseState.REVERSED]
    page = text(as_mod.get(done["Location"]))
    assert f"Case {twins[1].pk} was left as it is. rival is looking at this case." in page
    assert f"Case {twins[2].pk} was left as it is. Somebody was first" in page
    assert "1 decided" in page


def test_what_the_preview_would_not_list_is_not_decided(as_mod: Client, twins: list[Case]) -> None:
    other = Case.objects.get(match__relation=Relation.RE_ENCODED)
    as_mod.post(at("identical"), {"case": [other.pk, "x", "9" * 40, "-1"]})
    assert states([other]) == [CaseState.OPEN]
    told = as_mod.post(at("identical"), follow=True)
    assert "Choose at least one case." in text(told)


def test_better_copies_samples_and_what_is_filtered_out_are_not_listed(
    as_mod: Client, alice: User, bob: User
) -> None:
    for kind in (CaseKind.PROPOSAL, CaseKind.SAMPLE):
        case_about(published(alice), published(bob, 9), kind, relation=Relation.SAME_PIXELS)
    assert "None waits" in text(as_mod.get(at("identical")))
    case_about(published(alice), published(bob, 9), relation=Relation.SAME_PIXELS)
    assert "None waits" in text(as_mod.get(f"{at('identical')}?by=bob"))
    assert "Decide 1 identical case:" in text(as_mod.get(f"{at('identical')}?by=alice"))


def test_the_preview_asks_few_questions(
    as_mod: Client, twins: list[Case], alice: User, bob: User, django_assert_num_queries: Any
) -> None:
    as_mod.get(at("identical"))
    with django_assert_num_queries(QUERIES):
        as_mod.get(at("identical"))
    for _ in range(4):
        case_about(published(alice), published(bob, 9), relation=Relation.SAME_PIXELS)
    with django_assert_num_queries(QUERIES):
        as_mod.get(at("identical"))


QUERIES = 9
