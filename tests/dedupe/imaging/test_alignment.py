"""Alignment on a common grid: where it lies, how much overlaps, and at whose sharpness."""

import numpy as np
import pytest
from PIL import Image

from dedupe.imaging.alignment import GRID, align, placed_outline
from dedupe.imaging.registration import Doubles
from tests import scenes

WHOLE = np.asarray(scenes.photograph(1, 480, 360))
AS_IT_IS = np.eye(2, 3)


def crop_of(left: int, top: int, right: int, bottom: int) -> tuple[np.ndarray, Doubles]:
    """A part of the whole and the map that puts it back."""
    part = WHOLE[top:bottom, left:right]
    scale = max(part.shape[:2]) / 480
    return part, np.array([[scale, 0, left / 480], [0, scale, top / 480]])


def test_equal_views_overlap_entirely_and_do_not_differ() -> None:
    found = align(WHOLE, WHOLE, AS_IT_IS)
    assert found is not None
    assert found.coverage == (1.0, 1.0)
    assert found.box == (0.0, 0.0, 1.0, 1.0)
    assert max(found.first.shape[:2]) == GRID
    assert found.first.shape == found.second.shape
    assert found.overlap.mean() > 0.94  # all but the rim
    assert np.abs(found.first - found.second)[found.overlap].mean() < 1.5


def test_a_crop_covers_its_share_and_lies_in_its_box() -> None:
    part, matrix = crop_of(120, 90, 360, 270)
    found = align(WHOLE, part, matrix)
    assert found is not None
    assert found.coverage == pytest.approx((0.25, 1.0), abs=0.001)
    assert found.box == pytest.approx((0.25, 0.25, 0.75, 0.75), abs=0.01)
    assert np.abs(found.first - found.second)[found.overlap].mean() < 3


def test_the_other_way_round_the_shares_are_exchanged() -> None:
    part, matrix = crop_of(120, 90, 360, 270)
    back = np.column_stack([np.linalg.inv(matrix[:, :2]), -np.linalg.inv(matrix[:, :2]) @ matrix[:, 2]])
    found = align(part, WHOLE, back)
    assert found is not None
    assert found.coverage == pytest.approx((1.0, 0.25), abs=0.001)
    assert found.box == (0.0, 0.0, 1.0, 1.0)


def test_the_grid_is_no_finer_than_the_coarser_view() -> None:
    small = np.asarray(Image.fromarray(WHOLE).resize((60, 45), Image.Resampling.LANCZOS))
    for first, second in ((WHOLE, small), (small, WHOLE)):
        found = align(first, second, AS_IT_IS)
        assert found is not None
        assert max(found.first.shape[:2]) == 60


def test_content_is_only_where_both_are() -> None:
    moved = np.array([[1.0, 0, 0.5], [0, 1.0, 0]])
    found = align(WHOLE, WHOLE, moved)
    assert found is not None
    assert found.coverage == pytest.approx((0.5, 0.5), abs=0.001)
    assert found.box[0] == pytest.approx(0.5)
    turned = np.array([[0.7, -0.7, 0.5], [0.7, 0.7, -0.3]])
    tilted = align(WHOLE, WHOLE, turned)
    assert tilted is not None
    assert 0.2 < tilted.overlap.mean() < 0.95


@pytest.mark.parametrize("shift", [(1.2, 0), (0, -0.9), (0.99, 0.74), (40, 40)])
def test_views_that_miss_each_other_have_no_alignment(shift: tuple[float, float]) -> None:
    assert align(WHOLE, WHOLE, np.array([[1.0, 0, shift[0]], [0, 1.0, shift[1]]])) is None


@pytest.mark.parametrize("size", [(1, 1), (1, 480), (480, 1), (7, 7), (480, 3)], ids=str)
def test_what_is_smaller_than_a_few_pixels_is_not_aligned(size: tuple[int, int]) -> None:
    tiny = np.zeros((size[1], size[0], 3), np.uint8)
    assert align(tiny, WHOLE, AS_IT_IS) is None
    found = align(WHOLE, tiny, AS_IT_IS)
    assert found is None or found.overlap.sum() >= 48


def test_an_outline_is_told_in_shares_of_the_first_view() -> None:
    part, matrix = crop_of(120, 90, 360, 270)
    expected = [[0.25, 0.25], [0.75, 0.25], [0.75, 0.75], [0.25, 0.75]]
    assert placed_outline(matrix, WHOLE, part) == pytest.approx(np.array(expected))
