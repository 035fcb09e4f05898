"""A search through the whole library fills the review queue, once."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from board.models import User
from dedupe.models import (
    Case,
    CaseKind,
    Match,
    PendingSearch,
    Picture,
    State,
    Stretch,
    Verdict,
    Walk,
    WalkKind,
    WalkState,
)
from dedupe.search import LookAlikes, SearchFailed
from dedupe.workflow import answer, close_case, library_search, walks, withdraw
from tests.dedupe.conftest import Upload, jpeg, scene

pytestmark = pytest.mark.django_db


def run(*options: str, name: str = "mod", status: int = 0) -> str:
    """What the command said on both streams, after it has ended with this status."""
    said = io.StringIO()
    ended = 0
    try:
        call_command("find_duplicates", "--as", name, *options, stdout=said, stderr=said)
    except SystemExit as end:
        ended = int(end.code or 0)
    assert ended == status, said.getvalue()
    return said.getvalue()


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
    assert (case.kind, case.picture, case.opened_by) == (CaseKind.FIND, pair, None)
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


def test_the_newer_of_a_pair_is_reported_also_when_only_the_older_finds_it(
    pair: Picture, live: Picture, mod: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = library_search.find_look_alikes

    def blind_in_one_eye(query: Any, *args: Any) -> LookAlikes:
        return LookAlikes((), False, ()) if pair.pk in query.leave_out else find(query, *args)

    monkeypatch.setattr(library_search, "find_look_alikes", blind_in_one_eye)
    assert "1 pairs reported" in run()
    case = Case.objects.get()
    assert (case.picture, case.match and case.match.query) == (pair, live)
    close_case(mod, case, uphold=True)
    pair.refresh_from_db()
    assert (pair.state, pair.duplicate_of_id) == (State.WITHDRAWN, live.pk)


def test_a_pair_that_goes_while_it_is_compared_is_no_fault(
    pair: Picture, alice: User, mod: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = library_search.find_look_alikes

    def and_withdraw(*args: Any) -> LookAlikes:
        found = find(*args)
        if Picture.objects.get(pk=pair.pk).state == State.LIVE:
            withdraw(alice, pair)
        return found

    monkeypatch.setattr(library_search, "find_look_alikes", and_withdraw)
    assert "0 pairs reported" in run()


class TestFailures:
    """A search that fails is said, kept, and tried again."""

    @pytest.fixture
    def failing(self, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
        def fail(*args: Any) -> None:
            raise SearchFailed("canceled")

        monkeypatch.setattr(library_search, "find_look_alikes", fail)
        return monkeypatch

    def test_it_is_said_and_does_not_end_the_others(
        self, pair: Picture, mod: User, failing: pytest.MonkeyPatch
    ) -> None:
        said = run(status=1)
        assert f"{pair.public_id}: canceled" in said
        assert "2 pictures searched, 0 pairs reported" in said
        assert "2 pictures could not be searched" in said
        assert Walk.objects.get(kind=WalkKind.DUPLICATES).failed == 2

    def test_the_next_start_tries_it_again(
        self, pair: Picture, mod: User, failing: pytest.MonkeyPatch
    ) -> None:
        run(status=1)
        failing.undo()
        assert "2 pictures searched again, 1 pairs reported" in run("--pending")
        assert not PendingSearch.objects.exists()

    def test_a_picture_of_an_older_version_is_one(self, pair: Picture, mod: User) -> None:
        pair.fingerprints.all().delete()
        assert "backfill_fingerprints" in run(status=1)

    def test_a_picture_that_is_withdrawn_is_not_searched(
        self, pair: Picture, alice: User, mod: User, failing: pytest.MonkeyPatch
    ) -> None:
        run(status=1)
        withdraw(alice, pair)
        assert "1 pictures could not be searched" in run("--pending", status=1)

    def test_when_all_fail_it_ends_and_says_so(
        self, pair: Picture, mod: User, failing: pytest.MonkeyPatch
    ) -> None:
        failing.setattr("dedupe.management.walking._FAILURES_IN_A_ROW", 2)
        with pytest.raises(CommandError, match="2 pictures in a row have failed, the last because canceled"):
            run()
        failing.undo()
        assert "1 pairs reported" in run()


def stop_after(pictures: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Interrupt the search before it takes up a further picture; returns the list of those searched."""
    searched: list[int] = []
    search = library_search.look_alikes_of

    def interrupted(picture: Picture) -> Any:
        if len(searched) == pictures:
            raise KeyboardInterrupt
        searched.append(picture.pk)
        return search(picture)

    monkeypatch.setattr("dedupe.management.commands.find_duplicates.look_alikes_of", interrupted)
    return searched


