"""Belief: within 0 and 1, never lowered by better evidence, and each condition can veto alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe.imaging import ASK_PROBABILITY, Differences
from dedupe.imaging.belief import believe_features, believe_frame, believe_page

SURE = Differences(
    luma=0.99, edges=0.97, agreeing=0.98, kept=0.98, error=1.0, changed=0.0, largest=5.0, blur=0.0, brighter=0.0,
    colour=0.5, tint=0.2, recoloured=0.0, contrast=50.0, texture=8.0,
)  # fmt: skip
PARTLY = replace(SURE, kept=0.6)
"""Each of the two shows something that the other does not."""
AMPLE = 192 * 128  # pixels of the grid
shares = st.floats(0, 1)
correlations = st.floats(-1, 1)
pairs_of_shares = st.tuples(shares, shares)


@given(
    correlations,
    correlations,
    shares,
    st.floats(0, 60),
    st.integers(0, 400),
    pairs_of_shares,
    pairs_of_shares,
    st.integers(96, 192 * 192),
)
def test_it_is_a_probability_whatever_was_measured(
    luma: float,
    edges: float,
    changed: float,
    texture: float,
    places: int,
    spread: tuple[float, float],
    coverage: tuple[float, float],
    pixels: int,
) -> None:
    differences = replace(SURE, luma=luma, edges=edges, changed=changed, texture=texture)
    assert 0 <= believe_features(differences, places, spread, coverage) <= 1
    assert 0 <= believe_frame(differences, coverage, pixels) <= 1


@given(correlations, st.floats(0, 0.5), st.integers(0, 200), st.integers(0, 200), shares)
def test_more_agreement_is_never_believed_less(
    edges: float, better: float, places: int, more: int, spread: float
) -> None:
    differences = replace(SURE, edges=edges)
    sharper = replace(SURE, edges=min(1.0, edges + better))
    whole = (1.0, 1.0)
    believed = believe_features(differences, places, (spread, spread), whole)
    assert believe_features(differences, places + more, (spread, spread), whole) >= believed - 1e-9
    assert believe_features(sharper, places, (spread, spread), whole) >= believed - 1e-9
    assert believe_features(differences, places, (min(1.0, spread + better),) * 2, whole) >= believed - 1e-9
    assert believe_frame(sharper, whole, AMPLE) >= believe_frame(differences, whole, AMPLE) - 1e-9
    assert believe_frame(differences, whole, AMPLE) >= believe_frame(differences, whole, AMPLE // 9) - 1e-9


def test_good_evidence_is_believed() -> None:
    assert believe_features(SURE, 60, (0.5, 0.5), (1.0, 1.0)) > 0.99
    assert believe_frame(SURE, (1.0, 1.0), AMPLE) > 0.9


@pytest.mark.parametrize(
    ("places", "spread", "coverage", "edges", "luma"),
    [
        (4, 0.5, 1.0, 0.97, 0.99),  # too few places
        (60, 0.01, 0.05, 0.97, 0.99),  # an emblem that two pictures share
        (60, 0.5, 1.0, 0.0, 0.99),  # nothing alike where they agree
        (12, 0.5, 1.0, 0.97, 0.2),
        (12, 0.5, 1.0, 0.1, 0.99),
    ],
)
def test_each_condition_can_veto_a_registration(
    places: int, spread: float, coverage: float, edges: float, luma: float
) -> None:
    differences = replace(PARTLY, edges=edges, luma=luma)
    assert believe_features(differences, places, (spread, spread), (coverage, coverage)) < ASK_PROBABILITY


def test_a_few_places_are_believed_where_a_rich_picture_bears_them_out() -> None:
    whole, wide = (1.0, 1.0), (0.4, 0.4)
    assert believe_features(SURE, 6, wide, whole) > 0.75
    assert believe_features(replace(SURE, edges=0.6), 6, wide, whole) < 0.1
    assert believe_features(replace(SURE, texture=1.5, edges=0.9), 6, wide, whole) < 0.2


def test_a_few_places_are_believed_where_a_bare_picture_agrees_with_all_of_another() -> None:
    bare, wide = replace(SURE, texture=1.0), (0.4, 0.4)
    assert believe_features(bare, 6, wide, (0.3, 1.0)) > 0.5
    assert believe_features(bare, 5, wide, (0.6, 0.8)) < 0.2
    assert believe_features(bare, 4, wide, (0.3, 1.0)) < 0.5


def test_of_a_picture_that_lies_within_another_the_places_may_stand_close_together() -> None:
    close = (0.02, 0.02)
    assert believe_features(PARTLY, 12, close, (0.25, 1.0)) > 0.8
    for coverage in ((0.1, 1.0), (0.6, 0.8)):  # an icon on a page; two that overlap
        assert believe_features(PARTLY, 12, close, coverage) < 0.1
    for other in (
        {"edges": 0.8}, {"luma": 0.8}, {"agreeing": 0.7}, {"brighter": -18.0}, {"recoloured": 0.2},
    ):  # fmt: skip
        assert believe_features(replace(PARTLY, **other), 12, close, (0.25, 1.0)) < 0.1


def test_a_bare_picture_under_lettering_is_believed_when_all_of_it_is_there() -> None:
    lettered = replace(SURE, texture=1.0, edges=0.15, luma=0.4, agreeing=0.2)
    close = (0.01, 0.01)
    assert believe_features(lettered, 20, close, (1.0, 1.0)) > 0.9
    assert believe_features(lettered, 20, close, (0.6, 1.0)) > 0.9, "after a crop"
    for coverage in ((0.1, 1.0), (0.6, 0.8)):  # an icon on a page; two that overlap
        assert believe_features(lettered, 20, close, coverage) < 0.1
    assert believe_features(lettered, 5, close, (1.0, 1.0)) < 0.1, "too few places"


def test_pages_of_one_program_are_not_believed_for_the_head_that_they_share() -> None:
    pages = replace(SURE, edges=0.74, agreeing=0.5, kept=0.65)
    assert believe_features(pages, 20, (0.08, 0.08), (0.9, 0.9)) < ASK_PROBABILITY
    assert believe_features(replace(pages, agreeing=0.7), 20, (0.2, 0.2), (0.9, 0.9)) > ASK_PROBABILITY


@pytest.mark.parametrize(
    "spoilt",
    [{"edges": 0.3}, {"luma": 0.6}, {"changed": 0.3}, {"edges": 0.8, "texture": 1.0}],
    ids=str,
)
def test_each_condition_can_veto_a_frame(spoilt: dict[str, float]) -> None:
    assert believe_frame(replace(SURE, **spoilt), (1.0, 1.0), AMPLE) < ASK_PROBABILITY


def test_of_bare_pictures_the_frames_must_coincide_of_rich_ones_one_must_lie_within_the_other() -> None:
    bare = replace(SURE, texture=1.0, edges=0.91)
    assert believe_frame(SURE, (1.0, 0.5), AMPLE) > 0.9 > 0.1 > believe_frame(bare, (1.0, 0.5), AMPLE)
    assert believe_frame(SURE, (0.7, 0.7), AMPLE) < 0.01


def test_little_ones_must_agree_in_every_edge() -> None:
    resembling = replace(SURE, edges=0.8, luma=0.93)
    assert believe_frame(resembling, (1.0, 0.6), AMPLE) > 0.8
    assert believe_frame(resembling, (1.0, 0.6), 16 * 16) < 0.1
    assert believe_frame(SURE, (1.0, 1.0), 16 * 16) > 0.9


@pytest.mark.parametrize("other", [{"recoloured": 0.8}, {"brighter": -100.0}], ids=str)
def test_little_ones_in_other_colours_must_agree_wholly_and_frame_on_frame(other: dict[str, float]) -> None:
    emblem = replace(SURE, edges=0.92, **other)
    assert believe_frame(emblem, (0.95, 0.9), AMPLE) > 0.8
    assert believe_frame(emblem, (0.95, 0.9), 16 * 16) < 0.1
    assert believe_frame(replace(emblem, edges=0.99), (1.0, 1.0), 16 * 16) > 0.9
    assert believe_frame(replace(emblem, edges=0.99), (1.0, 0.8), 16 * 16) < 0.1
    assert believe_frame(replace(SURE, edges=0.95), (0.95, 0.9), 16 * 16) > 0.5, "in the same colours"


def test_what_is_alike_only_when_both_are_soft_must_be_so_wholly_and_frame_on_frame() -> None:
    soft = replace(SURE, edges=0.99, blur=2.0)
    assert believe_frame(soft, (1.0, 1.0), AMPLE) > 0.9
    assert believe_frame(soft, (1.0, 0.8), AMPLE) < 0.01
    assert believe_frame(replace(soft, edges=0.93), (1.0, 1.0), AMPLE) < 0.01


def test_a_turn_may_cut_the_corners_off_a_drawing_that_agrees_in_everything() -> None:
    bare, close = replace(PARTLY, texture=1.0), (0.01, 0.01)
    assert believe_features(bare, 12, close, (0.87, 0.88)) > 0.8
    assert believe_features(bare, 12, close, (0.6, 0.65)) < 0.1
    assert believe_features(replace(bare, edges=0.8), 12, close, (0.87, 0.88)) < 0.1


def test_a_large_bare_picture_may_lie_within_a_frame_when_it_agrees_in_everything() -> None:
    bare = replace(SURE, texture=1.0, edges=0.99)
    assert believe_frame(bare, (1.0, 0.8), AMPLE) > 0.8
    assert believe_frame(bare, (1.0, 0.8), 40 * 40) < 0.1
    for other in ({"edges": 0.9}, {"luma": 0.8}, {"agreeing": 0.7}, {"brighter": -18.0}, {"recoloured": 0.2}):
        assert believe_frame(replace(bare, **other), (1.0, 0.8), AMPLE) < 0.2


def test_pages_that_each_have_something_for_themselves_are_not_believed() -> None:
    assert believe_page(0.0) == 1
    assert believe_page(0.0009) > 0.9
    assert believe_page(0.0021) < 0.1
    assert 0 <= believe_page(1.0) < 1e-6
