"""What stands beyond the overlap: nothing, a plain border, lettering above or below, or other things."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from benchmarks.edits.lettering import caption_bar
from dedupe.imaging import Beyond
from dedupe.imaging.beyond import beyond
from tests import scenes

PICTURE = scenes.photograph(1, 400, 300)


def shown(outer: Image.Image, left: int, top: int, size: tuple[int, int] = PICTURE.size) -> Beyond:
    """What ``outer`` shows beyond a picture that lies in it at a place, in pixels."""
    unit = max(outer.size)
    scale = max(size) / unit
    matrix = np.array([[scale, 0, left / unit], [0, scale, top / unit]])
    inner = np.asarray(PICTURE.resize(size))
    return beyond(np.asarray(outer), inner, matrix)


def test_nothing_stands_beyond_the_same_frame() -> None:
    assert shown(PICTURE, 0, 0) is Beyond.NOTHING
    assert shown(PICTURE, -50, -50, (600, 450)) is Beyond.NOTHING


@pytest.mark.parametrize("colour", ["white", "black", (90, 30, 200)])
def test_a_frame_is_plain(colour: object) -> None:
    assert shown(ImageOps.expand(PICTURE, 30, colour), 30, 30) is Beyond.PLAIN  # type: ignore[arg-type]


def test_bars_may_differ_from_side_to_side() -> None:
    for size, place, halves in (((400, 400), (0, 50), (0, 200)), ((560, 300), (80, 0), (280, 0))):
        boxed = Image.new("RGB", size, "black")
        boxed.paste("white", (*halves, *size))
        boxed.paste(PICTURE, place)
        assert shown(boxed, *place) is Beyond.PLAIN


@pytest.mark.parametrize("share", [0.12, 0.22, 0.4])
def test_a_caption_bar_is_lettered(share: float) -> None:
    captioned = caption_bar(PICTURE, np.random.default_rng(1), share)
    assert shown(captioned, 0, captioned.height - 300) is Beyond.LETTERED
    below = Image.new("RGB", captioned.size, "white")
    below.paste(captioned.crop((0, 0, 400, captioned.height - 300)), (0, 300))
    below.paste(PICTURE, (0, 0))
    assert shown(below, 0, 0) is Beyond.LETTERED


def test_lettering_beside_the_picture_is_no_caption() -> None:
    beside = Image.new("RGB", (560, 300), "white")
    beside.paste(PICTURE, (0, 0))
    for y in range(10, 290, 20):
        ImageDraw.Draw(beside).text((410, y), "many small words here", fill="black")
    assert shown(beside, 0, 0) is Beyond.BUSY


def test_what_a_crop_has_lost_is_busy_even_if_it_is_mostly_plain() -> None:
    whole = Image.new("RGB", (420, 315), (150, 200, 240))
    whole.paste(PICTURE, (10, 8))
    ImageDraw.Draw(whole).rectangle((0, 0, 9, 120), fill="black")
    ImageDraw.Draw(whole).rectangle((300, 309, 419, 314), fill="black")
    assert shown(whole, 10, 8) is Beyond.BUSY


def test_more_of_the_scene_is_busy() -> None:
    assert shown(scenes.photograph(2, 600, 500), 100, 100) is Beyond.BUSY


def test_the_corners_of_a_turned_picture_are_plain() -> None:
    turned = PICTURE.rotate(-20, expand=True)
    angle = np.radians(20)
    linear = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    unit = max(turned.size)
    middle = np.array(turned.size) / 2 / unit - linear @ (np.array([200, 150]) / unit)
    matrix = np.column_stack([linear * (400 / unit), middle])
    assert beyond(np.asarray(turned), np.asarray(PICTURE), matrix) is Beyond.PLAIN


@pytest.mark.parametrize("size", [(1, 1), (480, 1), (1, 480)], ids=str)
def test_tiny_views_are_answered(size: tuple[int, int]) -> None:
    tiny = np.zeros((size[1], size[0], 3), np.uint8)
    assert beyond(tiny, np.asarray(PICTURE), np.eye(2, 3)) in set(Beyond)
    assert beyond(np.asarray(PICTURE), tiny, np.eye(2, 3)) in set(Beyond)
