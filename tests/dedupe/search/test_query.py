"""What is looked for: the same from the stored rows as from the fresh analysis."""

from dataclasses import replace

import pytest

from board.models import User
from dedupe import storage
from dedupe.imaging import Treatment, analyse
from dedupe.models import Fingerprint, Picture, Rendition
from dedupe.search import query_of, query_of_analysis
from dedupe.search.query import VIEW_KINDS, views_of
from tests.dedupe.conftest import Upload, jpeg, scene
from tests.pictures import cutout, encoded

pytestmark = pytest.mark.django_db


def test_stored_rows_and_the_fresh_analysis_give_one_query(upload: Upload, alice: User) -> None:
    data = encoded(cutout())
    stored, fresh = query_of(upload(alice, data)), query_of_analysis(analyse(data))
    assert stored is not None
    assert replace(stored, leave_out=()) == fresh
    assert stored.fingerprints[0].treatment is Treatment.FULL
    assert [file.kind.value for file in stored.views] == ["view", "view_black"]


def test_a_picture_leaves_itself_out_and_others_that_are_named(live: Picture) -> None:
    query = query_of(live)
    assert query is not None
    assert query.leave_out == (live.pk,)
    assert query.leaving_out(7, 8).leave_out == (live.pk, 7, 8)


def test_without_a_fingerprint_of_this_version_there_is_no_query(live: Picture) -> None:
    Fingerprint.objects.update(version=1)
    assert query_of(live) is None


def test_a_view_that_cannot_be_read_leaves_the_words_out(live: Picture) -> None:
    with storage.renditions().open(live.renditions.get(kind="view").key, "wb") as file:
        file.write(b"prose")
    query = query_of(live)
    assert query is not None
    assert query.words is None


def test_views_are_read_by_picture_the_plainest_first(
    upload: Upload, alice: User, held: Picture, live: Picture
) -> None:
    transparent = upload(alice, encoded(cutout()))
    found = views_of([live.pk, held.pk, transparent.pk])
    assert {picture: [file.kind for file in files] for picture, files in found.items()} == {
        live.pk: [VIEW_KINDS[0]], held.pk: [VIEW_KINDS[0]], transparent.pk: list(VIEW_KINDS[:2]),
    }  # fmt: skip
    assert set(views_of([live.pk, held.pk], live_only=True)) == {live.pk}
    Rendition.objects.filter(picture=live).delete()
    assert views_of([live.pk]) == {}


def test_a_jpeg_is_looked_for_by_the_numbers_of_its_reduced_decode(live: Picture) -> None:
    assert query_of_analysis(analyse(jpeg(scene(), 92))).fingerprint == query_of(live).fingerprint  # type: ignore[union-attr]
