"""A search through the whole library fills the review queue, once."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from board.models import User
from dedupe.management.commands import find_duplicates
from dedupe.models import Case, CaseKind, Match, Picture, State, Verdict
from dedupe.search import SearchFailed
from dedupe.workflow import Conflict, answer, close_case
from tests.dedupe.conftest import Upload, jpeg, scene


def run(name: str = "mod") -> str:
    out = io.StringIO()
    call_command("find_duplicates", "--as", name, stdout=out, stderr=io.StringIO())
    return out.getvalue()


@pytest.fixture
def pair(upload: Upload, alice: User, live: Picture, monkeypatch: pytest.MonkeyPatch) -> Picture:
    """Two look-alikes are live, as after an import into a board that asked less."""
    with monkeypatch.context() as unasking:
        unasking.setattr("dedupe.workflow.publication._without_decided", lambda picture, found: [])
        twin = upload(alice, jpeg(scene(), 60))
    assert twin.state == State.LIVE
    return twin


def test_a_new_pair_is_reported_once(pair: Picture, live: Picture, mod: User) -> None:
    assert "2 pictures searched, 1 pairs reported" in run()
    case = Case.objects.get()
    assert (case.kind, case.picture, case.opened_by) == (CaseKind.REPORT, pair, mod)
    assert case.match is not None
    assert case.match.other(pair) == live
    assert "0 pairs reported" in run()


def test_what_staff_found_different_is_not_reported_again(pair: Picture, mod: User) -> None:
    run()
    close_case(mod, Case.objects.get(), uphold=False)
    assert "0 pairs reported" in run()


def test_what_people_called_different_is_left_alone(
    held: Picture, match: Match, alice: User, mod: User
) -> None:
    answer(alice, held, match, Verdict.DIFFERENT)
    cases = Case.objects.count()
    assert "2 pictures searched, 0 pairs reported" in run()
    assert Case.objects.count() == cases


def test_pictures_without_a_fingerprint_are_passed_over(pair: Picture, mod: User) -> None:
    pair.fingerprints.all().delete()
    assert "0 pairs reported" in run()


def test_a_failed_search_is_said_and_does_not_end_the_others(
    pair: Picture, mod: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> None:
        raise SearchFailed("canceled")

    monkeypatch.setattr(find_duplicates, "find_look_alikes", fail)
    with pytest.raises(SystemExit):
        run()


def test_a_picture_that_goes_meanwhile_is_no_fault(
    pair: Picture, mod: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*args: Any) -> None:
        raise Conflict("Only published pictures can be reported.")

    monkeypatch.setattr(find_duplicates, "report_picture", gone)
    assert "0 pairs reported" in run()


@pytest.mark.parametrize("name", ["nobody", "alice"])
def test_only_staff_report(alice: User, name: str) -> None:
    with pytest.raises(CommandError, match="no staff account"):
        run(name)
