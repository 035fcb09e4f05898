"""Scores by shared words: those of the formula, best first, for the query and its mirror image."""

from __future__ import annotations

import numpy as np
import pytest

from dedupe.imaging.words import WordPoints
from dedupe.search import scoring
from dedupe.search.postings import PostingLists, key
from dedupe.search.scoring import scored


def query(*words: int) -> WordPoints:
    return WordPoints(np.array(words, np.int32), np.zeros((len(words), 4), np.uint16))


def lists(**parts: list[int]) -> PostingLists:
    """Lists of words named w1, w2 …; a second part of one is named w1_."""
    keys = [key(int(name.strip("w_"))) for name in parts]
    return PostingLists(
        np.array(keys, np.int64),
        np.array([len(part) for part in parts.values()], np.int64),
        np.array([picture for part in parts.values() for picture in part], np.int64),
    )


def test_a_picture_gets_the_rarity_of_each_word_that_it_shares() -> None:
    found = scored((query(1, 2), query()), lists(w1=[10, 20], w2=[20]), library=100)
    assert found.pictures.tolist() == [20, 10]
    assert found.scores.tolist() == pytest.approx([np.log1p(50) + np.log1p(100), np.log1p(50)])
    assert not found.mirrored.any()


def test_a_list_in_parts_counts_as_one() -> None:
    found = scored((query(1), query()), lists(w1=[10, 20], w1_=[30]), library=90)
    assert found.scores.tolist() == pytest.approx([np.log1p(30)] * 3)


def test_the_better_of_query_and_mirror_counts_and_is_told() -> None:
    found = scored((query(1), query(2, 3)), lists(w1=[10, 20], w2=[20], w3=[20]), library=100)
    assert dict(zip(found.pictures.tolist(), found.mirrored.tolist(), strict=True)) == {20: True, 10: False}


def test_equal_scores_stand_by_age() -> None:
    assert scored((query(1), query()), lists(w1=[30, 10, 20]), library=9).pictures.tolist() == [10, 20, 30]


def test_nothing_read_scores_nothing() -> None:
    assert len(scored((query(1), query(2)), lists(), library=9).pictures) == 0


def test_of_very_many_the_best_are_put_in_order_and_equals_of_the_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scoring, "_MOST_SCORED", 2)
    found = scored((query(1, 2, 3), query()), lists(w1=[1, 2, 3, 4, 5], w2=[4, 3, 5], w3=[5]), library=50)
    assert found.pictures.tolist() == [5, 3, 4]


def test_pictures_to_leave_out_are_left_out() -> None:
    found = scored((query(1), query()), lists(w1=[10, 20, 30]), library=9)
    assert found.without([20]).pictures.tolist() == [10, 30]
    assert found.without([]) is found
