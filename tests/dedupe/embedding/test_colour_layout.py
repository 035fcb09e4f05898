"""The worked example: where which colours lie."""

import io

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from dedupe.embedding import ColourLayout, Value
from tests.pictures import encoded, flat, landscape, logo

EMBEDDER = ColourLayout()


def value_of(picture: Image.Image) -> Value:
    value = EMBEDDER.embed(np.asarray(picture))
    assert value is not None
    return value


def distance(one: Image.Image, other: Image.Image) -> float:
    return EMBEDDER.distance(value_of(one), value_of(other))


def saved_again(picture: Image.Image) -> Image.Image:
    return Image.open(io.BytesIO(encoded(picture, "JPEG", quality=30))).convert("RGB")


EDITS = {
    "saved as a poor JPEG": saved_again,
    "at a third of the size": lambda picture: picture.resize((200, 133)),
    "squeezed": lambda picture: picture.resize((480, 400)),
    "brighter": lambda picture: ImageEnhance.Brightness(picture).enhance(1.2),
    "with more contrast": lambda picture: ImageEnhance.Contrast(picture).enhance(1.5),
    "with stronger colours": lambda picture: ImageEnhance.Color(picture).enhance(1.5),
    "cropped by 5 %": lambda picture: picture.crop((15, 10, 585, 390)),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edited_picture_stays_within_the_distance(edit: object) -> None:
    picture = landscape(7)
    assert distance(picture, edit(picture)) <= EMBEDDER.ask_distance  # type: ignore[operator]


def test_other_pictures_are_far() -> None:
    assert min(distance(landscape(1), landscape(seed)) for seed in range(2, 12)) > 2 * EMBEDDER.ask_distance


def test_other_colours_in_the_same_places_are_further_than_the_same() -> None:
    picture = landscape(7)
    red, green, blue = picture.split()
    assert distance(picture, Image.merge("RGB", (blue, red, green))) > EMBEDDER.ask_distance


def test_the_vector_holds_coefficients_in_the_order_of_their_frequency() -> None:
    steps = np.cos(np.pi * (2 * np.arange(8) + 1) / 16) * 100 + 128
    grey = np.repeat(np.tile(steps.astype(np.uint8), (8, 1))[..., None], 3, axis=2)
    value = value_of(Image.fromarray(grey))
    assert isinstance(value, np.ndarray)
    assert value.dtype == np.float32
    assert value.shape == (32,)
    assert np.argmax(np.abs(value)) == 0  # the horizontal wave comes first after the mean, which is left out
    assert np.abs(value[1:]).max() < 3


@pytest.mark.parametrize("colour", ["white", "black", "#808080"])
def test_there_is_nothing_to_compare_in_one_grey(colour: str) -> None:
    assert EMBEDDER.embed(np.asarray(flat(colour))) is None


def test_a_picture_of_one_pixel_is_no_error() -> None:
    assert EMBEDDER.embed(np.zeros((1, 1, 3), np.uint8)) is None
    assert EMBEDDER.embed(np.array([[[200, 20, 20]]], np.uint8)) is not None


def test_drawings_are_told_apart() -> None:
    assert distance(logo(1), logo(2)) > EMBEDDER.ask_distance
