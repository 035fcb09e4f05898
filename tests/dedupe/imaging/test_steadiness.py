"""Another moment of a scene is told from a copy of the picture, however badly that was made."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from benchmarks.edits import EDITS
from dedupe.imaging import ASK_PROBABILITY, Relation
from dedupe.imaging.alignment import align
from dedupe.imaging.steadiness import steadiness
from tests import pictures as p
from tests import scenes
from tests.dedupe.imaging.views import edited, found, opened

STEADY = 0.96  # from here on it may be the same picture
PHOTOGRAPH = scenes.photograph(3, 480, 360)


def another_moment(image: Image.Image, seed: int = 1, pixels: float = 4.0) -> Image.Image:
    """Each part of the picture has moved by some pixels, its own way; neighbours go together."""
    rng = np.random.default_rng(seed)
    width, height = image.size
    ways = cv2.resize(
        rng.normal(0, pixels, (7, 9, 2)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC
    )
    down, across = np.mgrid[:height, :width].astype(np.float32)
    moved = cv2.remap(
        np.asarray(image),
        across + ways[..., 0],
        down + ways[..., 1],
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REFLECT,
    )
    return Image.fromarray(np.asarray(moved, np.uint8))


def between(second: Image.Image, first: Image.Image) -> float:
    alignment = align(np.asarray(first), np.asarray(second), np.eye(2, 3))
    assert alignment is not None
    return steadiness(alignment)


@pytest.mark.parametrize("seed", range(4))
def test_in_another_moment_everything_has_moved_a_little(seed: int) -> None:
    assert between(another_moment(PHOTOGRAPH, seed), PHOTOGRAPH) < STEADY


KEEPING_THE_FRAME = [
    "JPEG 30", "JPEG 10", "WebP 50", "resize ×0.5", "resize ×0.2", "brightness 1.4", "contrast 1.6", "gamma 0.5",
    "greyscale", "blur 2", "noise 15", "small watermark", "large watermark", "meme text",
]  # fmt: skip


@pytest.mark.parametrize("edit", KEEPING_THE_FRAME)
@pytest.mark.parametrize("seed", [3, 4])
def test_in_a_copy_everything_stands_where_it_stood(edit: str, seed: int) -> None:
    assert edit in EDITS
    picture = scenes.photograph(seed, 480, 360)
    assert between(opened(edited(picture, edit)).resize(picture.size), picture) > STEADY


def test_a_part_that_is_painted_over_does_not_make_another_moment() -> None:
    painted = PHOTOGRAPH.copy()
    ImageDraw.Draw(painted).rectangle((60, 60, 300, 240), fill="#c04")
    assert between(painted, PHOTOGRAPH) > STEADY


def test_of_what_shows_nothing_nothing_is_known_to_have_moved() -> None:
    assert between(p.flat("#345", (480, 360)), p.flat("#345", (480, 360))) == 1


def test_another_moment_is_a_variant_and_a_copy_the_same_picture() -> None:
    probability, relation = found(PHOTOGRAPH, another_moment(PHOTOGRAPH))
    assert probability > ASK_PROBABILITY
    assert relation is Relation.VARIANT
    assert found(PHOTOGRAPH, edited(PHOTOGRAPH, "JPEG 30"))[1] is Relation.RE_ENCODED
