"""AVIF and full-size copies: ordered, made once, and gone with their picture."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from board.models import User
from dedupe import storage, tasks
from dedupe.imaging import Refusal, Refused
from dedupe.invariants import find_violations
from dedupe.jail.client import ChildKilled, render_file
from dedupe.models import Picture, Rendition, RenditionOrder
from dedupe.storage import StorageUnavailable
from dedupe.workflow import rendering, sweep
from dedupe.workflow.backfill import bring_up_to_date
from dedupe.workflow.rendering import FullSize, forget_full_sizes, make_next, order_full
from tests.dedupe.conftest import Upload, jpeg, scene, submit
from tests.pictures import landscape

pytestmark = pytest.mark.django_db
AVIF = {"large_avif", "small_avif"}


def kinds(picture: Picture) -> set[str]:
    return {row.kind for row in picture.renditions.all()}


def order_of(picture: Picture, what: str = "avif") -> RenditionOrder:
    return picture.rendition_orders.get(what=what)


def lapse() -> None:
    """Every lease and every pause is over."""
    RenditionOrder.objects.update(due_at=timezone.now() - timedelta(seconds=1))


def failing(error: Exception) -> Callable[..., Any]:
    def render(*_: Any) -> Any:
        raise error

    return render


@pytest.fixture
def wide(upload: Upload, alice: User) -> Picture:
    """A picture that is larger than what is shown of it."""
    return upload(alice, jpeg(landscape(5, 1400, 1000)))


def test_an_upload_gets_its_avif_afterwards(live: Picture) -> None:
    assert not AVIF & kinds(live)
    assert make_next()
    assert kinds(live) >= AVIF
    assert not live.rendition_orders.exists()
    for row in live.renditions.filter(kind__in=AVIF):
        jpeg_row = live.renditions.get(kind=row.kind.removesuffix("_avif"))
        assert (row.mime, row.width, row.height) == ("image/avif", jpeg_row.width, jpeg_row.height)
        assert row.key.endswith(".avif")
        assert len(storage.read_rendition(row.key)) == row.size_bytes
    assert not make_next()


def test_made_twice_is_made_once(live: Picture) -> None:
    make_next()
    first = list(live.renditions.order_by("kind").values_list("kind", "key"))
    RenditionOrder.objects.create(picture=live, what="avif")
    make_next()
    assert list(live.renditions.order_by("kind").values_list("kind", "key")) == first


def test_another_analysis_keeps_what_was_ordered(wide: Picture) -> None:
    make_next()
    order_full(wide)
    make_next()
    bring_up_to_date(wide)
    assert kinds(wide) >= {*AVIF, "full", "large", "small", "view"}
    assert not wide.rendition_orders.filter(what="avif").exists()


def test_two_workers_take_two_orders(live: Picture, wide: Picture) -> None:
    first, second = rendering._claim(), rendering._claim()
    assert first is not None
    assert second is not None
    assert first.pk != second.pk
    assert rendering._claim() is None


def test_an_order_that_kills_its_child_is_given_up(live: Picture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "render_file", failing(ChildKilled("gone")))
    for _ in range(3):
        assert make_next()
        assert not make_next()  # leased
        lapse()
    assert not make_next()
    assert order_of(live).attempts == 3
    assert kinds(live) >= {"large", "small"}


def test_what_cannot_be_made_is_not_tried_again(wide: Picture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "render_file", failing(Refused(Refusal.TOO_SLOW)))
    assert order_full(wide) is FullSize.ORDERED
    assert make_next()
    assert order_full(wide) is FullSize.NOT_POSSIBLE


def test_an_outage_costs_no_attempt(live: Picture, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(storage, "store_rendition", failing(StorageUnavailable("away")))
        assert make_next()
    assert order_of(live).attempts == 0
    assert not make_next()
    lapse()
    assert make_next()
    assert kinds(live) >= AVIF


def test_bytes_that_changed_are_not_shown(live: Picture) -> None:
    with storage.originals().open(live.storage_key, "wb") as stored:
        stored.write(jpeg(scene(9)))
    assert make_next()
    assert not AVIF & kinds(live)


def test_uploads_go_first_for_a_while(live: Picture, wide: Picture, alice: User) -> None:
    submit(alice, jpeg(scene(4)))
    assert not make_next()
    assert not rendering.is_work_to_do()
    order_full(wide)
    assert make_next()
    assert "full" in kinds(wide)
    assert not make_next()
    RenditionOrder.objects.update(since=timezone.now() - timedelta(minutes=6))
    assert make_next()


def test_who_looks_closely_goes_before_avif(live: Picture, wide: Picture) -> None:
    assert order_full(wide) is order_full(wide) is FullSize.ORDERED
    assert make_next()
    assert kinds(wide) & {"full", *AVIF} == {"full"}
    full = wide.renditions.get(kind="full")
    assert (full.width, full.height) == (1400, 1000)


def test_not_everybody_can_look_closely_at_once(
    wide: Picture, live: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendering, "_MOST_FULL_WAITING", 1)
    assert order_full(wide) is FullSize.ORDERED
    assert order_full(live) is FullSize.BUSY
    assert order_full(wide) is FullSize.ORDERED


def test_a_full_size_copy_is_taken_away_after_a_week_and_made_again(wide: Picture) -> None:
    order_full(wide)
    make_next()
    key = wide.renditions.get(kind="full").key
    assert forget_full_sizes() == 0
    RenditionOrder.objects.filter(what="full").update(since=timezone.now() - timedelta(days=8))
    assert forget_full_sizes() == 1
    assert not storage.renditions().exists(key)
    assert "full" not in kinds(wide)
    order_full(wide)
    make_next()
    assert storage.renditions().exists(wide.renditions.get(kind="full").key)


def test_a_copy_whose_row_an_older_release_took_away_is_made_again(wide: Picture) -> None:
    order_full(wide)
    make_next()
    wide.renditions.filter(kind="full").delete()
    assert order_full(wide) is FullSize.ORDERED
    make_next()
    assert "full" in kinds(wide)


def test_all_goes_with_the_picture(wide: Picture) -> None:
    order_full(wide)
    while make_next():
        pass
    assert find_violations() == []
    keys = list(wide.renditions.values_list("key", flat=True))
    assert len(keys) == 6
    Picture.objects.filter(pk=wide.pk).update(
        state="removed", state_since=timezone.now() - timedelta(days=31)
    )
    assert sweep.forget_old_bytes() == 1
    assert not any(storage.renditions().exists(key) for key in keys)


def test_an_order_of_a_picture_without_bytes_is_dropped(live: Picture) -> None:
    Picture.objects.filter(pk=live.pk).update(state="removed", storage_key="")
    assert make_next()
    assert not RenditionOrder.objects.exists()


def test_bytes_that_go_while_something_is_made_take_it_along(
    live: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = render_file

    def slow(*given: Any) -> Any:
        Picture.objects.filter(pk=live.pk).update(state="removed", storage_key="")
        return render(*given)

    monkeypatch.setattr(rendering, "render_file", slow)
    assert make_next()
    assert not AVIF & kinds(live)
    assert not RenditionOrder.objects.exists()


def test_older_pictures_are_brought_up_to_date(live: Picture, held: Picture, capsys: Any) -> None:
    RenditionOrder.objects.all().delete()
    Picture.objects.update(colour_profile=None)
    call_command("backfill_renditions")
    assert "2 ordered; 2 wait" in capsys.readouterr().out
    call_command("backfill_renditions")
    assert "0 ordered; 2 wait" in capsys.readouterr().out
    while make_next():
        pass
    assert kinds(live) & kinds(held) >= AVIF
    live.refresh_from_db()
    assert live.colour_profile == ""


def test_the_task_makes_one_and_rings_for_the_next(
    live: Picture, wide: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    rings: list[int] = []
    monkeypatch.setattr(tasks, "ring_for_renditions", lambda: rings.append(1))
    tasks.make_renditions()
    assert len(rings) == 1
    tasks.make_renditions()
    tasks.make_renditions()
    assert len(rings) == 1
    assert Rendition.objects.filter(kind__in=AVIF).count() == 4
