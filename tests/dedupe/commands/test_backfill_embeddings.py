"""New embedders are shown the pictures that were here before them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from board.models import User
from dedupe import storage
from dedupe.management.commands import backfill_embeddings
from dedupe.models import Embedding, Picture
from dedupe.search.embeddings import embeddings_of
from dedupe.storage import StorageUnavailable
from tests.dedupe.conftest import Upload, jpeg, scene
from tests.pictures import flat, landscape

COLOURS = {"class": "dedupe.embedding.ColourLayout"}
BITS = {"class": "tests.dedupe.embedding.embedders.DifferenceHash"}
BAD = {"class": "tests.dedupe.embedding.embedders.Told", "options": {"answer": "nothing"}}


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("backfill_embeddings", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


@pytest.fixture
def colours(live: Picture, settings: Any) -> None:
    """An embedder is turned on when Bob's picture is there already."""
    settings.DEDUPE = {"embedders": [COLOURS]}


def test_every_analysed_picture_is_filled_once(
    live: Picture, held: Picture, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEDUPE = {"embedders": [COLOURS, BITS]}
    monkeypatch.setattr(backfill_embeddings, "_PAGE", 1)
    out = run()
    assert "colour-layout v1: 2 filled" in out
    assert "difference v1: 2 filled" in out
    searchable = dict(Embedding.objects.filter(name="difference").values_list("picture", "searchable"))
    assert searchable == {live.pk: True, held.pk: False}
    assert "colour-layout v1: 0 filled" in run()


def test_one_embedder_can_be_chosen(live: Picture, settings: Any) -> None:
    settings.DEDUPE = {"embedders": [COLOURS, BITS]}
    assert "difference v1: 1 filled" in run("--name", "difference")
    assert [row.name for row in Embedding.objects.all()] == ["difference"]


def test_a_picture_with_too_little_to_compare_is_not_looked_at_again(
    upload: Upload, alice: User, settings: Any
) -> None:
    upload(alice, jpeg(flat()))
    settings.DEDUPE = {"embedders": [COLOURS]}
    assert "1 filled" in run()
    assert "0 filled" in run()


def test_the_view_is_read_where_there_is_one(colours: None, live: Picture) -> None:
    key = storage.renditions().save("ab/view.jpeg", ContentFile(jpeg(landscape(9, 320, 240))))
    live.renditions.filter(kind="view").update(key=key)
    run()
    by_view = embeddings_of(live.pk)
    Embedding.objects.all().delete()
    storage.delete_rendition(key)
    run()
    by_large = embeddings_of(live.pk)
    distance = by_view.made[0].embedder.distance(by_view.made[0].value, by_large.made[0].value)  # type: ignore[arg-type]
    assert distance > 0.1


def test_a_picture_without_renditions_is_told(colours: None, live: Picture) -> None:
    live.renditions.all().delete()
    assert "0 filled, 1 without a rendition, 0 failed" in run()


def test_a_failing_embedder_does_not_stop_the_others(live: Picture, settings: Any) -> None:
    settings.DEDUPE = {"embedders": [BAD, COLOURS]}
    with pytest.raises(SystemExit):
        run()
    assert [row.name for row in Embedding.objects.all()] == ["colour-layout"]


def test_a_broken_rendition_costs_its_picture_alone(
    colours: None, live: Picture, upload: Upload, alice: User
) -> None:
    upload(alice, jpeg(scene(5)))
    key = storage.renditions().save("ab/broken.jpeg", ContentFile(b"not a picture"))
    live.renditions.filter(kind="view").update(key=key)
    Embedding.objects.all().delete()
    with pytest.raises(SystemExit):
        run()
    assert Embedding.objects.count() == 1


def test_a_store_that_does_not_answer_ends_the_run_in_words(
    colours: None, live: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(key: str) -> bytes:
        raise StorageUnavailable("timed out")

    monkeypatch.setattr(storage, "read_rendition", silent)
    with pytest.raises(CommandError, match=r"does not answer: timed out\. Start again"):
        run()


def test_without_the_embedder_there_is_nothing_to_do(colours: None, settings: Any) -> None:
    with pytest.raises(CommandError, match="no embedder 'sscd'"):
        run("--name", "sscd")
    settings.DEDUPE = {}
    with pytest.raises(CommandError, match=r"There is no embedder\."):
        run()
