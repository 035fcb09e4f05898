"""The routes of further embedders: kept beside the fingerprints, searched each by itself, harmless when they fail."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image, ImageEnhance

from board.models import User
from dedupe import workflow
from dedupe.embedding import Embedder
from dedupe.models import Embedding, Picture, State, Verdict
from dedupe.search import SearchFailed, embeddings
from dedupe.search.embedders import Broken, Configured, Embeddings, embed_view
from dedupe.search.embeddings import EmbeddingCandidate, embeddings_of, find_by_embeddings, keep_embeddings
from tests.dedupe.conftest import Upload, jpeg, scene
from tests.dedupe.embedding.embedders import DifferenceHash, Told
from tests.pictures import flat

pytestmark = pytest.mark.django_db

COLOURS = {"class": "dedupe.embedding.ColourLayout"}
BITS = {"class": "tests.dedupe.embedding.embedders.DifferenceHash"}


@pytest.fixture
def colours(settings: Any) -> None:
    settings.DEDUPE = {"embedders": [COLOURS]}


def use(monkeypatch: pytest.MonkeyPatch, *embedders: Embedder, broken: tuple[Broken, ...] = ()) -> None:
    """Have these embedders configured."""
    made = Configured(embedders, broken)
    for module in ("embedders", "embeddings"):
        monkeypatch.setattr(f"dedupe.search.{module}.configured", lambda: made)


def embeddings_for(picture: Image.Image) -> Embeddings:
    return embed_view(np.asarray(picture))


def keep(stored: Picture, picture: Image.Image) -> None:
    keep_embeddings(stored.pk, embeddings_for(picture))


def find(picture: Image.Image | Embeddings, limit: int = 10, **options: Any) -> list[EmbeddingCandidate]:
    return list(search(picture, limit, **options).found)


def search(
    picture: Image.Image | Embeddings, limit: int = 10, leave_out: tuple[int, ...] = (), timeout: int = 2000
) -> embeddings.EmbeddingCandidates:
    made = picture if isinstance(picture, Embeddings) else embeddings_for(picture)
    return find_by_embeddings(made, leave_out=leave_out, limit=limit, statement_timeout_ms=timeout)


def cropped(picture: Image.Image) -> Image.Image:
    return picture.crop((8, 6, 312, 234))


def recoloured(picture: Image.Image) -> Image.Image:
    return ImageEnhance.Color(ImageEnhance.Brightness(picture).enhance(1.15)).enhance(1.3)


@pytest.mark.parametrize("edit", [cropped, recoloured])
def test_a_cropped_or_recoloured_twin_is_found(
    colours: None, upload: Upload, alice: User, live: Picture, edit: Any
) -> None:
    other = upload(alice, jpeg(scene(5)))
    keep(live, scene())
    keep(other, scene(5))
    (found,) = find(edit(scene()))
    assert (found.picture_id, found.name, found.route) == (
        live.pk,
        "colour-layout",
        "embedding:colour-layout",
    )
    assert 0 < found.distance <= 0.1


def test_bits_and_vectors_are_routes_beside_each_other(settings: Any, live: Picture) -> None:
    settings.DEDUPE = {"embedders": [COLOURS, BITS]}
    keep(live, scene())
    assert {found.route for found in find(cropped(scene()))} == {
        "embedding:colour-layout",
        "embedding:difference",
    }


def test_the_nearest_come_first_and_only_so_many(
    colours: None, upload: Upload, alice: User, live: Picture
) -> None:
    exact = upload(alice, jpeg(scene(5)))
    keep(live, cropped(scene()))
    keep(exact, scene())
    assert [found.picture_id for found in find(scene())] == [exact.pk, live.pk]
    assert [found.picture_id for found in find(scene(), limit=1)] == [exact.pk]


def test_a_picture_at_the_very_distance_is_a_candidate(
    monkeypatch: pytest.MonkeyPatch, live: Picture
) -> None:
    told = Told(gap=0.1)
    use(monkeypatch, told)
    keep(live, scene())
    assert [found.distance for found in find(scene())] == [0.1]
    told.gap = 0.1001
    assert find(scene()) == []


def test_only_live_pictures_are_candidates(colours: None, live: Picture, held: Picture) -> None:
    keep(live, scene())
    keep(held, scene())
    assert [found.picture_id for found in find(scene())] == [live.pk]
    Picture.objects.filter(pk=live.pk).update(state=State.REMOVED)
    assert find(scene()) == []


def test_a_picture_becomes_searchable_with_its_publication(
    colours: None, live: Picture, held: Picture, alice: User, match: Any
) -> None:
    assert not Embedding.objects.get(picture=held).searchable
    workflow.answer(alice, held, match, Verdict.DIFFERENT, "")
    assert Embedding.objects.get(picture=held).searchable
    assert {found.picture_id for found in find(scene())} == {live.pk, held.pk}


def test_pictures_are_left_out_that_the_search_names(colours: None, live: Picture) -> None:
    keep(live, scene())
    assert find(scene(), leave_out=(live.pk,)) == []


def test_what_is_kept_is_replaced_and_read_back(colours: None, live: Picture) -> None:
    keep(live, scene(5))
    keep(live, scene())
    assert Embedding.objects.filter(picture=live).count() == 1
    (kept,) = embeddings_of(live.pk).made
    (made,) = embeddings_for(scene()).made
    assert np.array_equal(kept.value, made.value)  # type: ignore[arg-type]


def test_versions_are_never_mixed(monkeypatch: pytest.MonkeyPatch, live: Picture) -> None:
    use(monkeypatch, Told(version=1))
    keep(live, scene())
    use(monkeypatch, Told(version=2))
    assert find(scene()) == []
    assert embeddings_of(live.pk).failed == ("embedding:told",)
    use(monkeypatch, Told(version=2), Told(version=1))
    keep(live, scene())
    assert len(find(scene())) == 2


def test_too_little_to_compare_is_kept_and_is_not_a_failure(colours: None, live: Picture) -> None:
    keep(live, flat())
    row = Embedding.objects.get()
    assert (bytes(row.data), row.sketch, row.chunk0) == (b"", None, None)
    read = embeddings_of(live.pk)
    assert read == embeddings_for(flat())
    assert search(read) == embeddings.EmbeddingCandidates((), ())


@pytest.mark.parametrize(
    "answer",
    [
        RuntimeError("out of memory"),
        np.ones(5, np.float32),
        np.full(4, np.nan, np.float32),
        np.ones(4),
        b"1234",
        "vector",
    ],
    ids=["raises", "too long", "undefined", "of doubles", "bits", "a text"],
)
def test_a_failing_embedder_loses_nothing_but_its_own_route(
    monkeypatch: pytest.MonkeyPatch, live: Picture, answer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    use(monkeypatch, Told(answer=answer), DifferenceHash())
    keep(live, scene())
    assert [row.name for row in Embedding.objects.all()] == ["difference"]
    outcome = search(scene())
    assert [found.name for found in outcome.found] == ["difference"]
    assert outcome.not_searched == ("embedding:told",)
    assert embeddings_of(live.pk).failed == ("embedding:told",)
    assert "Embedder told failed" in caplog.text


@pytest.mark.parametrize("gap", [ValueError("no"), float("nan"), float("inf"), -1.0, "near"])
def test_a_failing_distance_loses_nothing_but_its_own_route(
    monkeypatch: pytest.MonkeyPatch, live: Picture, gap: Any, caplog: pytest.LogCaptureFixture
) -> None:
    use(monkeypatch, Told(gap=gap), DifferenceHash())
    keep(live, scene())
    outcome = search(scene())
    assert [found.name for found in outcome.found] == ["difference"]
    assert outcome.not_searched == ("embedding:told",)
    assert "its distance" in caplog.text


def test_an_embedder_that_could_not_be_made_is_named(monkeypatch: pytest.MonkeyPatch, live: Picture) -> None:
    use(monkeypatch, DifferenceHash(), broken=(Broken("a.Model", "there is no model file"),))
    keep(live, scene())
    assert search(scene()).not_searched == ("embedding:a.Model",)
    assert embeddings_of(live.pk).failed == ("embedding:a.Model",)


@pytest.mark.parametrize("foreign", [b"abc", b"\0" * 1000, b"\xff" * 128], ids=["short", "long", "undefined"])
def test_foreign_bytes_in_a_row_are_passed_over_with_a_log_line(
    colours: None,
    upload: Upload,
    alice: User,
    live: Picture,
    foreign: bytes,
    caplog: pytest.LogCaptureFixture,
) -> None:
    other = upload(alice, jpeg(scene(5)))
    keep(live, scene())
    keep(other, scene())
    Embedding.objects.filter(picture=live).update(data=foreign)
    with caplog.at_level(logging.WARNING):
        assert [found.picture_id for found in find(scene())] == [other.pk]
    assert f"Picture {live.pk} is passed over" in caplog.text
    assert embeddings_of(live.pk).failed == ("embedding:colour-layout",)


def test_a_search_takes_one_statement_an_embedder_and_leaves_the_time_limit_as_it_was(
    settings: Any, live: Picture
) -> None:
    settings.DEDUPE = {"embedders": [COLOURS, BITS]}
    keep(live, scene())
    made = embeddings_for(scene())
    with CaptureQueriesContext(connection) as captured:
        find(made, timeout=50)
    assert sum("dedupe_embedding" in each["sql"] for each in captured) == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.1)")


def test_a_search_beyond_its_time_fails_and_is_not_empty(
    colours: None, live: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(live, scene())
    monkeypatch.setattr(embeddings, "_STATEMENT", "SELECT pg_sleep(1)")
    with pytest.raises(SearchFailed):
        find(scene(), timeout=20)


def test_a_crowd_of_like_pictures_bounds_the_work(
    colours: None, upload: Upload, alice: User, live: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = upload(alice, jpeg(scene(5)))
    keep(live, scene())
    keep(other, scene())
    monkeypatch.setattr(embeddings, "_MEASURED", 1)
    monkeypatch.setattr(embeddings, "_SCANNED", 1)
    assert len(find(scene())) == 1


def test_without_embedders_nothing_is_kept_or_asked(live: Picture) -> None:
    keep(live, scene())
    with CaptureQueriesContext(connection) as captured:
        assert search(scene()) == embeddings.EmbeddingCandidates((), ())
    assert len(captured) == 0
