"""Relations: the greatest change gives the name, and only what claims one picture says so."""

from dataclasses import replace
from functools import partial
from math import cos, radians, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe.imaging import Beyond, Comparison, Differences, Method, Relation, relation_of, turn_of

UNCHANGED = Differences(
    luma=0.99, edges=0.97, agreeing=0.98, kept=0.98, error=1.0, changed=0.0, largest=5.0, blur=0.0, brighter=0.0,
    colour=0.5, tint=0.2, recoloured=0.0, contrast=50.0, texture=8.0,
)  # fmt: skip
COPY = Comparison(
    views=("view", "view"),
    method=Method.FEATURES,
    matrix=(1, 0, 0, 0, 1, 0),
    places=100,
    spread=(0.8, 0.8),
    coverage=(1.0, 1.0),
    beyond=(Beyond.NOTHING, Beyond.NOTHING),
    differences=UNCHANGED,
    probability=1.0,
)
relation_of_equal_sizes = partial(relation_of, size_stored=(600, 400), size_query=(600, 400))


def turned_by(degrees: float, mirrored: bool = False) -> Comparison:
    angle = radians(degrees)
    linear = np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]])
    if mirrored:
        linear = linear @ np.diag([-1.0, 1.0])
    (a, b), (c, d) = linear.tolist()
    return replace(COPY, matrix=(a, b, 0.1, c, d, 0.2))


def showing(
    stored: Beyond, query: Beyond, of_stored: float, of_query: float, **differences: float
) -> Comparison:
    return replace(
        COPY,
        beyond=(stored, query),
        coverage=(of_stored, of_query),
        differences=replace(UNCHANGED, **differences),
    )


NOTHING, PLAIN, LETTERED, BUSY = Beyond.NOTHING, Beyond.PLAIN, Beyond.LETTERED, Beyond.BUSY
NAMED = [
    (COPY, Relation.RE_ENCODED),
    (turned_by(3), Relation.ROTATED),
    (turned_by(-179), Relation.ROTATED),
    (turned_by(1), Relation.RE_ENCODED),
    (turned_by(0, mirrored=True), Relation.MIRRORED),
    (turned_by(90, mirrored=True), Relation.MIRRORED),
    (showing(BUSY, NOTHING, 0.8, 1.0), Relation.CROPPED),
    (showing(BUSY, NOTHING, 0.25, 1.0), Relation.CROPPED),
    (showing(NOTHING, BUSY, 1.0, 0.8), Relation.CROPPED),
    (showing(NOTHING, BUSY, 1.0, 0.55), Relation.CONTAINS),
    (showing(NOTHING, BUSY, 1.0, 0.1), Relation.CONTAINS),
    (showing(BUSY, NOTHING, 0.1, 1.0), Relation.CONTAINED),
    (showing(BUSY, BUSY, 0.3, 0.3), Relation.CROPPED),
    (showing(NOTHING, PLAIN, 1.0, 0.7), Relation.FRAMED),
    (showing(PLAIN, NOTHING, 0.7, 1.0), Relation.FRAMED),
    (showing(NOTHING, PLAIN, 1.0, 0.7, brighter=30), Relation.RECOLOURED),
    (showing(NOTHING, PLAIN, 1.0, 0.97), Relation.RE_ENCODED),
    (showing(NOTHING, LETTERED, 1.0, 0.8), Relation.CAPTIONED),
    (showing(LETTERED, NOTHING, 0.8, 1.0), Relation.CAPTIONED),
    (showing(NOTHING, LETTERED, 1.0, 0.35), Relation.CONTAINS),
    (showing(LETTERED, NOTHING, 0.1, 1.0), Relation.CONTAINED),
    (showing(NOTHING, BUSY, 1.0, 0.8, changed=0.1), Relation.VARIANT),
    (showing(NOTHING, NOTHING, 1.0, 1.0, changed=0.05), Relation.VARIANT),
    (showing(NOTHING, NOTHING, 1.0, 1.0, edges=0.4), Relation.VARIANT),
    (showing(NOTHING, NOTHING, 1.0, 1.0, recoloured=0.3, colour=9, tint=0.2), Relation.GREYSCALE),
    (showing(NOTHING, NOTHING, 1.0, 1.0, recoloured=0.3, colour=9, tint=5), Relation.RECOLOURED),
    (showing(NOTHING, NOTHING, 1.0, 1.0, recoloured=0.3, tint=0.2, brighter=9), Relation.RECOLOURED),
    (showing(NOTHING, NOTHING, 1.0, 1.0, brighter=-9), Relation.RECOLOURED),
    (showing(NOTHING, NOTHING, 1.0, 1.0, colour=4), Relation.RECOLOURED),
    (showing(NOTHING, NOTHING, 1.0, 1.0, colour=4, error=3), Relation.RE_ENCODED),
]


@pytest.mark.parametrize(("comparison", "relation"), NAMED)
def test_the_greatest_change_gives_the_name(comparison: Comparison, relation: Relation) -> None:
    assert relation_of_equal_sizes(comparison) is relation


@pytest.mark.parametrize("size", [(300, 200), (600, 390), (1200, 800)])
def test_another_size_makes_it_resized(size: tuple[int, int]) -> None:
    assert relation_of(COPY, size_stored=(600, 400), size_query=size) is Relation.RESIZED
    assert relation_of(COPY, size_stored=size, size_query=(600, 400)) is Relation.RESIZED


def test_a_pixel_more_or_less_is_no_other_size() -> None:
    assert relation_of(COPY, size_stored=(600, 400), size_query=(599, 401)) is Relation.RE_ENCODED


def test_equal_bytes_and_equal_pixels_come_first() -> None:
    far = showing(BUSY, BUSY, 0.2, 0.2, changed=0.9)
    assert relation_of_equal_sizes(far, same_checksum=True, same_pixels=True) is Relation.IDENTICAL_BYTES
    assert relation_of_equal_sizes(far, same_pixels=True) is Relation.SAME_PIXELS


def test_only_these_claim_one_picture() -> None:
    claiming = {relation for relation in Relation if relation.same_picture}
    assert claiming == {
        Relation.IDENTICAL_BYTES, Relation.SAME_PIXELS, Relation.RE_ENCODED, Relation.RESIZED,
        Relation.GREYSCALE, Relation.FRAMED,
    }  # fmt: skip


@given(st.floats(-179.9, 180), st.booleans(), st.floats(0.1, 10), st.floats(0.6, 1.6))
def test_turn_and_mirror_are_read_from_the_map_at_any_scale(
    degrees: float, mirrored: bool, scale: float, stretch: float
) -> None:
    a, b, x, c, d, y = turned_by(degrees, mirrored).matrix
    scaled = replace(COPY, matrix=(a * scale, b * scale, x, c * scale, d * scale, y))
    turned, found = turn_of(scaled)
    assert found is mirrored
    assert abs((turned - degrees + 180) % 360 - 180) < 0.01
    assert -180 <= turned <= 180
