"""Placement without features: eight orientations, borders, and drawing into place."""

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageOps

from dedupe.imaging import WHOLE, Box
from dedupe.imaging.placement import place, refine
from tests.pictures import flat, gradient, landscape, logo

SMOOTH = landscape(3, 240, 180).resize((30, 20)).resize((240, 160), Image.Resampling.BICUBIC)
TURNS = {
    None: [[1, 0, 0], [0, 1, 0]],
    Image.Transpose.FLIP_LEFT_RIGHT: [[-1, 0, 1], [0, 1, 0]],
    Image.Transpose.FLIP_TOP_BOTTOM: [[1, 0, 0], [0, -1, 2 / 3]],
    Image.Transpose.ROTATE_180: [[-1, 0, 1], [0, -1, 2 / 3]],
    Image.Transpose.ROTATE_90: [[0, -1, 1], [1, 0, 0]],
    Image.Transpose.ROTATE_270: [[0, 1, 0], [-1, 0, 2 / 3]],
    Image.Transpose.TRANSPOSE: [[0, 1, 0], [1, 0, 0]],
    Image.Transpose.TRANSVERSE: [[0, -1, 1], [-1, 0, 2 / 3]],
}


def pixels(image: Image.Image) -> npt.NDArray[np.uint8]:
    return np.asarray(image)


@pytest.mark.parametrize("turn", TURNS, ids=str)
def test_each_of_the_eight_orientations_is_undone(turn: Image.Transpose | None) -> None:
    turned = SMOOTH if turn is None else SMOOTH.transpose(turn)
    found = place(pixels(SMOOTH), pixels(turned))
    assert found.matrix == pytest.approx(np.array(TURNS[turn], float), abs=1e-9)
    assert found.correlation > 0.99


def test_the_part_within_a_border_is_laid_on_the_whole() -> None:
    bordered = ImageOps.expand(SMOOTH, 40, "black")
    box = Box(40 / 320, 40 / 240, 280 / 320, 200 / 240)
    found = place(pixels(SMOOTH), pixels(bordered), (WHOLE,), (WHOLE, box))
    assert found.correlation > 0.99
    assert found.matrix == pytest.approx(np.array([[4 / 3, 0, -1 / 6], [0, 4 / 3, -1 / 6]]), abs=1e-6)
    assert place(pixels(SMOOTH), pixels(bordered)).correlation < 0.9


def test_among_equals_the_plainest_orientation_wins() -> None:
    assert place(pixels(flat()), pixels(flat())).matrix == pytest.approx(
        np.array([[1, 0, 0], [0, 1, 0]], float) * [1, 1, 1]
    )
    ring = np.zeros((64, 64, 3), np.uint8)
    ring[16:48, 16:48] = 255
    assert place(ring, ring).matrix == pytest.approx(np.eye(2, 3))


def test_other_pictures_correlate_little() -> None:
    assert place(pixels(logo(2)), pixels(logo(5))).correlation < 0.8
    assert place(pixels(gradient()), pixels(flat())).correlation < 0.1


def test_a_small_shift_is_drawn_into_place() -> None:
    shifted = SMOOTH.crop((12, 6, 240, 160))
    guess = place(pixels(SMOOTH), pixels(shifted)).matrix
    refined = refine(pixels(SMOOTH), pixels(shifted), guess)
    scale = 228 / 240
    assert refined == pytest.approx(np.array([[scale, 0, 0.05], [0, scale, 0.025]]), abs=0.004)


def test_a_perfect_guess_stays() -> None:
    assert refine(pixels(SMOOTH), pixels(SMOOTH), np.eye(2, 3)) == pytest.approx(np.eye(2, 3), abs=0.002)


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (3, 2)], ids=str)
def test_tiny_pictures_and_flat_ones_keep_their_guess(size: tuple[int, int]) -> None:
    tiny = np.zeros((size[1], size[0], 3), np.uint8)
    found = place(tiny, pixels(SMOOTH))
    assert np.isfinite(found.matrix).all()
    assert found.correlation == 0
    assert (refine(tiny, pixels(SMOOTH), found.matrix) == found.matrix).all()
