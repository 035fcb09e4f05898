"""A merge and the undo of an earlier one at the same moment, on threads with their own connections."""

from __future__ import annotations

from functools import partial

import pytest

from board.models import Comment, User
from dedupe import workflow
from dedupe.invariants import find_violations
from dedupe.models import Decision, Picture
from tests.board.test_merging import merge
from tests.dedupe.conftest import own_media
from tests.dedupe.workflow.test_races import at_once
from tests.uploads import Upload, jpeg, scene, upload

__all__ = ["own_media", "upload"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("turn", range(6))
def test_what_is_given_back_is_not_taken_along_by_a_merge_at_the_same_moment(
    turn: int, upload: Upload, alice: User, bob: User, mod: User
) -> None:
    first, second, third = (upload(alice, jpeg(scene(seed=seed))) for seed in (1, 2, 3))
    said = [Comment.objects.create(picture=first, author=bob, text=f"word {number}") for number in range(8)]
    merged = merge(mod, first, second)
    case = workflow.report_picture(mod, second, "the same", third)
    acts = [
        partial(workflow.undo_decision, mod, merged),
        partial(workflow.close_case, mod, case, uphold=True),
    ]
    outcomes = at_once(acts if turn % 2 else acts[::-1])
    assert all(isinstance(outcome, Decision) for outcome in outcomes), outcomes
    assert {Comment.objects.get(pk=each.pk).picture_id for each in said} == {first.pk}
    assert Picture.objects.get(pk=first.pk).duplicate_of is None
    assert find_violations(read_bytes=True) == []
