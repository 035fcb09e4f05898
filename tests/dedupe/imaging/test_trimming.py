"""A border is found whatever its kind, and an ordinary picture is left whole."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageFilter, ImageOps

from dedupe.imaging import WHOLE
from dedupe.imaging.trimming import LEAST_KEPT, trim_box
from tests import pictures as p

PICTURE = p.landscape(1, 300, 200)


def box_of(image: Image.Image, quality: int | None = None) -> tuple[float, float, float, float]:
    """The box in pixels, of the picture as it is or after JPEG."""
    if quality is not None:
        image = Image.open(BytesIO(p.encoded(image, "JPEG", quality=quality))).convert("RGB")
    left, top, right, bottom = trim_box(np.asarray(image))
    return left * image.width, top * image.height, right * image.width, bottom * image.height


def before_its_blur(image: Image.Image, size: tuple[int, int], dimmed: float = 1.0) -> Image.Image:
    """The picture in the middle of a frame that its enlarged and blurred copy fills."""
    surround = ImageOps.fit(image, size).filter(ImageFilter.GaussianBlur(14)).point(lambda v: v * dimmed)
    inner = ImageOps.contain(image, size)
    surround.paste(inner, ((size[0] - inner.width) // 2, (size[1] - inner.height) // 2))
    return surround


@pytest.mark.parametrize("colour", ["white", "black", "#a02030", "#7f7f7f"])
@pytest.mark.parametrize("quality", [None, 90, 60, 35])
def test_a_plain_border_of_any_colour_goes(colour: str, quality: int | None) -> None:
    framed = ImageOps.expand(PICTURE, (24, 30, 40, 28), colour)
    assert box_of(framed, quality) == pytest.approx((24, 30, 324, 230), abs=3)


def test_letterbox_and_pillarbox_bars_go() -> None:
    assert box_of(ImageOps.pad(PICTURE, (300, 400)), 75) == pytest.approx((0, 100, 300, 300), abs=2)
    assert box_of(ImageOps.pad(PICTURE, (480, 200)), 75) == pytest.approx((90, 0, 390, 200), abs=2)


def test_sides_may_have_colours_of_their_own() -> None:
    framed = ImageOps.expand(ImageOps.expand(PICTURE, (0, 40, 0, 0), "navy"), (0, 0, 0, 30), "white")
    assert box_of(framed) == pytest.approx((0, 40, 300, 240), abs=2)


def test_a_mat_within_a_frame_goes_with_it() -> None:
    nested = ImageOps.expand(ImageOps.expand(PICTURE, 16, "white"), 12, "black")
    assert box_of(nested) == pytest.approx((28, 28, 328, 228), abs=3)


@pytest.mark.parametrize("dimmed", [1.0, 0.6])
@pytest.mark.parametrize("quality", [None, 75])
def test_a_blurred_copy_as_surround_goes(dimmed: float, quality: int | None) -> None:
    tall = before_its_blur(PICTURE, (300, 420), dimmed)
    assert box_of(tall, quality) == pytest.approx((0, 110, 300, 310), abs=2)
    wide = before_its_blur(p.landscape(2, 200, 260), (460, 260), dimmed)
    assert box_of(wide, quality) == pytest.approx((130, 0, 330, 260), abs=2)


def test_blurred_bands_that_are_of_another_picture_stay() -> None:
    frame = p.landscape(5, 460, 260).filter(ImageFilter.GaussianBlur(14))
    frame.paste(p.landscape(2, 200, 260), (130, 0))
    assert trim_box(np.asarray(frame)) == WHOLE


@pytest.mark.parametrize("seed", range(1, 13))
@pytest.mark.parametrize("quality", [None, 50])
def test_photographs_are_left_whole(seed: int, quality: int | None) -> None:
    assert box_of(p.landscape(seed, 480, 320), quality) == (0, 0, 480, 320)


@pytest.mark.parametrize("image", [p.flat(), p.flat("navy"), p.gradient(), p.dot()])
def test_a_plain_ground_is_not_trimmed_away(image: Image.Image) -> None:
    box = trim_box(np.asarray(image))
    assert min(box.width, box.height) >= LEAST_KEPT


def test_a_hairline_is_not_worth_a_box() -> None:
    assert trim_box(np.asarray(ImageOps.expand(p.landscape(1, 478, 318), 1, "black"))) == WHOLE


@pytest.mark.parametrize("size", [(1, 1), (2, 300), (300, 1), (3, 3), (47, 47)])
def test_any_size_is_taken(size: tuple[int, int]) -> None:
    for image in (p.flat(size=size), p.landscape(1, *size)):
        box = trim_box(np.asarray(image))
        assert 0 <= box.left < box.right <= 1
        assert 0 <= box.top < box.bottom <= 1


def test_a_logo_is_trimmed_to_its_shapes() -> None:
    box = trim_box(np.asarray(p.logo()))
    assert LEAST_KEPT <= box.width < 1
