"""What the clock puts right."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from board.models import User
from dedupe import storage, workflow
from dedupe.imaging import Rendition as RenderedImage
from dedupe.imaging import RenditionKind
from dedupe.listing import PREFIXES
from dedupe.models import (
    Case,
    Decision,
    Match,
    NewPosting,
    Picture,
    Rendition,
    RenditionOrder,
    State,
    Verdict,
)
from dedupe.search import postings
from dedupe.workflow import analysis, sweep
from dedupe.workflow.analysis import GAVE_UP
from tests.dedupe.conftest import Upload, jpeg, scene, state_of, submit

pytestmark = pytest.mark.django_db
Say = Callable[..., Decision]


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The doorbell rings into a list."""
    heard: list[int] = []

    def ring(picture_id: int) -> bool:
        heard.append(picture_id)
        return True

    monkeypatch.setattr(sweep, "ring", ring)
    return heard


def age(picture: Picture, **times: timedelta) -> None:
    Picture.objects.filter(pk=picture.pk).update(**{name: timezone.now() - by for name, by in times.items()})


def test_a_picture_that_nobody_took_is_announced_again_but_not_at_once(alice: User, rung: list[int]) -> None:
    picture = submit(alice, jpeg(scene()))
    assert sweep.recover_lost_work() == 0
    age(picture, rung_at=timedelta(seconds=30))
    assert sweep.recover_lost_work() == 1
    assert sweep.recover_lost_work() == 0
    assert rung == [picture.pk]


@pytest.mark.hostile("fault: worker killed")
def test_a_picture_whose_worker_was_killed_is_announced_when_its_lease_ends(
    alice: User, rung: list[int]
) -> None:
    picture = submit(alice, jpeg(scene()))
    analysis.claim(picture.pk)
    age(picture, rung_at=timedelta(minutes=5))
    assert sweep.recover_lost_work() == 0
    age(picture, lease_until=timedelta(seconds=1))
    assert sweep.recover_lost_work() == 1
    workflow.analyse_picture(picture.pk)
    assert state_of(picture) == State.LIVE


@pytest.mark.hostile("fault: poison task")
def test_a_picture_that_kills_every_worker_is_given_up_with_a_reason(alice: User, rung: list[int]) -> None:
    picture = submit(alice, jpeg(scene()))
    for _ in range(3):
        assert analysis.claim(picture.pk) is not None
        age(picture, lease_until=timedelta(seconds=1))
    sweep.recover_lost_work()
    picture.refresh_from_db()
    assert (picture.state, picture.refusal) == (State.REJECTED, GAVE_UP)
    assert "3 times" in picture.refusal_detail


