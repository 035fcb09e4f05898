"""Visual words: golden values, what is kept of a point, and bytes that nobody should believe."""

import hashlib
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from dedupe.imaging.features import MOST_POINTS, extract
from dedupe.imaging.words import WordPoints, mirrored, quantise
from tests.pictures import flat, landscape, logo

GOLDEN = {
    "landscape": (landscape(11, 240, 160), [843469, 847152, 59041, 458724, 903839, 160565, 775545, 178929]),
    "logo": (logo(5, 300), [538100, 496205, 592646, 273627, 513882, 513492, 295478, 1008513]),
}

points_of_a_picture = st.lists(
    st.tuples(
        st.integers(0, 2**20 - 1),
        st.integers(0, 1023),
        st.integers(0, 1023),
        st.integers(0, 255),
        st.integers(0, 255),
    ),
    max_size=MOST_POINTS,
)


def words_of(image: Image.Image) -> WordPoints:
    return quantise(extract(np.asarray(image)))


@given(rows=points_of_a_picture)
def test_points_survive_their_bytes(rows: list[tuple[int, ...]]) -> None:
    table = np.array(rows, np.int64).reshape(-1, 5)
    points = WordPoints(table[:, 0].astype(np.int32), table[:, 1:].astype(np.uint16))
    data = points.to_bytes()
    back = WordPoints.from_bytes(data)
    assert len(data) == 7 * len(rows)
    assert (back.words == points.words).all()
    assert (back.places == points.places).all()


@given(data=st.binary(max_size=200))
def test_whatever_bytes_are_read_are_points_in_range_or_refused(data: bytes) -> None:
    if len(data) % 7:
        with pytest.raises(ValueError):
            WordPoints.from_bytes(data)
    else:
        points = WordPoints.from_bytes(data)
        assert points.to_bytes() == data
        assert all(0 <= word < 2**20 for word in points.words.tolist())
        assert (points.places <= [1023, 1023, 255, 255]).all()
        assert np.isfinite(points.points()).all()


def test_more_points_than_a_query_may_have_are_refused() -> None:
    WordPoints.from_bytes(bytes(7 * MOST_POINTS))
    with pytest.raises(ValueError):
        WordPoints.from_bytes(bytes(7 * (MOST_POINTS + 1)))


def test_a_point_keeps_its_place_to_a_thousandth_and_its_size_to_a_few_percent() -> None:
    features = extract(np.asarray(landscape(1, 480, 320)))
    kept = quantise(features).points()
    assert kept[:, :2] == pytest.approx(features.points[:, :2], abs=0.0006)
    assert kept[:, 2] == pytest.approx(features.points[:, 2], rel=0.02)
    turn = (kept[:, 3] - features.points[:, 3] + 180) % 360 - 180
    assert np.abs(turn).max() < 0.75


def test_a_picture_without_points_has_no_words() -> None:
    assert len(words_of(flat())) == 0
    assert words_of(flat()).to_bytes() == b""
    assert len(WordPoints.from_bytes(b"")) == 0


def test_the_points_of_several_pictures_are_read_at_once() -> None:
    rng = np.random.default_rng(5)
    pictures = [
        WordPoints(
            rng.integers(0, 2**20, count).astype(np.int32), rng.integers(0, 256, (count, 4)).astype(np.uint16)
        )
        for count in (3, 0, 120, 1)
    ]
    assert WordPoints.each_from_bytes([each.to_bytes() for each in pictures]) == pictures
    assert WordPoints.each_from_bytes([]) == []
    with pytest.raises(ValueError):
        WordPoints.each_from_bytes([pictures[0].to_bytes(), bytes(6)])


@pytest.mark.parametrize("name", GOLDEN)
def test_the_words_of_a_picture_stay_what_they_are(name: str) -> None:
    """Whoever changes them makes the words of every library worthless, and raises WORDS_VERSION."""
    image, words = GOLDEN[name]
    # Processors round the last bit differently, which may move a point that stands between two centroids.
    assert len(set(words_of(image).words[:10].tolist()) & set(words)) >= 7


def test_mirrored_features_are_those_of_the_mirrored_picture() -> None:
    picture = landscape(2, 480, 360)
    derived = set(quantise(mirrored(extract(np.asarray(picture)))).words.tolist())
    extracted = set(words_of(ImageOps.mirror(picture)).words.tolist())
    assert len(derived & extracted) > 0.6 * len(extracted)
    assert len(set(words_of(picture).words.tolist()) & extracted) < 0.1 * len(extracted)


def test_a_mirror_of_a_mirror_changes_nothing() -> None:
    features = extract(np.asarray(landscape(2, 480, 360)))
    twice = mirrored(mirrored(features))
    assert (twice.descriptors == features.descriptors).all()
    assert twice.points == pytest.approx(features.points, abs=1e-4)


def test_the_tables_are_those_of_their_provenance() -> None:
    folder = files("dedupe.imaging") / "vocabulary"
    tables = (folder / "words.npz").read_bytes()
    assert len(tables) < 300_000
    assert hashlib.sha256(tables).hexdigest() in (folder / "PROVENANCE.md").read_text()
