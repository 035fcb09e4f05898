"""The two measures that come with the interface."""

import numpy as np
import pytest

from dedupe.embedding import Vector
from tests.dedupe.embedding.embedders import DifferenceHash, Told


def vector(*numbers: float) -> Vector:
    return np.array(numbers, np.float32)


def test_bits_are_compared_by_counting_those_that_differ() -> None:
    assert DifferenceHash().distance(b"\x00" * 8, b"\x00" * 7 + b"\x07") == 3


@pytest.mark.parametrize(
    ("other", "expected"),
    [((2, 0, 0, 0), 0.0), ((0, 5, 0, 0), 1.0), ((-1, 0, 0, 0), 2.0), ((1, 1, 0, 0), 1 - 0.5**0.5)],
    ids=["the same direction", "a right angle", "the opposite", "45 degrees"],
)
def test_vectors_are_compared_by_their_angle_whatever_their_length(
    other: tuple[float, ...], expected: float
) -> None:
    assert Told().distance(vector(1, 0, 0, 0), vector(*other)) == pytest.approx(expected, abs=1e-9)


def test_a_vector_of_zeros_is_far_from_everything() -> None:
    assert Told().distance(vector(0, 0, 0, 0), vector(0, 0, 0, 0)) == 1.0


def test_vectors_of_huge_numbers_do_not_overflow() -> None:
    huge = vector(3e38, 3e38, 0, 0)
    assert Told().distance(huge, huge) == pytest.approx(0.0, abs=1e-9)
