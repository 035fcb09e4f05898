"""Whatever is undone first, each thing is where the moves that still stand have led it."""

from __future__ import annotations

import pytest

from board.models import Comment, Favourite, User
from dedupe import workflow
from dedupe.invariants import find_violations
from dedupe.models import Decision, LedgerEntry, Match, Picture, State, Verdict
from tests.board.test_merging import merge, replace, twin
from tests.dedupe.conftest import live
from tests.uploads import Upload, jpeg, own_media, scene, upload

__all__ = ["live", "own_media", "twin", "upload"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def third(upload: Upload, alice: User) -> Picture:
    return upload(alice, jpeg(scene(9)))


@pytest.fixture
def said(twin: Picture, bob: User) -> Comment:
    """Bob's word on the twin."""
    return Comment.objects.create(picture=twin, author=bob, text="lovely")


def address_of(comment: Comment) -> str:
    return Comment.objects.select_related("picture").get(pk=comment.pk).picture.public_id


def undo(mod: User, *decisions: Decision) -> list[Decision]:
    return [workflow.undo_decision(mod, decision) for decision in decisions]


@pytest.mark.parametrize(("order", "between"), [((0, 1), "twin"), ((1, 0), "live")])
def test_two_merges_in_a_row_are_undone_in_either_order(
    order: tuple[int, int],
    between: str,
    twin: Picture,
    live: Picture,
    third: Picture,
    said: Comment,
    mod: User,
) -> None:
    merges = merge(mod, twin, live), merge(mod, live, third)
    assert address_of(said) == third.public_id
    undo(mod, merges[order[0]])
    assert address_of(said) == {"twin": twin, "live": live}[between].public_id
    undo(mod, merges[order[1]])
    assert address_of(said) == twin.public_id


def test_an_undo_that_is_undone_leads_the_thing_on_again(
    twin: Picture, live: Picture, third: Picture, said: Comment, mod: User
) -> None:
    first, second = merge(mod, twin, live), merge(mod, live, third)
    undone_first, undone_second = undo(mod, first, second)
    undo(mod, undone_first)
    assert address_of(said) == live.public_id
    undo(mod, undone_second)
    assert address_of(said) == third.public_id


def test_a_merge_is_undone_though_its_address_went_to_a_better_copy_since(
    upload: Upload, twin: Picture, live: Picture, said: Comment, alice: User, mod: User
) -> None:
    merged = merge(mod, twin, live)
    address, better = live.public_id, upload(alice, jpeg(scene(), 97))
    replaced = replace(alice, mod, better)
    assert address_of(said) == address
    undo(mod, merged)
    assert address_of(said) == twin.public_id
    undo(mod, replaced)
    assert address_of(said) == twin.public_id
    assert find_violations(read_bytes=True) == []


def test_what_was_said_of_a_better_copy_while_it_was_published_goes_with_it_and_comes_back(
    upload: Upload, live: Picture, alice: User, bob: User, mod: User
) -> None:
    better = upload(alice, jpeg(scene(), 97))
    answer = workflow.answer(alice, better, Match.objects.get(query=better), Verdict.DIFFERENT)
    known = better.public_id
    said = [Comment.objects.create(picture=each, author=bob, text="fine") for each in (better, live)]
    liked = [Favourite.objects.create(picture=each, person=bob) for each in (better, live)]
    undo(mod, answer)
    better.refresh_from_db()
    replaced = replace(alice, mod, better)
    assert [address_of(each) for each in said] == [live.public_id] * 2
    assert better.comments.count() == 2
    undo(mod, replaced)
    assert [address_of(each) for each in said] == [known, live.public_id]
    assert {each.pk for each in liked} == {each.favourites.get().pk for each in (better, live)}


def test_a_picture_that_is_split_off_takes_its_own_along_wherever_it_went(
    twin: Picture, live: Picture, third: Picture, said: Comment, mod: User
) -> None:
    merge(mod, twin, live)
    twin.refresh_from_db()
    split = workflow.split_off(mod, twin, Verdict.VARIANT, "other light")
    assert address_of(said) == twin.public_id
    undo(mod, split)
    assert address_of(said) == live.public_id
    merge(mod, live, third)
    assert address_of(said) == third.public_id


def test_moves_that_were_noted_by_picture_are_taken_back_too(
    twin: Picture, live: Picture, alice: User, mod: User
) -> None:
    merged = merge(mod, twin, live)
    said = Comment.objects.create(picture=live, author=alice, text="from before")
    LedgerEntry.objects.create(
        decision=merged, model="site:comment", row=said.pk, field="picture_id", before=twin.pk, after=live.pk
    )
    (undone,) = undo(mod, merged)
    assert address_of(said) == twin.public_id
    undo(mod, undone)
    assert address_of(said) == live.public_id
    assert Picture.objects.get(pk=twin.pk).state == State.WITHDRAWN


def test_a_merge_does_not_hold_again_when_its_keeper_leads_elsewhere(
    twin: Picture, live: Picture, third: Picture, said: Comment, mod: User
) -> None:
    first = merge(mod, twin, live)
    (undone,) = undo(mod, first)
    second = merge(mod, live, third)
    with pytest.raises(workflow.Conflict, match="A later decision"):
        undo(mod, undone)
    undo(mod, second)
    undo(mod, undone)
    assert address_of(said) == live.public_id
    assert find_violations(read_bytes=True) == []


def test_a_merge_does_not_hold_again_when_others_were_merged_into_the_copy(
    twin: Picture, live: Picture, third: Picture, mod: User
) -> None:
    (undone,) = undo(mod, merge(mod, twin, live))
    merge(mod, third, twin)
    with pytest.raises(workflow.Conflict, match="A later decision"):
        undo(mod, undone)
    assert find_violations(read_bytes=True) == []
