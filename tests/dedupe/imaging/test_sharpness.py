"""Sharpness: measured whatever the contrast, and brought to that of the softer one."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from dedupe.imaging.sharpness import Flags, Floats, equally_sharp, slopes
from tests import scenes

PICTURE = scenes.photograph(3, 192, 128).convert("L")
EVERYWHERE: Flags = np.ones((128, 192), bool)


def luma(picture: Image.Image) -> Floats:
    return np.asarray(picture, np.float32)


def blurred(radius: float) -> Floats:
    return luma(PICTURE.filter(ImageFilter.GaussianBlur(radius)))


def test_slopes_are_levels_per_pixel() -> None:
    ramp = np.tile(np.arange(16, dtype=np.float32) * 3, (8, 1))
    assert slopes(ramp).shape == (8, 16, 2)
    assert np.allclose(slopes(ramp)[:, 1:-1], [3, 0])
    assert np.allclose(slopes(ramp.T)[1:-1], [0, 3])


@pytest.mark.parametrize("radius", [1.0, 2.0, 4.0])
def test_the_sharper_of_two_is_made_as_soft_as_the_other(radius: float) -> None:
    first, second, sigma = equally_sharp(luma(PICTURE), blurred(radius), EVERYWHERE)
    assert sigma == pytest.approx(radius, rel=0.15)
    assert np.abs(first - second).mean() < 1.5
    assert (second == blurred(radius)).all(), "the softer one stays as it is"


def test_it_does_not_matter_which_of_them_is_sharper() -> None:
    one = equally_sharp(luma(PICTURE), blurred(2), EVERYWHERE)
    other = equally_sharp(blurred(2), luma(PICTURE), EVERYWHERE)
    assert (one[0] == other[1]).all()
    assert (one[1] == other[0]).all()
    assert one[2] == other[2]


@pytest.mark.parametrize("contrast", [0.4, 1.0])
def test_of_equal_sharpness_nothing_is_done_whatever_the_contrast(contrast: float) -> None:
    fainter = luma(PICTURE) * np.float32(contrast)
    first, second, sigma = equally_sharp(luma(PICTURE), fainter, EVERYWHERE)
    assert sigma == 0
    assert (first == luma(PICTURE)).all()
    assert (second == fainter).all()


def test_only_what_overlaps_is_measured() -> None:
    half_striped = luma(PICTURE).copy()
    half_striped[:, 96::2] = 255
    left = EVERYWHERE.copy()
    left[:, 95:] = False
    assert equally_sharp(luma(PICTURE), half_striped, left)[2] == 0
    assert equally_sharp(luma(PICTURE), half_striped, EVERYWHERE)[2] > 0


def test_plain_areas_can_be_measured() -> None:
    plain = np.full((16, 16), 7, np.float32)
    first, second, sigma = equally_sharp(plain, plain.copy(), np.ones((16, 16), bool))
    assert np.isfinite(first).all()
    assert np.isfinite(second).all()
    assert sigma >= 0
