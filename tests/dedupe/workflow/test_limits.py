"""What the search behind a check did not look at is kept with the upload."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from board.models import User
from dedupe.models import Picture, State, Verdict
from dedupe.search import Candidate, Candidates, verification
from dedupe.search.verification import COMPARED, SHOWN
from tests.dedupe.conftest import Upload, jpeg, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_live(say: Callable[..., Any], held: Picture, live: Picture) -> None:
    """Two pictures that look alike are live: Alice called hers a variant."""
    say(Verdict.VARIANT)


def limits_of(picture: Picture) -> tuple[list[str], list[str]]:
    picture.refresh_from_db()
    return picture.check_cut, picture.check_not_searched


def test_nothing_is_kept_when_all_was_looked_at(held: Picture, live: Picture) -> None:
    assert limits_of(held) == ([], [])
    assert limits_of(live) == ([], [])


def test_a_full_branch_is_kept(upload: Upload, alice: User, live: Picture, settings: Any) -> None:
    settings.DEDUPE = {"branch_limit": 1}
    copy = upload(alice, jpeg(scene(), 60))
    assert copy.state == State.HELD
    assert "hash0" in copy.check_cut


def test_look_alikes_beyond_those_compared_are_kept(
    upload: Upload, alice: User, two_live: None, settings: Any
) -> None:
    settings.DEDUPE = {"verified_candidates": 1}
    assert limits_of(upload(alice, jpeg(scene(), 75))) == ([COMPARED], [])


def test_look_alikes_beyond_those_shown_are_kept(
    upload: Upload, alice: User, two_live: None, settings: Any
) -> None:
    settings.DEDUPE = {"shown_matches": 1}
    asked = upload(alice, jpeg(scene(), 75))
    assert limits_of(asked) == ([SHOWN], [])
    assert asked.matches.count() == 1


def test_candidates_that_are_no_look_alikes_leave_nothing_to_say(
    upload: Upload, alice: User, bob: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [upload(bob, jpeg(scene(seed))) for seed in (2, 3, 4)]
    candidates = tuple(Candidate(each.pk, {"words"}, votes=9) for each in others)
    monkeypatch.setattr(verification, "find_candidates", lambda *asked: Candidates(candidates, ()))
    settings.DEDUPE = {"verified_candidates": 2}
    assert limits_of(upload(alice, jpeg(scene(5)))) == ([], [])


def test_a_route_that_does_not_answer_is_kept(
    upload: Upload, alice: User, live: Picture, settings: Any
) -> None:
    settings.DEDUPE = {"embedders": [{"class": "no.such.Embedder"}]}
    assert limits_of(upload(alice, jpeg(scene(), 60))) == ([], ["embedding:no.such.Embedder"])
