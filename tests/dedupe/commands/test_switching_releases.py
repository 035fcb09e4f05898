"""A change of the algorithm without downtime: the new release measures beside the old one, which serves on."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from board.models import User
from dedupe.conf import conf
from dedupe.imaging import Refusal, Refused
from dedupe.imaging.words import WORDS_VERSION
from dedupe.invariants import find_violations
from dedupe.management.commands import backfill_fingerprints
from dedupe.models import Case, Fingerprint, Match, PendingSearch, Picture, State, Verdict, Walk
from dedupe.search import find_candidates, query_of
from dedupe.search.completeness import EARLIER, library_is_measured
from dedupe.workflow import answer, library_search, undo_decision, walks, withdraw
from dedupe.workflow.backfill import note_complete_library, outdated
from dedupe.workflow.publication import take_publication_lock
from dedupe.workflow.sweep import settle_needlessly_held
from tests.dedupe.conftest import Upload, jpeg, scene
from tests.dedupe.releases import NEW, OLD, new_release

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def by_fingerprint_alone(settings: Any) -> None:
    """The words know nothing of these versions, and would find what the fingerprints miss."""
    settings.DEDUPE = {"words_route": False}


def run(command: str, *options: str) -> str:
    said = io.StringIO()
    call_command(command, *options, stdout=said, stderr=said)
    return said.getvalue()


def measure_beside() -> str:
    with new_release():
        return run("backfill_fingerprints", "--beside")


def rows_of(picture: Picture) -> dict[str, list[Any]]:
    """All that the old release reads of a picture."""
    return {
        "picture": list(Picture.objects.filter(pk=picture.pk).values()),
        "fingerprints": list(picture.fingerprints.filter(version=OLD).order_by("pk").values()),
        "renditions": list(picture.renditions.order_by("pk").values()),
        "words": [bytes(picture.words.points)],
    }


def versions(picture: Picture) -> set[tuple[int, bool]]:
    return set(picture.fingerprints.values_list("version", "searchable"))


class TestBeside:
    """While the new release measures, the old one notices nothing."""

    def test_what_the_old_release_reads_is_not_touched(self, live: Picture) -> None:
        before = rows_of(live)
        assert "1 pictures brought up to date, 0 failed" in measure_beside()
        live.refresh_from_db()
        assert rows_of(live) == before
        assert versions(live) == {(OLD, True), (NEW, True)}

    def test_the_old_release_finds_the_same_candidates(
        self, live: Picture, held: Picture, upload: Upload, alice: User
    ) -> None:
        query = query_of(held)
        assert query is not None
        before = find_candidates(query, conf().matching)
        assert [each.picture_id for each in before.found] == [live.pk]
        measure_beside()
        assert find_candidates(query, conf().matching) == before
        assert upload(alice, jpeg(scene(), 70)).state == State.HELD
        assert [each for each in find_violations() if each.rule == "I6"] == []

    def test_the_new_rows_follow_the_picture(self, live: Picture, bob: User) -> None:
        measure_beside()
        decision = withdraw(bob, live)
        assert versions(live) == {(OLD, False), (NEW, False)}
        undo_decision(bob, decision)
        assert versions(live) == {(OLD, True), (NEW, True)}

    def test_a_broken_off_pass_goes_on(
        self, live: Picture, upload: Upload, bob: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        upload(bob, jpeg(scene(2)))
        step = walks.step

        def step_and_stop(*args: Any, **counts: Any) -> None:
            step(*args, **counts)
            raise KeyboardInterrupt

        with monkeypatch.context() as broken:
            broken.setattr("dedupe.management.walking.step", step_and_stop)
            with pytest.raises(SystemExit):
                measure_beside()
        with new_release():
            assert outdated().count() == 1
            assert not library_is_measured()
        assert "0 failed" in measure_beside()
        with new_release():
            assert not outdated().exists()
            assert library_is_measured()


class TestAfterTheSwitch:
    def test_everything_is_found(self, live: Picture, upload: Upload, alice: User) -> None:
        measure_beside()
        with new_release():
            copy = upload(alice, jpeg(scene(), 60))
            assert (copy.state, copy.check_not_searched) == (State.HELD, [])
            assert set(Match.objects.get(query=copy).routes) >= {"hash0", "window"}
            assert not outdated().exists()

    def test_without_a_pass_before_the_search_is_told_as_incomplete_and_done_again(
        self, live: Picture, upload: Upload, alice: User, mod: User
    ) -> None:
        with new_release():
            copy = upload(alice, jpeg(scene(), 60))
            assert (copy.state, copy.check_not_searched) == (State.LIVE, [EARLIER])
            with pytest.raises(CommandError, match="backfill_fingerprints first"):
                run("find_duplicates", "--as", "mod", "--pending")
            assert "find_duplicates --pending" in run("backfill_fingerprints")
            assert library_is_measured()
            said = run("find_duplicates", "--as", "mod", "--pending")
            assert "1 pictures searched again, 1 pairs reported" in said
            case = Case.objects.get()
            assert (case.picture, case.match and case.match.other(copy)) == (copy, live)
            assert not PendingSearch.objects.exists()

    def test_what_the_old_release_published_after_the_pass_is_compared_with_what_the_new_one_did(
        self, live: Picture, upload: Upload, alice: User, bob: User, mod: User
    ) -> None:
        measure_beside()
        late = upload(bob, jpeg(scene(5), 92))  # by a worker of the old release that has not been stopped yet
        with new_release():
            copy = upload(alice, jpeg(scene(5), 60))
            assert copy.state == State.LIVE, "neither release could see the picture of the other"
            assert "1 pictures were not compared with all others" in run("backfill_fingerprints")
            assert "1 pairs reported" in run("find_duplicates", "--as", "mod", "--pending")
        match = Case.objects.get().match
        assert match is not None
        assert {match.query, match.candidate} == {late, copy}

    def test_what_the_old_release_held_and_published_after_the_pass_is_compared_too(
        self, live: Picture, held: Picture, upload: Upload, alice: User, bob: User, mod: User
    ) -> None:
        measure_beside()
        withdraw(bob, live)
        with new_release():
            copy = upload(alice, jpeg(scene(), 75))
            assert copy.state == State.LIVE
        assert settle_needlessly_held() == 1
        held.refresh_from_db()
        assert held.state == State.LIVE, "the old release could not see what the new one published"
        with new_release():
            run("backfill_fingerprints")
            assert "1 pairs reported" in run("find_duplicates", "--as", "mod", "--pending")
        match = Case.objects.get().match
        assert match is not None
        assert {match.query, match.candidate} == {held, copy}

    def test_a_picture_that_fails_is_told_of_and_searched_when_it_succeeds(
        self, live: Picture, upload: Upload, alice: User, mod: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(picture: Picture, **options: Any) -> None:
            raise Refused(Refusal.BROKEN, "for a while")

        with new_release():
            with monkeypatch.context() as broken:
                broken.setattr(backfill_fingerprints, "bring_up_to_date", refuse)
                with pytest.raises(SystemExit):
                    run("backfill_fingerprints")
            assert upload(alice, jpeg(scene(), 60)).state == State.LIVE
            run("backfill_fingerprints")
            assert "1 pairs reported" in run("find_duplicates", "--as", "mod", "--pending")

    def test_a_held_upload_can_be_answered(self, held: Picture, match: Match, alice: User) -> None:
        measure_beside()
        with new_release():
            answer(alice, held, match, Verdict.DIFFERENT)
        held.refresh_from_db()
        assert held.state == State.LIVE


class TestWords:
    """A new version of the words cannot stand beside the old one: a pass beside does not pretend that it does."""

    def test_the_library_is_not_called_complete(self, live: Picture, monkeypatch: pytest.MonkeyPatch) -> None:
        for module in ("dedupe.workflow.backfill", "dedupe.search.completeness"):
            monkeypatch.setattr(f"{module}.WORDS_VERSION", WORDS_VERSION + 1)
        assert "The words have changed too" in measure_beside()
        with new_release():
            assert not library_is_measured()
            assert not outdated(beside=True).exists()
            assert outdated().exists()


class TestPruning:
    def test_older_rows_go_when_the_switch_is_done(self, live: Picture, upload: Upload, alice: User) -> None:
        measure_beside()
        with new_release():
            assert "1 fingerprints of older versions removed" in run("prune_fingerprints")
            assert versions(live) == {(NEW, True)}
            assert upload(alice, jpeg(scene(), 60)).state == State.HELD

    def test_the_old_release_does_not_remove_what_is_made_for_the_new(self, live: Picture) -> None:
        measure_beside()
        assert "0 fingerprints" in run("prune_fingerprints")
        assert versions(live) == {(OLD, True), (NEW, True)}

    def test_a_picture_without_newer_rows_keeps_its_own(
        self, live: Picture, upload: Upload, bob: User
    ) -> None:
        measure_beside()
        late = upload(bob, jpeg(scene(5), 92))
        with new_release():
            run("prune_fingerprints")
        assert versions(late) == {(OLD, True)}

    def test_before_the_library_is_measured_nothing_goes(self, live: Picture) -> None:
        with new_release(), pytest.raises(CommandError, match="backfill_fingerprints first"):
            run("prune_fingerprints")

    def test_it_works_through_many_rows_in_parts(
        self, live: Picture, upload: Upload, bob: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        upload(bob, jpeg(scene(2)))
        upload(bob, jpeg(scene(3)))
        measure_beside()
        monkeypatch.setattr("dedupe.management.commands.prune_fingerprints._AT_ONCE", 2)
        with new_release():
            assert "3 fingerprints" in run("prune_fingerprints")
        assert not Fingerprint.objects.filter(version=OLD).exists()


class TestAfterMigrate:
    def test_an_empty_library_counts_as_measured(self) -> None:
        assert library_is_measured()

    def test_one_with_older_numbers_does_not(self, live: Picture) -> None:
        with new_release():
            note_complete_library()
            assert not library_is_measured()

    def test_it_is_noted_once(self, live: Picture) -> None:
        note_complete_library()
        assert Walk.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_late_picture_is_searched_after_the_publications_that_are_under_way(
    upload: Upload, bob: User
) -> None:
    picture = upload(bob, jpeg(scene(), 92))
    searched = threading.Event()
    with transaction.atomic():
        take_publication_lock()
        thread = threading.Thread(target=_search_again, args=(picture, searched.set))
        thread.start()
        assert not searched.wait(1)
    thread.join(30)
    assert searched.is_set()


def _search_again(picture: Picture, tell: Callable[[], None]) -> None:
    try:
        library_search.look_alikes_again(picture)
        tell()
    finally:
        connection.close()
