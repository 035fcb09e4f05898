"""The work of the clock is bounded, goes on where it stopped, and writes down what it found."""

from __future__ import annotations

import pytest

from board.models import User
from dedupe import tasks
from dedupe.models import Fingerprint, Picture, Upkeep, UpkeepKind
from dedupe.workflow import upkeep
from tests.cases import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(alice: User, monkeypatch: pytest.MonkeyPatch) -> list[Picture]:
    """Seven pictures without fingerprints, whose bytes are taken for present; two at a time are patrolled."""
    monkeypatch.setattr(upkeep, "_STRETCH", 2)
    monkeypatch.setattr("dedupe.invariants.storage.originals", lambda: Present())
    monkeypatch.setattr("dedupe.invariants.storage.renditions", lambda: Present())
    return [published(alice) for _ in range(7)]


class Present:
    def exists(self, name: str) -> bool:
        return True

    def listdir(self, prefix: str) -> tuple[list[str], list[str]]:
        return [], []


def test_a_patrol_goes_round_in_bounded_steps_and_finds_everything(library: list[Picture]) -> None:
    seen = [upkeep.run_patrol(seconds=0)["I6"] for _ in range(4)]
    assert seen == [2, 4, 6, 7]
    assert upkeep.run_patrol()["I6"] == 7


def test_what_was_put_right_is_told_until_a_round_has_passed(library: list[Picture]) -> None:
    assert upkeep.run_patrol()["I6"] == 7
    Picture.objects.update(state="removed")
    assert upkeep.run_patrol(seconds=0)["I6"] == 7
    assert upkeep.run_patrol()["I6"] == 0


def test_new_and_gone_pictures_do_not_stop_the_round(library: list[Picture], alice: User) -> None:
    upkeep.run_patrol(seconds=0)
    published(alice)
    assert upkeep.run_patrol()["I6"] == 8
    assert not Fingerprint.objects.exists()


def test_an_empty_library_is_in_order() -> None:
    assert set(upkeep.run_patrol().values()) == {0}


def test_a_census_counts_and_takes_no_more_than_its_share_of_time(library: list[Picture]) -> None:
    assert upkeep.run_census()
    row = Upkeep.objects.get(kind=UpkeepKind.CENSUS)
    assert (row.findings["pictures.live"], row.findings["outdated"]) == (7, 7)
    Upkeep.objects.update(seconds=10)
    assert not upkeep.run_census()


def test_the_clock_says_what_is_broken(library: list[Picture], caplog: pytest.LogCaptureFixture) -> None:
    tasks.patrol()
    tasks.census()
    tasks.sweep(prefixes=1)
    assert "Invariant I6 is broken 7 times" in caplog.text
    assert set(Upkeep.objects.values_list("kind", flat=True)) == set(UpkeepKind.values)
