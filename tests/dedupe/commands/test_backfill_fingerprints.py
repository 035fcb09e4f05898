"""Pictures of an older version are analysed anew, and nothing else of them changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from board.models import User
from dedupe import storage, workflow
from dedupe.imaging import ALGORITHM_VERSION
from dedupe.models import Fingerprint, Picture, State, VisualWords
from dedupe.workflow.backfill import outdated
from tests.dedupe.conftest import Upload, jpeg, scene

pytestmark = pytest.mark.django_db


def _age(picture: Picture) -> None:
    """Make a picture look as a former version left it: one older fingerprint, no words, no views."""
    Fingerprint.objects.filter(picture=picture).exclude(treatment="full").delete()
    Fingerprint.objects.filter(picture=picture).update(version=ALGORITHM_VERSION - 1)
    VisualWords.objects.filter(picture=picture).delete()
    picture.renditions.filter(kind__startswith="view").delete()


def test_an_older_picture_is_found_again_afterwards(
    upload: Upload, alice: User, bob: User, capsys: Any
) -> None:
    old = upload(bob, jpeg(scene(), 92))
    _age(old)
    call_command("backfill_fingerprints")
    assert "1 pictures brought up to date, 0 failed" in capsys.readouterr().out
    old.refresh_from_db()
    assert old.state == State.LIVE
    assert upload(alice, jpeg(scene(), 60)).state == State.HELD


def test_the_older_numbers_stay_beside_the_new(upload: Upload, bob: User) -> None:
    old = upload(bob, jpeg(scene(), 92))
    _age(old)
    call_command("backfill_fingerprints")
    versions = set(old.fingerprints.values_list("version", "searchable"))
    assert versions >= {(ALGORITHM_VERSION - 1, True), (ALGORITHM_VERSION, True)}


def test_pictures_that_are_up_to_date_are_passed_over(upload: Upload, bob: User) -> None:
    upload(bob, jpeg(scene(), 92))
    assert not outdated().exists()


def test_a_withdrawn_picture_is_brought_up_to_date_and_stays_withdrawn(upload: Upload, bob: User) -> None:
    old = upload(bob, jpeg(scene(), 92))
    workflow.withdraw(bob, old)
    _age(old)
    call_command("backfill_fingerprints")
    old.refresh_from_db()
    assert old.state == State.WITHDRAWN
    assert not old.fingerprints.filter(version=ALGORITHM_VERSION, searchable=True).exists()


def test_a_picture_whose_file_is_gone_is_told_and_the_others_are_done(
    upload: Upload, bob: User, capsys: Any
) -> None:
    lost, kept = upload(bob, jpeg(scene(), 92)), upload(bob, jpeg(scene(2), 92))
    for each in (lost, kept):
        _age(each)
    storage.delete_original(lost.storage_key)
    with pytest.raises(SystemExit):
        call_command("backfill_fingerprints")
    said = capsys.readouterr()
    assert "1 pictures brought up to date, 1 failed" in said.out
    assert lost.public_id in said.err
    assert set(outdated()) == {lost}


def test_a_silent_store_ends_the_run(upload: Upload, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    _age(upload(bob, jpeg(scene(), 92)))

    def fail(key: str) -> None:
        raise storage.StorageUnavailable("it does not answer")

    monkeypatch.setattr(storage, "local_copy", fail)
    with pytest.raises(CommandError, match="again to go on"):
        call_command("backfill_fingerprints")
