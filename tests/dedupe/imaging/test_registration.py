"""Registration by features: shifts, turns, mirrors and stretches are found back, and nothing is made up."""

import math

import numpy as np
import pytest
from PIL import Image, ImageOps

from dedupe.imaging.features import Features, extract
from dedupe.imaging.registration import apply, compose, inverse, is_plausible, register
from tests import scenes
from tests.pictures import flat, logo

PHOTOGRAPH = scenes.photograph(1, 480, 360)


def of(image: Image.Image) -> Features:
    return extract(np.asarray(image))


def test_a_picture_lies_on_itself() -> None:
    found = register(of(PHOTOGRAPH), of(PHOTOGRAPH))
    assert found is not None
    assert found.matrix == pytest.approx(np.eye(2, 3), abs=1e-4)
    assert found.places > 200
    assert min(found.spread) > 0.7


def test_a_crop_is_put_in_its_place_in_units_of_the_longest_side() -> None:
    found = register(of(PHOTOGRAPH), of(PHOTOGRAPH.crop((120, 60, 360, 260))))
    assert found is not None
    # One unit of the crop is 240 of the 480 pixels.
    assert found.matrix == pytest.approx(np.array([[0.5, 0, 0.25], [0, 0.5, 0.125]]), abs=0.005)
    assert found.spread[0] < 0.3 < 0.6 < found.spread[1] <= 1


@pytest.mark.parametrize("degrees", [15, 90, 180])
def test_a_turn_is_found(degrees: int) -> None:
    found = register(of(PHOTOGRAPH), of(PHOTOGRAPH.rotate(-degrees, Image.Resampling.BICUBIC)))
    assert found is not None
    turned = math.degrees(math.atan2(found.matrix[1, 0], found.matrix[0, 0]))
    assert abs((turned + degrees + 180) % 360 - 180) < 1


def test_a_mirror_is_found_and_mirrors_back() -> None:
    found = register(of(PHOTOGRAPH), of(ImageOps.mirror(PHOTOGRAPH)))
    assert found is not None
    assert found.matrix == pytest.approx(np.array([[-1, 0, 1], [0, 1, 0]]), abs=0.005)
    assert found.places > 150


def test_a_stretch_is_an_affinity() -> None:
    found = register(of(PHOTOGRAPH), of(PHOTOGRAPH.resize((360, 360))))
    assert found is not None
    assert found.matrix == pytest.approx(np.array([[1, 0, 0], [0, 0.75, 0]]), abs=0.005)


def test_swapped_pictures_give_the_inverse_map() -> None:
    first, second = of(PHOTOGRAPH), of(PHOTOGRAPH.crop((60, 40, 420, 330)).resize((480, 387)))
    there, back = register(first, second), register(second, first)
    assert there is not None
    assert back is not None
    assert compose(there.matrix, back.matrix) == pytest.approx(np.eye(2, 3), abs=0.01)
    assert there.places == pytest.approx(back.places, rel=0.2)


def test_the_same_features_give_the_same_registration() -> None:
    first, second = of(PHOTOGRAPH), of(PHOTOGRAPH.rotate(7))
    one, other = register(first, second), register(first, second)
    assert one is not None
    assert other is not None
    assert (one.matrix == other.matrix).all()
    assert (one.places, one.spread) == (other.places, other.spread)


def test_other_pictures_agree_in_hardly_any_place() -> None:
    for other in (scenes.photograph(2, 480, 360), scenes.drawing(1, 480, 360), scenes.page(1, 360, 480)):
        found = register(of(PHOTOGRAPH), of(other))
        assert found is None or found.places < 8


@pytest.mark.parametrize("image", [flat(), flat(size=(1, 1)), flat(size=(480, 2))])
def test_a_picture_without_features_cannot_be_registered(image: Image.Image) -> None:
    assert register(of(image), of(PHOTOGRAPH)) is None
    assert register(of(PHOTOGRAPH), of(image)) is None
    assert register(of(image), of(image)) is None


def test_a_place_counts_once_however_often_it_is_described() -> None:
    features = of(logo(2))
    found = register(features, features)
    assert found is not None
    assert found.places <= len(np.unique(np.round(features.points[:, :2], 2), axis=0))


def test_affinities_compose_and_invert() -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        one, other = rng.normal(size=(2, 2, 3))
        points = rng.normal(size=(5, 2))
        assert apply(compose(one, other), points) == pytest.approx(apply(one, apply(other, points)))
        assert apply(inverse(one), apply(one, points)) == pytest.approx(points)


@pytest.mark.parametrize(
    ("linear", "plausible"),
    [
        ([[1, 0], [0, 1]], True), ([[-1, 0], [0, 1]], True), ([[1, 0], [0, 0.5]], True),
        ([[1, 0], [0, 0.4]], False), ([[1, 1], [1, 1]], False), ([[0, 0], [0, 0]], False),
        ([[50, 0], [0, 50]], False), ([[0.02, 0], [0, 0.02]], False), ([[float("nan"), 0], [0, 1]], False),
        ([[float("inf"), 0], [0, 1]], False),
    ],
)  # fmt: skip
def test_what_nobodys_edit_does_is_implausible(linear: list[list[float]], plausible: bool) -> None:
    assert is_plausible(np.column_stack([np.array(linear, float), [0.0, 0.0]])) is plausible