@pytest.mark.hostile("fault: broker refuses")
def test_a_broker_that_is_out_ends_the_round(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in (1, 2):
        age(submit(alice, jpeg(scene(seed=seed))), rung_at=timedelta(minutes=1))
    asked: list[int] = []

    def refuse(picture_id: int) -> bool:
        asked.append(picture_id)
        return False

    monkeypatch.setattr(sweep, "ring", refuse)
    assert sweep.ring_for_waiting() == 0
    assert len(asked) == 1


def test_an_unanswered_question_expires_and_a_proposal_waits_for_staff(
    held: Picture, say: Say, upload: Upload, alice: User
) -> None:
    age(held, state_since=timedelta(days=15))
    say(Verdict.BETTER)
    assert sweep.expire_unanswered() == 0
    Case.objects.update(state="obsolete")
    assert sweep.expire_unanswered() == 1
    assert state_of(held) == State.EXPIRED


def test_a_question_about_a_picture_that_has_gone_resolves_itself(
    held: Picture, live: Picture, bob: User
) -> None:
    assert sweep.settle_needlessly_held() == 0
    workflow.withdraw(bob, live)
    assert sweep.settle_needlessly_held() == 1
    assert state_of(held) == State.LIVE


def test_a_question_that_cannot_be_settled_yet_stays(
    held: Picture, live: Picture, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    workflow.withdraw(bob, live)

    def fail(*_: Any) -> None:
        raise workflow.Conflict("not now")

    monkeypatch.setattr(sweep, "settle", fail)
    assert sweep.settle_needlessly_held() == 0
    assert state_of(held) == State.HELD


def test_a_picture_that_moved_meanwhile_is_left_alone(held: Picture, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = Picture.objects.get(pk=held.pk)
    Picture.objects.filter(pk=held.pk).update(state=State.EXPIRED)
    assert sweep._move_if_still(stale, State.EXPIRED) == 0
    assert sweep._forget_bytes(stale) == 0


def test_nothing_of_a_rejected_upload_is_left_in_storage(upload: Upload, alice: User, tmp_path: Path) -> None:
    picture = upload(alice, jpeg(scene())[:600])
    assert picture.storage_key
    assert sweep.forget_old_bytes() == 1
    assert not [path for path in (tmp_path / "media").rglob("*") if path.is_file()]
    assert sweep.forget_old_bytes() == 0


def test_withdrawn_bytes_are_kept_for_the_retention_time_and_then_removed(say: Say, held: Picture) -> None:
    say(Verdict.SAME)
    assert sweep.forget_old_bytes() == 0
    key = held.storage_key
    age(held, state_since=timedelta(days=31))
    assert sweep.forget_old_bytes() == 1
    assert not storage.originals().exists(key)
    assert not Rendition.objects.filter(picture=held).exists()
    held.refresh_from_db()
    assert held.duplicate_of is not None, "the address leads on for ever"


@pytest.mark.hostile("I2", "fault: PUT without commit")
def test_objects_without_a_row_are_removed_after_the_grace_time(
    live: Picture, settings: Any, tmp_path: Path
) -> None:
    orphan = storage.store_original(io.BytesIO(b"nobody's bytes"))
    assert sweep.remove_orphans() == 0
    settings.DEDUPE = {"orphan_grace_seconds": 0}
    assert sweep.remove_orphans() == 1
    assert not storage.originals().exists(orphan.key)
    assert storage.originals().exists(live.storage_key)
    assert all(storage.renditions().exists(each.key) for each in live.renditions.all())


def test_what_an_earlier_attempt_left_is_kept_for_the_one_at_work(alice: User, settings: Any) -> None:
    settings.DEDUPE = {"orphan_grace_seconds": 0}
    picture = submit(alice, jpeg(scene()))
    image = RenderedImage(RenditionKind.SMALL, 4, 3, "image/jpeg", b"left behind an hour ago")
    key = storage.store_rendition(picture.public_id, image)
    assert sweep.remove_orphans() == 0
    Picture.objects.update(state=State.REJECTED, refusal="broken")
    assert sweep.remove_orphans() == 1
    assert not storage.renditions().exists(key)


def test_what_an_earlier_attempt_at_an_order_left_is_kept_until_the_order_is_fulfilled(
    live: Picture, settings: Any
) -> None:
    settings.DEDUPE = {"orphan_grace_seconds": 0}
    RenditionOrder.objects.get_or_create(picture=live, what=RenditionOrder.What.AVIF)
    image = RenderedImage(RenditionKind.SMALL_AVIF, 4, 3, "image/avif", b"left behind an hour ago")
    key = storage.store_rendition(live.public_id, image)
    assert sweep.remove_orphans() == 0
    RenditionOrder.objects.all().delete()
    assert sweep.remove_orphans() == 1
    assert not storage.renditions().exists(key)


def test_every_prefix_has_its_turn() -> None:
    assert len(set(sweep.next_prefixes(8))) == 8
    assert set(sweep.next_prefixes(256)) == set(PREFIXES)


def test_one_sweep_does_everything(live: Picture, rung: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "_BACKLOG_SHARE", 0)
    waiting = NewPosting.objects.count()
    done = sweep.sweep_everything()
    assert done.pop("words merged") == waiting > 0
    assert not NewPosting.objects.exists()
    assert set(done.values()) == {0}


def test_a_held_picture_without_a_question_is_looked_at_once_more(held: Picture, alice: User) -> None:
    Match.objects.update(verdict=Verdict.DIFFERENT)
    assert sweep.settle_needlessly_held() == 1
    assert state_of(held) == State.LIVE
