"""Undo restores states, redirects, links and remembered verdicts, exactly, or says why it cannot."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from board.models import User
from dedupe import storage, workflow
from dedupe.invariants import find_violations
from dedupe.models import Case, Decision, Match, Picture, State, Verdict
from dedupe.workflow import undo as undo_module
from tests.dedupe.conftest import Upload, jpeg, scene, state_of

pytestmark = pytest.mark.django_db
Say = Callable[..., Decision]


def snapshot() -> list[Any]:
    """Everything of the pictures and pairs that an undo must restore."""
    pictures = Picture.objects.order_by("id").values_list(
        "state", "duplicate_of", "storage_key", "checksum", "published_at", "check_outcome"
    )
    return [list(pictures), list(Match.objects.order_by("id").values_list("verdict"))]


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_answer_can_be_undone_and_redone(say: Say, mod: User, held: Picture, verdict: Verdict) -> None:
    before = snapshot()
    decision = say(verdict, "because")
    after = snapshot()
    undo = workflow.undo_decision(mod, decision)
    assert snapshot() == before
    assert not Case.objects.filter(state="open").exists()
    workflow.undo_decision(mod, undo)
    assert snapshot() == after
    assert find_violations(read_bytes=True) == []


@pytest.mark.hostile("I7")
def test_the_bytes_come_back_as_they_were(say: Say, mod: User, held: Picture) -> None:
    workflow.undo_decision(mod, say(Verdict.SAME))
    with storage.local_copy(held.storage_key) as (path, checksum):
        assert path.read_bytes() == jpeg(scene(), 60)
        assert checksum == held.checksum


def test_people_undo_their_own_decisions_and_not_those_of_others(say: Say, alice: User, bob: User) -> None:
    decision = say(Verdict.SAME)
    with pytest.raises(workflow.NotAllowed):
        workflow.undo_decision(bob, decision)
    assert workflow.undo_decision(alice, decision).role == "uploader"


def test_an_uploader_does_not_undo_what_staff_decided(say: Say, alice: User, mod: User) -> None:
    decision = say(Verdict.SAME, actor=mod)
    with pytest.raises(workflow.NotAllowed):
        workflow.undo_decision(alice, decision)


def test_a_decision_is_undone_once(say: Say, mod: User) -> None:
    decision = say(Verdict.SAME)
    workflow.undo_decision(mod, decision)
    with pytest.raises(workflow.Conflict, match="undone already"):
        workflow.undo_decision(mod, decision)


def test_a_decision_stands_after_every_second_undo(say: Say, mod: User) -> None:
    decision = newest = say(Verdict.SAME)
    for stands in (False, True, False, True, False):
        newest = workflow.undo_decision(mod, newest)
        assert Decision.objects.get(pk=decision.pk).stands is stands
        assert Decision.objects.standing().filter(pk=decision.pk).exists() is stands


def test_two_undos_at_the_same_moment_leave_one(say: Say, mod: User, monkeypatch: pytest.MonkeyPatch) -> None:
    decision = say(Verdict.SAME)
    workflow.undo_decision(mod, decision)
    monkeypatch.setattr(undo_module, "_check_may_undo", lambda *_: None)
    with pytest.raises(workflow.Conflict, match="undone already"):
        workflow.undo_decision(mod, decision)


def test_after_the_retention_time_it_is_too_late(
    say: Say, mod: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    decision = say(Verdict.SAME)
    later = timezone.now() + timedelta(days=31)
    monkeypatch.setattr(timezone, "now", lambda: later)
    with pytest.raises(workflow.TooLate, match="30 days"):
        workflow.undo_decision(mod, decision)


def test_without_its_bytes_an_upload_cannot_come_back(say: Say, mod: User, held: Picture) -> None:
    decision = say(Verdict.SAME)
    Picture.objects.filter(pk=held.pk).update(storage_key="")
    with pytest.raises(workflow.TooLate, match="deleted"):
        workflow.undo_decision(mod, decision)


def test_a_later_decision_on_the_same_thing_must_be_undone_first(
    say: Say, alice: User, mod: User, held: Picture
) -> None:
    first = say(Verdict.DIFFERENT)
    second = workflow.withdraw(alice, held)
    with pytest.raises(workflow.Conflict, match="later decision"):
        workflow.undo_decision(mod, first)
    workflow.undo_decision(mod, second)
    workflow.undo_decision(mod, first)
    assert state_of(held) == State.HELD


def test_an_answer_that_staff_have_judged_is_theirs_to_undo(say: Say, alice: User, mod: User) -> None:
    decision = say(Verdict.DIFFERENT)
    workflow.close_case(mod, Case.objects.get(), uphold=True)
    with pytest.raises(workflow.Conflict, match="Ask them"):
        workflow.undo_decision(alice, decision)
    workflow.undo_decision(mod, decision)


def test_redirects_that_were_led_on_come_back_to_where_they_were(
    say: Say, held: Picture, live: Picture, upload: Upload, bob: User, mod: User
) -> None:
    decision = say(Verdict.DIFFERENT)
    follower = upload(bob, jpeg(scene(), 40))
    workflow.answer(bob, follower, Match.objects.of_pair(follower.pk, held.pk).get(), Verdict.SAME)
    reversal = workflow.close_case(mod, Case.objects.get(cause=decision), uphold=False)
    workflow.undo_decision(mod, reversal)
    follower.refresh_from_db()
    assert (state_of(held), follower.duplicate_of) == (State.LIVE, held)
    assert find_violations() == []


def test_an_upload_that_came_back_meanwhile_is_left_alone_when_its_old_redirect_is_restored(
    say: Say, held: Picture, live: Picture, upload: Upload, bob: User, mod: User
) -> None:
    decision = say(Verdict.DIFFERENT)
    follower = upload(bob, jpeg(scene(), 40))
    same = workflow.answer(bob, follower, Match.objects.of_pair(follower.pk, held.pk).get(), Verdict.SAME)
    reversal = workflow.close_case(mod, Case.objects.get(cause=decision), uphold=False)
    workflow.undo_decision(mod, same)
    assert state_of(follower) == State.HELD
    workflow.undo_decision(mod, reversal)
    follower.refresh_from_db()
    assert (follower.state, follower.duplicate_of) == (State.HELD, None)
    assert find_violations() == []


def test_whoever_is_asked_again_has_the_whole_time_to_answer(say: Say, alice: User, held: Picture) -> None:
    proposal = say(Verdict.BETTER)
    Picture.objects.filter(pk=held.pk).update(state_since=timezone.now() - timedelta(days=20))
    assert find_violations() == [], "it waits for staff"
    workflow.undo_decision(alice, proposal)
    held.refresh_from_db()
    assert held.state == State.HELD
    assert timezone.now() - held.state_since < timedelta(minutes=1)
    assert find_violations() == []


@pytest.mark.parametrize("of_a_pair", [True, False])
def test_a_case_of_which_there_is_another_is_not_opened_again(
    upload: Upload, bob: User, mod: User, live: Picture, of_a_pair: bool
) -> None:
    other = upload(bob, jpeg(scene(2))) if of_a_pair else None
    first = workflow.report_picture(mod, live, "the same", other)
    closed = workflow.close_case(mod, first, uphold=False)
    workflow.report_picture(mod, live, "the same, I say", other)
    with pytest.raises(workflow.Conflict, match="later decision"):
        workflow.undo_decision(mod, closed)
    assert Case.objects.filter(state="open").count() == 1
