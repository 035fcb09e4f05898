"""Hubs: taken out of matching by moderators, for a reason; only identical bytes still lead to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from board.models import User
from board.roles import SiteRole
from dedupe import workflow
from dedupe.conf import conf
from dedupe.invariants import find_violations
from dedupe.models import Case, Decision, Match, Picture, State, Verdict
from dedupe.search import find_look_alikes, query_of
from dedupe.workflow.library_search import file_finds, look_alikes_of
from dedupe.workflow.sweep import settle_needlessly_held
from tests.dedupe.conftest import Upload, jpeg, scene, state_of
from tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def mona(db: None) -> User:
    return person("mona", SiteRole.MODERATOR)


@pytest.fixture
def hub(live: Picture, mona: User) -> Picture:
    workflow.block_from_matching(mona, live, "Everybody fills in this form")
    live.refresh_from_db()
    return live


def test_nobody_is_asked_about_a_hub(hub: Picture, upload: Upload, alice: User) -> None:
    copy = upload(alice, jpeg(scene(), 60))
    half = upload(alice, jpeg(scene().crop((0, 0, 200, 240)), 85))
    assert [copy.state, half.state] == [State.LIVE, State.HELD]
    asked = Match.objects.open_for(half)
    assert [match.other(half) for match in asked] == [copy], "found by its words, as the hub would have been"


def test_identical_bytes_still_lead_to_it(hub: Picture, upload: Upload, alice: User) -> None:
    twin = upload(alice, jpeg(scene(), 92))
    assert (twin.state, twin.duplicate_of) == (State.WITHDRAWN, hub)
    undone = workflow.undo_decision(alice, Decision.objects.get(role="machine"))
    assert state_of(twin) == State.HELD
    assert Match.objects.open_for(twin).exists(), "both cannot be published"
    assert settle_needlessly_held() == 0
    assert undone.picture == twin


def test_questions_that_were_open_close_with_the_next_sweep(held: Picture, hub: Picture) -> None:
    assert not Match.objects.open_for(held).exists()
    assert settle_needlessly_held() == 1
    assert state_of(held) == State.LIVE
    assert find_violations() == []


def test_a_search_through_the_library_passes_it_over(
    hub: Picture, upload: Upload, alice: User, mod: User
) -> None:
    copy = upload(alice, jpeg(scene(), 60))
    assert look_alikes_of(copy) == ()
    assert file_finds(hub, look_alikes_of(hub)) == 0
    assert not Case.objects.exists()


def test_an_undo_lets_it_match_again(hub: Picture, upload: Upload, alice: User, mona: User) -> None:
    block = Decision.objects.get(kind="block")
    assert (block.actor, block.role, block.reason) == (mona, "staff", "Everybody fills in this form")
    workflow.undo_decision(mona, block)
    assert upload(alice, jpeg(scene(), 60)).state == State.HELD


def test_it_can_be_let_match_again_at_any_time_and_that_undone_too(hub: Picture, mona: User) -> None:
    allowed = workflow.let_match_again(mona, hub, "Few use it now")
    assert not Picture.objects.get(pk=hub.pk).matching_blocked
    workflow.undo_decision(mona, allowed)
    assert Picture.objects.get(pk=hub.pk).matching_blocked
    assert find_violations() == []


@pytest.mark.parametrize("act", [workflow.block_from_matching, workflow.let_match_again])
def test_only_moderators_and_operators_do_it(act: Callable[..., Decision], live: Picture, bob: User) -> None:
    for user in (bob, person("rita", SiteRole.REVIEWER)):
        with pytest.raises(workflow.NotAllowed, match="Only moderators"):
            act(user, live, "so")


def test_somebody_else_was_first(hub: Picture, live: Picture, mona: User, bob: User) -> None:
    with pytest.raises(workflow.Conflict, match="out of matching"):
        workflow.block_from_matching(mona, live, "again")
    workflow.let_match_again(mona, live, "back")
    with pytest.raises(workflow.Conflict, match="matched again"):
        workflow.let_match_again(mona, live, "again")
    workflow.withdraw(bob, live)
    with pytest.raises(workflow.Conflict, match="published"):
        workflow.block_from_matching(mona, live, "gone")


def test_the_same_pixels_in_other_bytes_do_not_lead_to_it(held: Picture, hub: Picture) -> None:
    """As when a form is saved anew without a loss."""
    Picture.objects.filter(pk=held.pk).update(pixel_checksum=hub.pixel_checksum)
    query: Any = query_of(Picture.objects.get(pk=held.pk))
    assert find_look_alikes(query, conf().matching).found == ()


def test_an_answer_about_a_hub_is_still_taken(held: Picture, match: Match, hub: Picture, alice: User) -> None:
    workflow.answer(alice, held, match, Verdict.SAME)
    assert state_of(held) == State.WITHDRAWN
