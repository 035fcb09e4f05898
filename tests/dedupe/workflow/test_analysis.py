"""Claims, outages and refusals while an upload is checked."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone
from PIL import ImageOps

from board.models import User
from dedupe import storage, workflow
from dedupe.conf import conf
from dedupe.imaging import ALGORITHM_VERSION, WHOLE, Refusal, Refused, analyse
from dedupe.jail.client import ChildKilled
from dedupe.models import CheckOutcome, Embedding, Fingerprint, Match, Picture, State, Verdict
from dedupe.search import SearchFailed, query_of
from dedupe.search.candidates import find_candidates
from dedupe.search.embedders import Embeddings
from dedupe.search.embeddings import embeddings_of
from dedupe.workflow import analysis, numbers
from dedupe.workflow.publication import known_query_of
from tests.dedupe.conftest import Upload, brighter, jpeg, scene, state_of, submit
from tests.memory import forget
from tests.pictures import cutout, encoded, flat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> None:
    """Here the analysis is the subject."""
    forget()


def test_a_picture_like_no_other_is_published(upload: Upload, alice: User) -> None:
    picture = upload(alice, jpeg(scene()))
    assert (picture.state, picture.check_outcome) == (State.LIVE, CheckOutcome.NONE_FOUND)
    assert (picture.format, picture.width, picture.height, picture.frames) == ("jpeg", 320, 240, 1)
    fingerprint = picture.fingerprints.get()
    assert (fingerprint.version, fingerprint.searchable) == (ALGORITHM_VERSION, True)
    assert {rendition.kind for rendition in picture.renditions.all()} == {"large", "small", "view"}


def test_a_look_alike_is_held_with_its_evidence(held: Picture, match: Match, live: Picture) -> None:
    assert held.check_outcome == CheckOutcome.MATCHES
    assert (match.query, match.candidate, match.verdict) == (held, live, "")
    assert match.probability > 0.9
    assert match.evidence["dct"] == match.distance
    assert match.routes
    assert not held.fingerprints.get().searchable


def test_a_picture_of_something_else_is_not_accused(upload: Upload, alice: User, live: Picture) -> None:
    assert upload(alice, jpeg(scene(seed=2))).state == State.LIVE


def test_identical_bytes_lead_to_the_picture_we_have_without_a_question(
    upload: Upload, alice: User, live: Picture
) -> None:
    picture = upload(alice, jpeg(scene(), 92))
    assert (picture.state, picture.duplicate_of) == (State.WITHDRAWN, live)
    decision = picture.decisions.get()
    assert (decision.role, decision.actor, decision.verdict) == ("machine", None, Verdict.SAME)


@pytest.mark.hostile("input 15")
def test_flat_pictures_are_not_accused_on_a_hash_alone(upload: Upload, alice: User, bob: User) -> None:
    first = upload(bob, jpeg(flat((250, 250, 250), (320, 240))))
    second = upload(alice, jpeg(flat((249, 249, 249), (320, 240))))
    assert (first.state, second.state) == (State.LIVE, State.LIVE)
    assert second.check_outcome == CheckOutcome.TOO_LITTLE_DETAIL


@pytest.mark.hostile("input 15")
def test_a_picture_made_to_collide_in_every_hash_is_compared_and_published(
    upload: Upload, alice: User, bob: User
) -> None:
    victim = upload(bob, jpeg(scene(seed=1)))
    crafted = jpeg(scene(seed=2))
    Fingerprint.objects.filter(picture=victim).update(**numbers._columns(analyse(crafted).fingerprint))
    picture = upload(alice, crafted)
    assert find_candidates(known_query_of(picture), conf().matching).found, "they do collide"
    assert picture.state == State.LIVE
    Picture.objects.filter(pk=picture.pk).update(state=State.EXPIRED)
    Picture.objects.filter(pk=victim.pk).update(pixel_checksum=picture.pixel_checksum)
    again = upload(alice, jpeg(scene(seed=2)))
    assert again.state == State.HELD, "a question at most"


def test_a_broken_file_is_rejected_with_its_reason(upload: Upload, alice: User) -> None:
    picture = upload(alice, jpeg(scene())[:600])
    assert (picture.state, picture.refusal) == (State.REJECTED, "broken")
    assert not picture.fingerprints.exists()


@pytest.mark.hostile("I7")
def test_bytes_that_changed_in_storage_are_never_published(alice: User) -> None:
    picture = submit(alice, jpeg(scene()))
    with storage.originals().open(picture.storage_key, "wb") as stored:
        stored.write(jpeg(scene(seed=9)))
    workflow.analyse_picture(picture.pk)
    picture.refresh_from_db()
    assert (picture.state, picture.refusal) == (State.REJECTED, "broken")


@pytest.mark.hostile("fault: commit without PUT")
def test_a_file_that_vanished_from_storage_rejects_the_upload(alice: User) -> None:
    picture = submit(alice, jpeg(scene()))
    storage.delete_original(picture.storage_key)
    workflow.analyse_picture(picture.pk)
    picture.refresh_from_db()
    assert picture.state == State.REJECTED


def test_every_treatment_has_its_row(upload: Upload, alice: User) -> None:
    framed = upload(alice, jpeg(ImageOps.expand(scene(), 40, "white")))
    full, trimmed = framed.fingerprints.order_by("treatment")
    assert (full.treatment, trimmed.treatment) == ("full", "trimmed")
    assert full.numbers().box == WHOLE
    assert trimmed.numbers().box == pytest.approx((0.1, 0.125, 0.9, 0.875), abs=0.02)
    assert full.searchable
    assert trimmed.searchable


def test_a_second_analysis_removes_what_it_did_not_find_again(alice: User) -> None:
    picture = submit(alice, jpeg(scene()))
    claimed = analysis.claim(picture.pk)
    assert claimed is not None
    none = Embeddings((), ())
    first = analyse(jpeg(ImageOps.expand(scene(), 40, "white")))
    analysis.keep_numbers(claimed, first, [(each, f"first-{each.kind}") for each in first.renditions], none)
    again = analyse(jpeg(scene()))
    analysis.keep_numbers(
        claimed, again, [(each, f"again-{each.kind}") for each in again.renditions[:2]], none
    )
    assert [row.treatment for row in picture.fingerprints.all()] == ["full"]
    assert {row.key for row in picture.renditions.all()} == {"again-large", "again-small"}


def test_a_cut_out_keeps_views_over_white_and_over_black(upload: Upload, alice: User) -> None:
    picture = upload(alice, encoded(cutout()), "cutout.png")
    kinds = {row.kind for row in picture.renditions.all()}
    assert kinds == {"large", "small", "view", "view_black"}
    assert all(storage.renditions().exists(row.key) for row in picture.renditions.all())


def test_only_one_worker_gets_a_picture(alice: User) -> None:
    picture = submit(alice, jpeg(scene()))
    assert analysis.claim(picture.pk) is not None
    assert analysis.claim(picture.pk) is None


def test_a_settled_picture_is_not_taken_again(live: Picture) -> None:
    workflow.analyse_picture(live.pk)
    assert Picture.objects.get(pk=live.pk).attempts == 1


@pytest.mark.hostile("fault: two runs overlap")
def test_a_lease_that_ran_out_can_be_taken_over_and_the_first_worker_changes_nothing_more(
    alice: User,
) -> None:
    picture = submit(alice, jpeg(scene()))
    slow = analysis.claim(picture.pk)
    assert slow is not None
    Picture.objects.filter(pk=picture.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    workflow.analyse_picture(picture.pk)
    assert Picture.objects.get(pk=picture.pk).state == State.LIVE
    query = query_of(slow)
    assert query is not None
    with pytest.raises(workflow.Conflict):
        analysis.settle_claimed(slow, query)
    analysis.reject(slow, Refused(Refusal.BROKEN, "late"))
    assert Picture.objects.get(pk=picture.pk).state == State.LIVE


def test_an_analysis_that_was_taken_over_in_the_middle_is_dropped_quietly(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = submit(alice, jpeg(scene()))

    def lose_the_lease(*_: Any) -> None:
        raise workflow.Conflict("lost")

    monkeypatch.setattr(analysis, "keep_numbers", lose_the_lease)
    workflow.analyse_picture(picture.pk)
    assert Picture.objects.get(pk=picture.pk).state == State.ANALYSING


@pytest.mark.parametrize("error", [storage.StorageUnavailable("tarpit"), SearchFailed("too slow")])
@pytest.mark.hostile("fault: S3 slow")
def test_an_outage_puts_the_picture_back_with_a_pause_and_costs_no_attempt(
    alice: User, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    picture = submit(alice, jpeg(scene()))

    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(analysis, "settle_claimed", fail)
    workflow.analyse_picture(picture.pk)
    picture.refresh_from_db()
    assert (picture.state, picture.attempts, picture.setbacks) == (State.STAGED, 0, 1)
    assert picture.next_attempt_at > timezone.now()
    workflow.analyse_picture(picture.pk)
    assert Picture.objects.get(pk=picture.pk).setbacks == 1, "the pause is kept"


@pytest.mark.hostile("fault: postgres restart")
def test_a_database_that_goes_away_in_the_middle_costs_no_attempt(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = submit(alice, jpeg(scene()))
    put_back, failures = (
        analysis.put_back,
        [OperationalError("still starting"), OperationalError("and still")],
    )

    def fail(*_: Any) -> None:
        raise OperationalError("terminating connection due to administrator command")

    def put_back_at_last(claimed: Picture) -> None:
        if failures:
            raise failures.pop()
        put_back(claimed)

    monkeypatch.setattr(analysis, "keep_numbers", fail)
    monkeypatch.setattr(analysis, "put_back", put_back_at_last)
    monkeypatch.setattr(analysis.connection, "close", lambda: None)
    workflow.analyse_picture(picture.pk)
    picture.refresh_from_db()
    assert (picture.state, picture.attempts, picture.setbacks) == (State.STAGED, 0, 1)


def test_a_database_that_stays_away_is_left_to_the_lease(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = submit(alice, jpeg(scene()))

    def fail(*_: Any) -> None:
        raise OperationalError("nobody there")

    monkeypatch.setattr(analysis, "keep_numbers", fail)
    monkeypatch.setattr(analysis, "put_back", fail)
    monkeypatch.setattr(analysis, "_DATABASE_SECONDS", 0)
    with pytest.raises(OperationalError):
        workflow.analyse_picture(picture.pk)
    assert state_of(picture) == State.ANALYSING


@pytest.mark.hostile("fault: S3 slow")
def test_a_store_that_is_slow_at_every_step_costs_no_attempt(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = submit(alice, jpeg(scene()))
    monkeypatch.setattr(analysis, "_STORAGE_SECONDS", 0.0)
    workflow.analyse_picture(picture.pk)
    picture.refresh_from_db()
    assert (picture.state, picture.attempts, picture.setbacks) == (State.STAGED, 0, 1)


@pytest.mark.hostile("fault: poison task")
def test_a_killed_child_costs_one_attempt_and_the_last_one_gives_the_picture_up(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = submit(alice, jpeg(scene()))

    def be_killed(*_: Any) -> None:
        raise ChildKilled("kill -9")

    monkeypatch.setattr(numbers, "analyse_file", be_killed)
    for attempt in (1, 2):
        workflow.analyse_picture(picture.pk)
        picture.refresh_from_db()
        assert (picture.state, picture.attempts) == (State.STAGED, attempt)
        Picture.objects.filter(pk=picture.pk).update(next_attempt_at=timezone.now())
    workflow.analyse_picture(picture.pk)
    picture.refresh_from_db()
    assert (picture.state, picture.refusal) == (State.REJECTED, analysis.GAVE_UP)


def test_what_was_put_back_is_finished_later(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = submit(alice, jpeg(scene()))
    claimed = analysis.claim(picture.pk)
    assert claimed is not None
    analysis.put_back(claimed)
    Picture.objects.filter(pk=picture.pk).update(next_attempt_at=timezone.now())
    workflow.analyse_picture(picture.pk)
    assert Picture.objects.get(pk=picture.pk).state == State.LIVE


def test_a_worker_without_attempts_left_does_not_touch_the_picture(alice: User) -> None:
    picture = submit(alice, jpeg(scene()))
    Picture.objects.filter(pk=picture.pk).update(attempts=3)
    workflow.analyse_picture(picture.pk)
    assert Picture.objects.get(pk=picture.pk).state == State.STAGED


def test_several_look_alikes_make_one_question_each(
    upload: Upload, alice: User, bob: User, live: Picture, mod: User
) -> None:
    second = upload(bob, jpeg(brighter(scene()), 80))
    workflow.answer(bob, second, Match.objects.get(query=second), Verdict.VARIANT)
    third = upload(alice, jpeg(scene(), 55))
    assert {match.candidate for match in third.matches.all()} == {live, second}


def test_a_picture_can_be_published_unasked(alice: User, live: Picture) -> None:
    twin = submit(alice, jpeg(scene(), 60))
    workflow.analyse_picture(twin.pk, then=analysis.publish_unasked)
    assert state_of(twin) == State.LIVE
    assert twin.fingerprints.get().searchable
    assert not Match.objects.exists()


@pytest.mark.hostile("I5")
def test_equal_bytes_are_not_published_twice_even_unasked(alice: User, live: Picture) -> None:
    twin = submit(alice, jpeg(scene(), 92))
    workflow.analyse_picture(twin.pk, then=analysis.publish_unasked)
    assert state_of(twin) != State.LIVE


def test_an_upload_is_shown_to_the_embedders(settings: Any, upload: Upload, alice: User, bob: User) -> None:
    settings.DEDUPE = {"embedders": [{"class": "dedupe.embedding.ColourLayout"}]}
    live = upload(bob, jpeg(scene(), 92))
    held = upload(alice, jpeg(scene(), 60))
    searchable = dict(Embedding.objects.values_list("picture", "searchable"))
    assert searchable == {live.pk: True, held.pk: False}


def test_a_failing_embedder_does_not_fail_the_upload(settings: Any, upload: Upload, alice: User) -> None:
    told = "tests.dedupe.embedding.embedders.Told"
    settings.DEDUPE = {"embedders": [{"class": told, "options": {"answer": "nothing"}}, {"class": "no.Such"}]}
    picture = upload(alice, jpeg(scene()))
    assert picture.state == State.LIVE
    assert embeddings_of(picture.pk).failed == ("embedding:no.Such", "embedding:told")
