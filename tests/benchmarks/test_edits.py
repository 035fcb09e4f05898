"""The family of edits: complete, the same in every run, and of the stated sizes."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageChops

from benchmarks.edits import EDITS, Edit, Kind, dice
from tests.pictures import landscape

ORIGINAL = landscape(1, 600, 400)
BACKGROUND = landscape(2, 500, 500)


def made(name: str, image: Image.Image = ORIGINAL, file: str = "a.png") -> Image.Image:
    edited = EDITS[name].apply(image, dice(file, name), BACKGROUND)
    return Image.open(BytesIO(edited.data)).convert("RGB")


def difference(first: Image.Image, second: Image.Image) -> float:
    """Mean absolute difference in levels of 255."""
    return float(np.asarray(ImageChops.difference(first, second), dtype=float).mean())


def test_there_are_33_edits_and_each_kind_has_some() -> None:
    assert len(EDITS) == 33
    assert {edit.kind for edit in EDITS.values()} == set(Kind)


@pytest.mark.parametrize("edit", EDITS.values(), ids=lambda edit: edit.name)
def test_an_edit_gives_the_same_file_for_the_same_dice_and_leaves_the_picture_alone(edit: Edit) -> None:
    before = ORIGINAL.tobytes()
    first = edit.apply(ORIGINAL, dice("a.png", edit.name), BACKGROUND)
    again = edit.apply(ORIGINAL, dice("a.png", edit.name), BACKGROUND)
    assert first == again
    assert ORIGINAL.tobytes() == before
    assert Image.open(BytesIO(first.data)).format == first.format


def test_the_dice_fall_differently_for_other_files_edits_and_seeds() -> None:
    throws = {
        dice(file, edit, seed).integers(1 << 62)
        for file in ("a", "b")
        for edit in ("crop 5 %", "noise 15")
        for seed in (0, 1)
    }
    assert len(throws) == 8


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("resize ×0.5", (300, 200)),
        ("resize ×0.2", (120, 80)),
        ("squish 1.33", (451, 400)),
        ("crop 5 %", (570, 380)),
        ("crop 10 %", (540, 360)),
        ("crop 20 %", (480, 320)),
        ("crop 30 %", (420, 280)),
        ("crop 50 %", (300, 200)),
        ("frame 4 %", (632, 432)),
        ("frame 10 %", (680, 480)),
        ("caption bar 22 %", (600, 488)),
        ("rotate 90°", (400, 600)),
        ("picture in picture", (600, 400)),
        ("combined", (336, 224)),
    ],
)
def test_an_edit_has_its_stated_size(name: str, size: tuple[int, int]) -> None:
    assert made(name).size == size


@pytest.mark.parametrize(
    "name",
    [edit.name for edit in EDITS.values() if edit.kind in {Kind.ENCODING, Kind.TONE}]
    + ["small watermark", "large watermark", "meme text", "mirror", "rotate 180°"],
)
def test_an_edit_in_place_keeps_the_size_and_changes_the_pixels(name: str) -> None:
    edited = made(name)
    assert edited.size == ORIGINAL.size
    assert difference(edited, ORIGINAL) > 0.1


def test_noise_has_the_stated_sigma() -> None:
    grey = Image.new("RGB", (200, 200), "#808080")
    edited = np.asarray(made("noise 15", grey), dtype=float)
    assert 11 < edited.std() < 16


def test_a_letterbox_has_black_bars_and_another_shape() -> None:
    for file in "abcdef":
        boxed = made("letterbox", file=file)
        assert not 1 / 1.14 < (boxed.width / boxed.height) / 1.5 < 1.14
        assert np.asarray(boxed.crop((0, 0, 8, 8))).max() < 30


def test_a_turn_brings_back_the_picture_when_it_is_turned_back() -> None:
    back = made("rotate 180°").transpose(Image.Transpose.ROTATE_180)
    assert difference(back, ORIGINAL) < 4
    back = made("mirror").transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert difference(back, ORIGINAL) < 4


def test_picture_in_picture_shows_the_background_around_the_picture() -> None:
    flat = Image.new("RGB", (600, 400), "red")
    edited = np.asarray(made("picture in picture", flat), dtype=float)
    red = (edited[..., 0] > 200) & (edited[..., 1] < 60)
    assert 0.22 < red.mean() < 0.3


@pytest.mark.parametrize("size", [(40, 30), (30, 300), (900, 60)])
def test_every_edit_takes_small_and_long_pictures(size: tuple[int, int]) -> None:
    picture = landscape(3, *size)
    for name in EDITS:
        assert min(made(name, picture).size) >= 8
