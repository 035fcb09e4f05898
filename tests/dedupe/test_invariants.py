"""Each check finds what it is there to find, and nothing in a healthy system."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from board.models import User
from dedupe import storage
from dedupe.invariants import find_violations
from dedupe.models import Case, Decision, Embedding, Fingerprint, Match, Picture, State, Verdict
from dedupe.workflow.sweep import remove_orphans
from tests.dedupe.conftest import jpeg, scene, submit

pytestmark = pytest.mark.django_db


def rules(*, read_bytes: bool = False) -> set[str]:
    return {violation.rule for violation in find_violations(read_bytes=read_bytes)}


def test_a_healthy_board_breaks_nothing(held: Picture, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_invariants", "--read-bytes")
    assert "All invariants hold" in capsys.readouterr().out


@pytest.mark.hostile("I1")
def test_an_upload_that_never_settles_is_found(alice: User, capsys: pytest.CaptureFixture[str]) -> None:
    picture = submit(alice, jpeg(scene()))
    hour_ago = timezone.now() - timedelta(hours=1)
    Picture.objects.update(state_since=hour_ago, next_attempt_at=hour_ago)
    with pytest.raises(SystemExit):
        call_command("check_invariants")
    assert picture.public_id in capsys.readouterr().out


@pytest.mark.hostile("I1")
def test_an_upload_that_an_outage_put_back_is_found_when_its_next_attempt_never_comes(alice: User) -> None:
    submit(alice, jpeg(scene()))
    hour_ago = timezone.now() - timedelta(hours=1)
    Picture.objects.update(state_since=hour_ago, setbacks=3)
    assert rules() == set(), "its next attempt is at hand"
    Picture.objects.update(next_attempt_at=hour_ago)
    assert rules() == {"I1"}


@pytest.mark.hostile("I2", "fault: PUT without commit")
def test_an_object_without_a_row_is_found(live: Picture, settings: Any) -> None:
    storage.store_original(io.BytesIO(b"nobody's bytes"))
    assert rules(read_bytes=True) == set(), "the sweep has its time"
    settings.DEDUPE = {"orphan_grace_seconds": 0}
    assert rules(read_bytes=True) == {"I2"}
    remove_orphans()
    assert rules(read_bytes=True) == set()


@pytest.mark.hostile("I1")
def test_a_question_past_its_expiry_is_found(held: Picture) -> None:
    Picture.objects.filter(pk=held.pk).update(state_since=timezone.now() - timedelta(days=20))
    assert rules() == {"I1"}


@pytest.mark.hostile("I2", "fault: commit without PUT")
def test_a_live_picture_without_its_files_is_found(live: Picture) -> None:
    storage.delete_original(live.storage_key)
    for rendition in live.renditions.all():
        storage.delete_rendition(rendition.key)
    assert len(find_violations(read_bytes=True)) == 1 + live.renditions.count() == 4
    assert rules() == {"I2"}


@pytest.mark.hostile("I3")
def test_a_redirect_to_a_redirect_is_found(live: Picture, held: Picture, alice: User) -> None:
    third = submit(alice, jpeg(scene(seed=5)))
    Picture.objects.filter(pk=held.pk).update(state=State.WITHDRAWN, duplicate_of=live)
    Picture.objects.filter(pk=third.pk).update(state=State.WITHDRAWN, duplicate_of=held)
    assert "I3" in rules()


@pytest.mark.hostile("I4")
def test_a_verdict_that_no_ledger_knows_is_found(match: Match) -> None:
    Match.objects.update(verdict=Verdict.SAME)
    assert rules() == {"I4"}


@pytest.mark.hostile("I4")
def test_a_decision_without_a_trace_is_found(match: Match, alice: User, held: Picture) -> None:
    Decision.objects.create(
        kind="answer", picture=held, match=match, actor=alice, role="uploader", verdict="same"
    )
    assert rules() == {"I4"}


@pytest.mark.hostile("I6")
def test_a_live_picture_without_fingerprint_is_found(live: Picture) -> None:
    Fingerprint.objects.all().delete()
    assert rules() == {"I6"}


@pytest.mark.hostile("I6")
def test_a_fingerprint_that_is_searchable_when_it_should_not_be_is_found(held: Picture) -> None:
    Fingerprint.objects.update(searchable=True)
    assert rules() == {"I6"}


@pytest.mark.hostile("I7")
def test_changed_bytes_are_found_by_reading_them(live: Picture) -> None:
    with storage.originals().open(live.storage_key, "wb") as stored:
        stored.write(b"something else")
    assert rules() == set()
    assert rules(read_bytes=True) == {"I7"}


def test_a_proposal_about_a_picture_that_is_not_held_is_found(
    say: Callable[..., Decision], held: Picture
) -> None:
    say(Verdict.BETTER)
    Picture.objects.filter(pk=held.pk).update(state=State.EXPIRED)
    assert rules() == {"queue"}
    assert Case.objects.count() == 1


def test_an_embedding_that_is_searchable_when_it_should_not_be_is_found(held: Picture) -> None:
    row = Embedding.objects.create(picture=held, name="colour-layout", version=1, data=b"", searchable=True)
    assert rules() == {"I6"}
    row.searchable = False
    row.save()
    assert rules() == set()
