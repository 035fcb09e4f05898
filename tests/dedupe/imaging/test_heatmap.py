"""The map of differences that is laid over the stored picture."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFont

from dedupe.imaging.heatmap import MAX_MAP_BYTES, heat_map
from tests.pictures import encoded, landscape

Bytes = npt.NDArray[np.uint8]
UNMOVED = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
RIGHT_HALF = (2 / 3, 0.0, 0.5, 0.0, 2 / 3, 0.0)
"""A crop of the right half of 480 × 320: 240 × 320, its longest side 320, laid at half of the width."""


def pixels(image: Image.Image) -> Bytes:
    return np.asarray(image.convert("RGB"))


def drawn(stored: Image.Image, query: Image.Image, matrix: tuple[float, ...] = UNMOVED) -> Bytes:
    """The map as uint8[h, w, 4]."""
    data = heat_map(pixels(stored), pixels(query), matrix)
    assert len(data) <= MAX_MAP_BYTES
    return np.asarray(Image.open(BytesIO(data), formats=["PNG"]))


@pytest.fixture
def scene() -> Image.Image:
    return landscape(1, 480, 320)


def with_patch(image: Image.Image, level: int) -> Image.Image:
    """With the middle of its left half painted over."""
    copy = image.copy()
    ImageDraw.Draw(copy).rectangle((90, 130, 150, 190), fill=(level, level, level))
    return copy


def test_a_picture_saved_again_is_left_clear(scene: Image.Image) -> None:
    again = Image.open(BytesIO(encoded(scene, "JPEG", quality=40)))
    assert drawn(scene, again).shape == (320, 480, 4)
    assert drawn(scene, again)[..., 3].max() < 128


def test_another_brightness_is_no_difference(scene: Image.Image) -> None:
    assert drawn(scene, ImageEnhance.Brightness(scene).enhance(0.8))[..., 3].mean() < 2


def test_a_change_glows_where_it_is(scene: Image.Image) -> None:
    found = drawn(with_patch(scene, 255), with_patch(scene, 0))
    red, green, blue, alpha = found[160, 120]
    assert alpha > 200
    assert red > 180 > 60 > green
    assert blue < 60
    assert found[20:60, 300:460, 3].mean() < 8


def test_lettering_is_not_taken_for_a_tone_curve(scene: Image.Image) -> None:
    """More white letters on a dark ground than there is white elsewhere: not the white elsewhere has changed."""
    dark = scene.point(lambda level: level // 2)
    ImageDraw.Draw(dark).ellipse((60, 40, 100, 80), fill="white")
    lettered = dark.copy()
    ImageDraw.Draw(lettered).text((40, 240), "GREETINGS", fill="white", font=ImageFont.load_default(size=60))
    found = drawn(dark, lettered)
    assert found[60, 80, 3] == 0
    assert found[250:300, 40:380, 3].mean() > 60


def test_a_little_is_amber_and_much_is_red(scene: Image.Image) -> None:
    """The tone curve is drawn by the whole picture, so a small part in another tone stays a difference."""
    plain = with_patch(scene, 110)
    little, much = (drawn(plain, with_patch(scene, level))[160, 120] for level in (140, 240))
    assert 0 < little[3] < much[3]
    assert little[1] > much[1]


def test_what_the_query_does_not_show_is_dimmed(scene: Image.Image) -> None:
    found = drawn(scene, scene.crop((240, 0, 480, 320)), RIGHT_HALF)
    outside, inside = found[:, :235], found[:, 250:]
    assert set(outside[..., 3].ravel()) == {158}
    assert outside[..., :3].max() < 32
    assert inside[..., 3].max() == 0


def test_a_turned_query_dims_the_corners(scene: Image.Image) -> None:
    turn = np.deg2rad(30)
    sine, cosine = float(np.sin(turn)), float(np.cos(turn))
    matrix = (
        cosine,
        -sine,
        0.5 - 0.5 * cosine + 1 / 3 * sine,
        sine,
        cosine,
        1 / 3 - 0.5 * sine - 1 / 3 * cosine,
    )
    found = drawn(scene, scene.rotate(30), matrix)
    assert found[2, 2, 3] > 100
    assert found[120:200, 200:280, 3].max() < 128


def test_a_small_view_keeps_its_size() -> None:
    small = landscape(2, 24, 16)
    assert drawn(small, small).shape == (16, 24, 4)


@pytest.mark.parametrize("size", [(8, 6), (480, 3), (1, 1)])
def test_views_with_next_to_nothing_in_them_are_refused(size: tuple[int, int]) -> None:
    view = pixels(landscape(2, *size))
    with pytest.raises(ValueError, match="do not overlap"):
        heat_map(view, view, UNMOVED)


def test_views_that_miss_one_another_are_refused(scene: Image.Image) -> None:
    with pytest.raises(ValueError, match="do not overlap"):
        heat_map(pixels(scene), pixels(scene), (1.0, 0.0, 3.0, 0.0, 1.0, 0.0))


def test_noise_stays_within_the_bound() -> None:
    noise = np.random.default_rng(3).integers(0, 256, (2, 480, 480, 3), dtype=np.uint8)
    assert len(heat_map(noise[0], noise[1], UNMOVED)) <= MAX_MAP_BYTES
