"""Bytes that come after their row: announced, sent, completed, taken over; and what becomes of the rest."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import Storage
from django.db import OperationalError
from django.utils import timezone

from board.models import User
from dedupe import incoming, storage, workflow
from dedupe.errors import Conflict, TooMany
from dedupe.imaging import Limits, Refused
from dedupe.invariants import find_violations
from dedupe.models import Delivery, Picture, State
from dedupe.storage import StorageUnavailable
from dedupe.workflow import deliveries, receiving, sweep
from dedupe.workflow.analysis import GAVE_UP
from tests.dedupe.conftest import Upload, jpeg, scene, state_of
from tests.deliveries import (
    DATA,
    announce,
    expire,
    make_due,
    no_grace,
    on_commit,
    received,
    rung,
    send,
    sent,
    stored_names,
)

__all__ = ["no_grace", "rung"]

pytestmark = pytest.mark.django_db


@on_commit
def test_from_the_announcement_to_the_published_picture(
    alice: User, rung: list[tuple[str, int]], tmp_path: Path
) -> None:
    delivery = announce(alice, details={"title": "Lake"})
    assert not Picture.objects.exists(), "nothing was uploaded yet"
    picture = workflow.complete_upload(send(delivery))
    assert (picture.public_id, picture.state, picture.post.title) == (delivery.public_id, "staged", "Lake")
    workflow.analyse_picture(picture.pk)
    assert state_of(picture) == State.STAGED, "it is not analysed before its bytes are ours"
    assert received(picture).checksum == hashlib.sha256(DATA).hexdigest()
    assert stored_names(tmp_path) == {picture.storage_key}
    assert not Delivery.objects.exists()
    workflow.analyse_picture(picture.pk)
    assert state_of(picture) == State.LIVE
    assert rung == [("receive", picture.pk), ("analyse", picture.pk)]
    assert find_violations(read_bytes=True) == []


def test_completing_and_receiving_twice_changes_nothing(alice: User) -> None:
    delivery = send(announce(alice))
    first, again = (workflow.complete_upload(delivery) for _ in range(2))
    assert first == again
    key = received(first).storage_key
    assert received(first).storage_key == key
    assert workflow.complete_upload(delivery) == first
    assert Picture.objects.count() == 1


def test_what_did_not_arrive_is_not_completed(alice: User) -> None:
    with pytest.raises(Conflict, match="not arrived"):
        workflow.complete_upload(announce(alice))
    assert not Picture.objects.exists()


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"mime": "image/tiff"}, "unsupported_format"),
        ({"size_bytes": 0}, "empty"),
        ({"size_bytes": Limits().max_bytes + 1}, "too_many_bytes"),
    ],
)
def test_what_we_would_not_take_is_refused_before_it_travels(
    alice: User, more: dict[str, Any], refusal: str
) -> None:
    with pytest.raises(Refused) as caught:
        announce(alice, **more)
    assert caught.value.refusal == refusal
    assert not Delivery.objects.exists()


def test_nobody_announces_without_end(alice: User, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "MOST_ANNOUNCED", 2)
    send(announce(alice))
    announce(alice)
    with pytest.raises(TooMany):
        announce(alice)
    announce(bob)


@pytest.mark.parametrize(
    ("announced", "came", "refusal"),
    [
        ({}, DATA + b"more", "altered"),
        ({}, DATA[:-1], "altered"),
        ({"checksum": "0" * 64}, DATA, "altered"),
        ({"size_bytes": 8}, b"%PDF-1.7", "unsupported_format"),
        ({"size_bytes": 8}, b"a" * 8, "not_a_picture"),
    ],
)
def test_the_bytes_count_and_not_what_was_said_of_them(
    alice: User, announced: dict[str, Any], came: bytes, refusal: str, tmp_path: Path
) -> None:
    picture = received(workflow.complete_upload(send(announce(alice, **announced), came)))
    assert (picture.state, picture.refusal) == (State.REJECTED, refusal)
    assert stored_names(tmp_path) == set()
    assert find_violations() == []


def test_an_announced_checksum_that_is_right_is_no_obstacle(alice: User) -> None:
    picture = sent(alice, checksum=hashlib.sha256(DATA).hexdigest())
    assert picture.checksum == "", "what was said is not what we say"
    assert received(picture).checksum == hashlib.sha256(DATA).hexdigest()


@pytest.mark.hostile("input 14")
def test_a_replay_after_the_verification_changes_nothing_and_is_swept(alice: User, tmp_path: Path) -> None:
    delivery = send(announce(alice))
    picture = received(workflow.complete_upload(delivery))
    workflow.analyse_picture(picture.pk)
    send(delivery, b"another picture altogether")
    assert received(picture).checksum == hashlib.sha256(DATA).hexdigest()
    assert sweep.sweep_everything()["incoming files removed"] == 1
    assert stored_names(tmp_path) == {picture.storage_key}
    assert find_violations(read_bytes=True) == []


def test_an_upload_that_was_abandoned_before_or_after_its_bytes_came_is_swept(
    alice: User, tmp_path: Path
) -> None:
    empty, full, present = announce(alice), send(announce(alice)), send(announce(alice))
    assert sweep.sweep_everything()["announced uploads given up"] == 0
    for each in (empty, full):
        expire(each)
    done = sweep.sweep_everything()
    assert (done["announced uploads given up"], done["incoming files removed"]) == (2, 1)
    assert stored_names(tmp_path) == {present.key}
    with pytest.raises(Conflict, match="too long ago"):
        workflow.complete_upload(send(full))


def test_a_completed_upload_is_never_swept_however_old(alice: User, tmp_path: Path) -> None:
    picture = sent(alice)
    expire(picture.delivery)
    sweep.sweep_everything()
    assert received(picture).storage_key in stored_names(tmp_path)


def fails_once(
    monkeypatch: pytest.MonkeyPatch, target: Any, name: str, error: Exception, after: bool
) -> None:
    """The next call of a function fails, before or after it has done its work; further ones do not."""
    whole: Callable[..., Any] = getattr(target, name)
    broken: list[bool] = []

    def act(*args: Any, **options: Any) -> Any:
        if broken:
            return whole(*args, **options)
        broken.append(True)
        if after:
            whole(*args, **options)
        raise error

    monkeypatch.setattr(target, name, act)


class Killed(BaseException):
    """The worker dies here."""


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    "step",
    [(storage, "store_original"), (receiving, "_check"), (receiving, "_let_go"), (receiving, "_forget")],
    ids=lambda step: step[1],
)
@pytest.mark.hostile("fault: worker killed")
def test_a_worker_that_dies_at_any_step_loses_nothing_and_leaves_nothing(
    alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: tuple[Any, str], after: bool
) -> None:
    picture = sent(alice)
    fails_once(monkeypatch, *step, Killed(), after)
    with pytest.raises(Killed):
        workflow.receive_picture(picture.pk)
    make_due(picture)
    assert received(picture).checksum == hashlib.sha256(DATA).hexdigest()
    sweep.sweep_everything()
    assert stored_names(tmp_path) == {picture.storage_key}
    workflow.analyse_picture(picture.pk)
    assert state_of(picture) == State.LIVE
    assert find_violations(read_bytes=True) == []


def test_a_database_that_fails_at_the_end_costs_an_attempt_and_no_bytes(
    alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = sent(alice)
    fails_once(monkeypatch, receiving, "_let_go", OperationalError("gone"), after=True)
    with pytest.raises(OperationalError):
        workflow.receive_picture(picture.pk)
    make_due(picture)
    assert received(picture).storage_key
    sweep.sweep_everything()
    assert stored_names(tmp_path) == {picture.storage_key}


def test_two_workers_at_once_leave_one_copy(
    alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = sent(alice)
    whole = storage.store_original

    def overtaken(stream: Any) -> Any:
        monkeypatch.setattr(storage, "store_original", whole)
        make_due(picture)  # as when the lease has ended
        workflow.receive_picture(picture.pk)
        return whole(stream)

    monkeypatch.setattr(storage, "store_original", overtaken)
    assert received(picture).storage_key
    assert stored_names(tmp_path) == {picture.storage_key}


def test_nobody_takes_what_somebody_is_at(alice: User) -> None:
    picture = sent(alice)
    assert receiving._claim(picture.pk) is not None
    assert receiving._claim(picture.pk) is None


def test_a_storage_that_is_down_is_waited_for_and_costs_no_attempt(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = sent(alice)
    for _ in range(5):
        fails_once(monkeypatch, Storage, "open", OSError("no route to the disk"), after=False)
        make_due(picture)
        assert received(picture).state == State.STAGED
    assert picture.setbacks == 5
    assert picture.delivery.attempts == 0
    assert picture.delivery.next_attempt_at > timezone.now()
    make_due(picture)
    assert received(picture).storage_key


def test_one_that_kills_every_worker_is_given_up(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = sent(alice)
    for _ in range(3):
        receiving._claim(picture.pk)
        make_due(picture)
    assert (received(picture).state, picture.refusal) == (State.REJECTED, GAVE_UP)
    sweep.sweep_everything()
    assert find_violations() == []


def test_a_file_that_the_lifecycle_of_the_bucket_took_is_refused(alice: User) -> None:
    picture = sent(alice)
    storage.delete_original(picture.delivery.key)
    assert (received(picture).state, picture.refusal) == (State.REJECTED, "altered")


def test_one_that_nobody_took_over_is_announced_again(alice: User, rung: list[tuple[str, int]]) -> None:
    picture = sent(alice)
    assert sweep.recover_lost_work() == 0
    Picture.objects.update(rung_at=timezone.now() - timedelta(seconds=30))
    assert sweep.recover_lost_work() == 1
    assert sweep.recover_lost_work() == 0
    assert rung == [("receive", picture.pk)]


def test_one_that_is_overdue_breaks_an_invariant(alice: User) -> None:
    picture = sent(alice)
    Delivery.objects.update(next_attempt_at=timezone.now() - timedelta(hours=1))
    assert [(each.rule, each.subject) for each in find_violations()] == [("I1", picture.public_id)]


def test_a_storage_that_is_down_when_a_file_comes_through_the_site(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = announce(alice)
    fails_once(monkeypatch, Storage, "save", OSError("no route to the disk"), after=False)
    with pytest.raises(StorageUnavailable):
        incoming.keep(delivery.key, io.BytesIO(DATA))
    assert send(delivery)
    assert not incoming.keep(delivery.key, io.BytesIO(DATA)), "once is enough"


def test_the_upload_is_asked_about_like_any_other(alice: User, live: Picture, upload: Upload) -> None:
    picture = received(sent(alice, jpeg(scene(), 60)))
    workflow.analyse_picture(picture.pk)
    assert state_of(picture) == State.HELD