class TestGoingOn:
    """What is done is not done again, however the search was broken off."""

    @pytest.fixture(autouse=True)
    def short_stretches(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(walks, "stretch_size", lambda walk: 2)

    @pytest.fixture
    def five(self, pair: Picture, upload: Upload, bob: User) -> list[int]:
        """Five live pictures, two of them alike."""
        for seed in (2, 3, 4):
            upload(bob, jpeg(scene(seed)))
        return list(Picture.objects.live().order_by("pk").values_list("pk", flat=True))

    def test_ctrl_c_ends_it_with_words_and_the_next_start_goes_on(
        self, five: list[int], mod: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = stop_after(3, monkeypatch)
        assert "Start the same command again to go on" in run(status=130)
        second = stop_after(99, monkeypatch)
        said = run()
        assert "Going on after 3 of 5" in said
        assert "5 pictures searched, 1 pairs reported" in said
        assert (first, second) == (five[:3], five[3:])
        assert not Stretch.objects.exists()

    def test_a_stretch_of_a_killed_process_is_taken_up_where_it_stopped(
        self, five: list[int], mod: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = stop_after(3, monkeypatch)
        with monkeypatch.context() as killed:
            killed.setattr("dedupe.management.walking.lay_down", lambda stretch: None)
            run(status=130)
        second = stop_after(99, monkeypatch)
        naps: list[float] = []

        def sleep(seconds: float) -> None:
            naps.append(seconds)
            Stretch.objects.update(lease_until=timezone.now())

        monkeypatch.setattr("dedupe.management.walking.time.sleep", sleep)
        run()
        assert naps, "it waits for the lease of the other process, and not before all else is done"
        assert (first, second) == (five[:3], [five[4], five[3]])

    def test_other_settings_begin_anew_unless_told_otherwise(
        self, five: list[int], mod: User, monkeypatch: pytest.MonkeyPatch, settings: Any
    ) -> None:
        stop_after(3, monkeypatch)
        run(status=130)
        settings.DEDUPE = {"ask_probability": 0.6}
        anew = stop_after(1, monkeypatch)
        assert "The settings have changed" in run(status=130)
        assert anew == five[:1]
        settings.DEDUPE = {"ask_probability": 0.7}
        further = stop_after(99, monkeypatch)
        assert "Going on after 1 of 5" in run("--go-on")
        assert further == five[1:]
        states = list(
            Walk.objects.filter(kind=WalkKind.DUPLICATES).order_by("pk").values_list("state", flat=True)
        )
        assert states == [WalkState.GIVEN_UP, WalkState.FINISHED]

    def test_it_can_be_begun_again(self, five: list[int], mod: User, monkeypatch: pytest.MonkeyPatch) -> None:
        stop_after(3, monkeypatch)
        run(status=130)
        again = stop_after(99, monkeypatch)
        run("--restart")
        assert again == five

    def test_a_process_whose_walk_was_given_up_says_so(
        self, five: list[int], mod: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def begin_anew(picture: Picture) -> Any:
            version = library_search.searched_by()
            walks.begin_or_go_on(WalkKind.DUPLICATES, version, Picture.objects.live(), anew=True)
            return ()

        monkeypatch.setattr("dedupe.management.commands.find_duplicates.look_alikes_of", begin_anew)
        with pytest.raises(CommandError, match="ended meanwhile"):
            run()

    def test_a_process_that_comes_when_another_has_ended_the_walk_finds_nothing_left(
        self, five: list[int], mod: User
    ) -> None:
        run()
        walk = Walk.objects.filter(state=WalkState.FINISHED).latest("pk")
        assert walks.take_stretch(walk, Picture.objects.live()) is None
        assert not walks.finish(walk), "somebody was first"

    def test_pictures_published_meanwhile_were_asked_about_and_are_not_searched(
        self, five: list[int], mod: User, monkeypatch: pytest.MonkeyPatch, upload: Upload, alice: User
    ) -> None:
        stop_after(3, monkeypatch)
        run(status=130)
        upload(alice, jpeg(scene(9)))
        rest = stop_after(99, monkeypatch)
        run()
        assert rest == five[3:]

    def test_a_lost_database_is_said(
        self, five: list[int], mod: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def lost(picture: Picture) -> Any:
            raise OperationalError("the connection is lost")

        monkeypatch.setattr("dedupe.management.commands.find_duplicates.look_alikes_of", lost)
        with pytest.raises(CommandError, match="The database does not answer"):
            run()


def test_a_library_that_is_not_up_to_date_is_not_searched(pair: Picture, mod: User) -> None:
    Walk.objects.all().delete()
    with pytest.raises(CommandError, match="backfill_fingerprints first"):
        run()


@pytest.mark.parametrize("name", ["nobody", "alice"])
def test_only_staff_report(alice: User, name: str) -> None:
    with pytest.raises(CommandError, match="no staff account"):
        run(name=name)


@pytest.mark.parametrize("words", ["-1", "21", "long", "nan"])
def test_a_rest_is_a_number_of_seconds_that_leaves_its_stretch_leased(
    mod: User, settings: Any, words: str
) -> None:
    settings.DEDUPE = {"lease_seconds": 40}
    with pytest.raises(CommandError, match="a number of seconds from 0 to 20 is needed"):
        call_command("find_duplicates", "--as", "mod", "--rest", words)
