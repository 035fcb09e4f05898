"""Publishing one at a time: compared before the lock, looked again under it, and begun anew for newcomers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from board.models import User
from dedupe import storage, workflow
from dedupe.jail.client import analyse_file, compare_views
from dedupe.models import CheckOutcome, Match, Picture, State, Verdict
from dedupe.search import Comparisons, NotCompared, Query, SearchFailed, comparisons
from dedupe.workflow import answers, numbers, publication, sweep
from dedupe.workflow.ledger import lock_pictures
from dedupe.workflow.publication import known_query_of, settle, with_comparisons
from tests.dedupe.conftest import Upload, brighter, jpeg, scene, state_of, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def claimed(alice: User) -> tuple[Picture, Query]:
    """An upload of Alice whose numbers are kept and which nobody has settled."""
    kept: list[tuple[Picture, Query]] = []
    picture = submit(alice, jpeg(scene(), 70))
    workflow.analyse_picture(picture.pk, then=lambda *leased: kept.append(leased))
    return kept[0]


def settling(picture: Picture) -> Callable[[Comparisons], None]:
    def act(known: Comparisons) -> None:
        with transaction.atomic():
            settle(lock_pictures(picture.pk)[picture.pk], known)

    return act


def settle_after(claimed: tuple[Picture, Query], happening: Callable[[int], object]) -> int:
    """Settle a picture with something happening between each look and the lock; the number of rounds it took."""
    picture, query = claimed
    rounds = 0

    def act(known: Comparisons) -> None:
        nonlocal rounds
        rounds += 1
        happening(rounds)
        settling(picture)(known)

    with_comparisons(query, act)
    return rounds


@pytest.mark.hostile("I8")
def test_a_picture_published_between_the_look_and_the_lock_sends_the_publisher_back(
    claimed: tuple[Picture, Query], upload: Upload, bob: User
) -> None:
    def publish_once(number: int) -> None:
        if number == 1:
            upload(bob, jpeg(scene(), 92))

    assert settle_after(claimed, publish_once) == 2
    assert state_of(claimed[0]) == State.HELD
    assert Match.objects.get(query=claimed[0]).candidate.owner == bob


def test_a_newcomer_that_is_no_candidate_sends_nobody_back(
    claimed: tuple[Picture, Query], upload: Upload, bob: User
) -> None:
    assert settle_after(claimed, lambda _: upload(bob, jpeg(scene(seed=9)))) == 1
    assert state_of(claimed[0]) == State.LIVE


def test_newcomers_without_end_are_a_failed_search(
    claimed: tuple[Picture, Query], monkeypatch: pytest.MonkeyPatch
) -> None:
    picture, query = claimed
    monkeypatch.setattr(publication, "_ROUNDS", 3)
    rounds: list[int] = []

    def act(known: Comparisons) -> None:
        rounds.append(1)
        raise NotCompared([picture.pk])

    with pytest.raises(SearchFailed, match="3 times"):
        with_comparisons(query, act)
    assert len(rounds) == 3


def test_an_upload_that_gave_up_waiting_is_analysed_again_later(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publication, "_ROUNDS", 0)
    picture = submit(alice, jpeg(scene()))
    workflow.analyse_picture(picture.pk)
    picture.refresh_from_db()
    assert (picture.state, picture.attempts, picture.setbacks) == (State.STAGED, 0, 1)


def test_what_the_act_gives_is_given_back(claimed: tuple[Picture, Query]) -> None:
    assert with_comparisons(claimed[1], lambda known: 5) == 5


def test_a_picture_of_an_older_version_has_to_be_analysed_first(live: Picture) -> None:
    live.fingerprints.update(version=1)
    with pytest.raises(SearchFailed, match="backfill_fingerprints"):
        known_query_of(live)


def test_an_upload_that_was_put_back_after_the_look_is_answered_once_more(
    held: Picture, match: Match, alice: User
) -> None:
    with pytest.raises(workflow.Conflict, match="once more"):
        answers._record(alice, held, match, Verdict.DIFFERENT, "", None)
    assert state_of(held) == State.HELD
    match.refresh_from_db()
    assert match.verdict == ""


def test_an_answer_to_a_picture_read_long_ago_is_taken(held: Picture, match: Match, alice: User) -> None:
    old = Picture.objects.get(pk=held.pk)
    old.state = State.ANALYSING
    workflow.answer(alice, old, match, Verdict.VARIANT)
    assert state_of(held) == State.LIVE


def test_the_outcome_of_a_check_is_kept(upload: Upload, alice: User, claimed: tuple[Picture, Query]) -> None:
    picture, query = claimed
    with_comparisons(query, settling(picture))
    picture.refresh_from_db()
    assert picture.check_outcome == CheckOutcome.NONE_FOUND


@pytest.mark.django_db(transaction=True)
def test_nothing_is_read_or_compared_while_the_publication_lock_is_held(
    upload: Upload, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    locks: list[tuple[str, int]] = []

    def watched(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
                )
                locks.append((name, cursor.fetchone()[0]))
            return real(*arguments, **options)

        return call

    monkeypatch.setattr(storage, "read_rendition", watched("read", storage.read_rendition))
    monkeypatch.setattr(comparisons, "compare_views", watched("compare", compare_views))
    monkeypatch.setattr(numbers, "analyse_file", watched("decode", analyse_file))
    live = upload(bob, jpeg(scene(), 92))
    variant = upload(alice, jpeg(brighter(scene(), 1.3), 80))
    workflow.answer(alice, variant, Match.objects.get(query=variant), Verdict.VARIANT)
    third = upload(alice, jpeg(scene(), 60))
    workflow.withdraw(bob, live)
    Match.objects.filter(query=third).update(verdict=Verdict.DIFFERENT)
    assert sweep.settle_needlessly_held() == 1
    assert {name for name, _ in locks} == {"read", "compare", "decode"}
    assert {held for _, held in locks} == {0}
