"""The measure of success through the API."""

from __future__ import annotations

import pytest

from dedupe import workflow
from dedupe.models import Match, Picture, Verdict
from tests.board.api.conftest import Actor, problem_of


def test_what_was_said_is_counted(alice: Actor, mod: Actor, held: Picture, match: Match) -> None:
    workflow.answer(alice.user, held, match, Verdict.SAME)
    body = mod.get("stats").json()
    assert (body["uploads"], body["uploads_asked"], body["identical"]) == (2, 1, 0)
    assert (body["tally"]["asked"], body["tally"]["same"], body["tally"]["precision"]) == (1, 1, 1.0)
    assert body["bytes_saved"] == held.size_bytes
    assert body["median_seconds_to_decide"] >= 0
    assert sum(band["asked"] for band in body["bands"]) == 1
    assert body["bands"][1]["low"] == 1
    assert body["matching"]["ask_probability"] == 0.5
    assert body["settings_version"]


def test_an_empty_board_has_no_shares(mod: Actor) -> None:
    body = mod.get("stats", days=7).json()
    assert body["uploads"] == 0
    assert body["tally"]["precision"] is None
    assert body["median_seconds_to_decide"] is None


@pytest.mark.parametrize("days", ["0", "-1", "4000", "x"])
def test_days_are_bounded(mod: Actor, days: str) -> None:
    problem_of(mod.get("stats", days=days), 422)
