"""Which part of which picture, read from either side."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from PIL import Image

from dedupe.imaging import (
    Beyond,
    Geometry,
    Method,
    View,
    common_part,
    geometry_from_json,
    verify,
)
from dedupe.search.geometry import geometry_of
from tests.geometries import CROP
from tests.pictures import landscape


def geometry(**more: Any) -> Geometry:
    found = geometry_from_json({**CROP, **more})
    assert found is not None
    return found


def laid(stored: Image.Image, query: Image.Image) -> Geometry:
    compared = verify(
        [View("view", np.asarray(stored.convert("RGB")))], [View("view", np.asarray(query.convert("RGB")))]
    )
    assert compared is not None
    return geometry(**geometry_of(compared))


def test_nothing_kept_is_no_geometry() -> None:
    assert geometry_from_json({}) is None


def test_what_is_kept_is_read_back() -> None:
    assert geometry() == Geometry(
        views=("view", "view_black"),
        method=Method.FEATURES,
        matrix=(0.5, 0.0, 0.25, 0.0, 0.5, 0.1),
        turned=0.0,
        mirrored=False,
        scale=0.5,
        covered=(0.25, 1.0),
        beyond=(Beyond.BUSY, Beyond.NOTHING),
    )


def test_from_the_other_side_everything_is_exchanged() -> None:
    other = geometry(turned=30.0).from_other_side()
    assert other.matrix == (2.0, 0.0, -0.5, 0.0, 2.0, -0.2)
    assert (other.views, other.covered, other.scale) == (("view_black", "view"), (1.0, 0.25), 2.0)
    assert (other.turned, other.beyond) == (-30.0, (Beyond.NOTHING, Beyond.BUSY))
    assert other.from_other_side() == geometry(turned=30.0)


@pytest.mark.parametrize(
    ("turned", "mirrored", "back"), [(180.0, False, 180.0), (90.0, True, 90.0), (0.0, False, 0.0)]
)
def test_half_a_turn_and_a_mirror_undo_themselves(turned: float, mirrored: bool, back: float) -> None:
    other = geometry(turned=turned, mirrored=mirrored).from_other_side()
    assert (other.turned, math.copysign(1, other.turned)) == (back, 1)


@pytest.mark.parametrize(
    ("turn", "turned"),
    [(Image.Transpose.ROTATE_90, 90), (Image.Transpose.ROTATE_270, -90), (Image.Transpose.ROTATE_180, 180)],
)
def test_turned_says_how_far_clockwise_brings_it_back(turn: Image.Transpose, turned: int) -> None:
    """Pillow turns counter-clockwise."""
    scene = landscape(4, 480, 320)
    found = laid(scene, scene.transpose(turn))
    assert abs(found.turned) % 360 == pytest.approx(abs(turned), abs=0.5)
    assert turned == 180 or math.copysign(1, found.turned) == math.copysign(1, turned)


def test_a_crop_is_the_common_part() -> None:
    part = common_part((0.5, 0.0, 0.25, 0.0, 0.5, 0.1), (800, 400), (600, 300))
    assert part is not None
    assert set(part.theirs) == {(0.25, 0.2), (0.75, 0.2), (0.75, 0.7), (0.25, 0.7)}
    assert set(part.mine) == {(0, 0), (1, 0), (1, 1), (0, 1)}


@pytest.mark.parametrize("off", [0.0, 1e-4, -1e-4, 1e-3])
def test_edges_that_nearly_coincide_leave_no_stray_corner(off: float) -> None:
    """A strip of a seventh stands above the picture."""
    size = 8 / 7 * (1 + off)
    part = common_part((size, off, 0.0, -off, size, -1 / 7), (800, 1200), (800, 1371))
    assert part is not None
    left, top = (min(places) for places in zip(*part.mine, strict=True))
    assert (left, top) == pytest.approx((0, 0.125), abs=0.003)
    assert len(part.mine) <= 8
    assert max(max(x, y) for x, y in part.theirs) == pytest.approx(1, abs=0.003)


def test_two_crops_share_what_overlaps() -> None:
    part = common_part((1.0, 0.0, 0.5, 0.0, 1.0, 0.0), (400, 400), (400, 400))
    assert part is not None
    assert set(part.theirs) == {(0.5, 0), (1, 0), (1, 1), (0.5, 1)}
    assert set(part.mine) == {(0, 0), (0.5, 0), (0.5, 1), (0, 1)}


def test_pictures_that_miss_one_another_have_nothing_in_common() -> None:
    assert common_part((1.0, 0.0, 2.0, 0.0, 1.0, 0.0), (400, 400), (400, 400)) is None
