"""Voting: words that stand in one arrangement count, scattered ones do not."""

import tracemalloc

import numpy as np
import pytest
from PIL import Image, ImageOps

from dedupe.imaging.features import LIBRARY_POINTS, extract
from dedupe.imaging.voting import vote, vote_each
from dedupe.imaging.words import WordPoints, mirrored, quantise
from tests.pictures import flat, landscape


def words_of(image: Image.Image) -> WordPoints:
    return quantise(extract(np.asarray(image)))


def arranged(count: int = 30, seed: int = 1) -> WordPoints:
    """Distinct words at places drawn at random."""
    rng = np.random.default_rng(seed)
    places = [rng.integers(200, 800, count), rng.integers(200, 800, count), rng.integers(60, 120, count)]
    angles = rng.integers(0, 256, count)
    return WordPoints(np.arange(count, dtype=np.int32), np.stack([*places, angles], axis=1).astype(np.uint16))


def test_a_picture_agrees_with_itself_in_every_word() -> None:
    points = arranged()
    votes = vote(points, points)
    assert votes.count == 30
    assert votes.similarity == pytest.approx(np.array([[1, 0, 0], [0, 1, 0]]), abs=1e-6)


def test_the_same_words_in_another_arrangement_hardly_agree() -> None:
    assert vote(arranged(seed=1), arranged(seed=2)).count <= 4


def test_without_shared_words_there_are_no_votes() -> None:
    points = arranged()
    other = WordPoints(points.words + 1000, points.places)
    assert vote(points, other).count == 0
    assert vote(points, other).similarity is None
    assert vote(points, words_of(flat())).count == 0


def test_one_word_said_many_times_is_one_vote() -> None:
    points = arranged()
    same = WordPoints(np.zeros(30, np.int32), points.places)
    assert vote(same, same).count == 1


def test_the_similarity_leads_from_the_part_to_its_place_in_the_whole() -> None:
    picture = landscape(6, 480, 360)
    part = picture.crop((120, 60, 420, 300)).resize((480, 384), Image.Resampling.LANCZOS)
    votes = vote(words_of(part), words_of(picture).first(LIBRARY_POINTS))
    assert votes.count >= 10
    scale = 300 / 480  # of the query's longest side in the stored picture's
    expected = np.array([[scale, 0, 120 / 480], [0, scale, 60 / 480]])
    assert votes.similarity == pytest.approx(expected, abs=0.02)


def test_a_turned_part_is_found_as_it_is_and_a_mirrored_one_by_the_mirrored_query() -> None:
    picture = landscape(7, 480, 360)
    stored = words_of(picture).first(LIBRARY_POINTS)
    assert vote(words_of(picture.rotate(90, expand=True)), stored).count >= 20
    turned = vote(words_of(picture.rotate(15, Image.Resampling.BICUBIC)), stored)
    assert turned.count >= 20
    query = extract(np.asarray(ImageOps.mirror(picture.crop((40, 30, 400, 300)))))
    assert vote(quantise(query), stored).count <= 4
    assert vote(quantise(mirrored(query)), stored).count >= 10


def test_many_are_asked_at_once_as_one_by_one() -> None:
    query = arranged(200)
    stored = [query.first(count) for count in (64, 3, 200)] + [arranged(80, seed) for seed in range(2, 60)]
    stored.insert(2, WordPoints(query.words + 1000, query.places))
    for together, alone in zip(vote_each(query, stored), [vote(query, each) for each in stored], strict=True):
        assert together.count == alone.count
        if alone.similarity is None:
            assert together.similarity is None
        else:
            assert together.similarity == pytest.approx(alone.similarity)


def test_hundreds_of_copies_cost_little_memory() -> None:
    query = arranged(200)
    tracemalloc.start()
    try:
        counts = [votes.count for votes in vote_each(query, [query] * 300)]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert counts == [64] * 300
    assert peak < 50e6
