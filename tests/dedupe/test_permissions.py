"""Who may do what, by their powers: people without any, reviewers, moderators, superusers."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from board.models import User
from board.roles import SiteRole
from dedupe import workflow
from dedupe.models import Case, Decision, Match, Picture, Power, State, Verdict
from dedupe.permissions import may, may_review
from tests.dedupe.conftest import state_of
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita(db: None) -> User:
    return person("rita", SiteRole.REVIEWER)


@pytest.fixture
def mona(db: None) -> User:
    return person("mona", SiteRole.MODERATOR)


def test_nobody_has_a_power_by_the_door_of_the_admin_alone(alice: User) -> None:
    alice.is_staff = True
    alice.save()
    assert not any(may(alice, power) for power in Power)
    assert not any(may(AnonymousUser(), power) for power in Power)
    assert not may_review(None)


def test_a_superuser_has_every_power_until_they_leave(db: None) -> None:
    boss = User.objects.create_superuser("boss")
    assert all(may(boss, power) for power in Power)
    boss.is_active = False
    assert not any(may(boss, power) for power in Power)


def test_a_power_may_be_given_to_one_person_alone(alice: User) -> None:
    from django.contrib.auth.models import Permission

    alice.user_permissions.add(Permission.objects.get(codename=Power.REVIEW.codename))
    assert may_review(alice)
    assert not may(alice, Power.REMOVE)


def test_a_reviewer_decides_cases_and_undoes_their_own_rulings_alone(
    say: Any, rita: User, mona: User, held: Picture
) -> None:
    said = say(Verdict.DIFFERENT, "another day")
    with pytest.raises(workflow.NotAllowed, match="Only moderators"):
        workflow.undo_decision(rita, said)
    ruling = workflow.close_case(rita, Case.objects.get(), uphold=False)
    assert ruling.role == "staff"
    undo = workflow.undo_decision(rita, ruling, "A slip")
    assert (undo.role, undo.reason) == ("staff", "A slip")
    again = workflow.close_case(mona, Case.objects.get(), uphold=False)
    with pytest.raises(workflow.NotAllowed):
        workflow.undo_decision(rita, again)


def test_whoever_reviews_no_more_undoes_no_ruling_of_theirs(say: Any, rita: User) -> None:
    say(Verdict.DIFFERENT, "another day")
    ruling = workflow.close_case(rita, Case.objects.get(), uphold=True)
    rita.groups.clear()
    with pytest.raises(workflow.NotAllowed):
        workflow.undo_decision(User.objects.get(pk=rita.pk), ruling)


def test_a_moderator_undoes_what_others_decided_and_removes(
    say: Any, mona: User, rita: User, held: Picture, live: Picture
) -> None:
    workflow.undo_decision(mona, say(Verdict.SAME))
    with pytest.raises(workflow.NotAllowed, match="moderators"):
        workflow.withdraw(rita, live)
    workflow.withdraw(mona, live, "not ours")
    assert state_of(live) == State.REMOVED


def test_a_reviewer_answers_a_question_that_stays_open(rita: User, held: Picture, match: Match) -> None:
    assert workflow.answer(rita, held, match, Verdict.SAME).role == "staff"
    assert Decision.objects.get().actor == rita


def test_asking_for_every_power_takes_one_query(
    rita: User, alice: User, django_assert_num_queries: Any
) -> None:
    for user in (rita, alice):
        fresh = User.objects.get(pk=user.pk)
        with django_assert_num_queries(1):
            assert [may(fresh, power) for power in Power].count(True) == (user == rita)
