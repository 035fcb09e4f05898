"""How one picture lies on another, as it is kept with a match, and read from either side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from .beyond import Beyond
from .registration import Doubles, apply, inverse
from .verification import Method

Matrix = tuple[float, float, float, float, float, float]
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Geometry:
    """How *mine* lies on *theirs*; of each pair, theirs is the first.

    ``views`` names the views that were compared. ``matrix`` maps places of mine to places of theirs, row by row, in
    units of their own longest side. ``turned`` is in degrees (−180, 180]: so far mine must be turned clockwise to
    stand as theirs does, after it was mirrored if it is ``mirrored``. ``scale`` is the length on theirs of one unit
    of mine. ``covered`` are the shares 0–1 of both areas that are common, ``beyond`` what each shows outside of it.
    """

    views: tuple[str, str]
    method: Method
    matrix: Matrix
    turned: float
    mirrored: bool
    scale: float
    covered: tuple[float, float]
    beyond: tuple[Beyond, Beyond]

    def from_other_side(self) -> Geometry:
        """The same with mine and theirs exchanged."""
        a, b, c, d, e, f = (round(float(value), 6) for value in inverse(_as_array(self.matrix)).ravel())
        back = self.turned if self.mirrored or self.turned == 180 else -self.turned
        return Geometry(
            views=self.views[::-1],
            method=self.method,
            matrix=(a, b, c, d, e, f),
            turned=back + 0.0,
            mirrored=self.mirrored,
            scale=round(1 / self.scale, 4),
            covered=self.covered[::-1],
            beyond=self.beyond[::-1],
        )


def geometry_from_json(value: Mapping[str, Any]) -> Geometry | None:
    """The geometry that was kept as JSON; None for an empty one, where nothing was laid over each other."""
    if not value:
        return None
    stored_view, query_view = value["views"]
    a, b, c, d, e, f = value["matrix"]
    stored_covered, query_covered = value["covered"]
    stored_beyond, query_beyond = (Beyond(each) for each in value["beyond"])
    return Geometry(
        views=(stored_view, query_view),
        method=Method(value["method"]),
        matrix=(a, b, c, d, e, f),
        turned=value["turned"],
        mirrored=value["mirrored"],
        scale=value["scale"],
        covered=(stored_covered, query_covered),
        beyond=(stored_beyond, query_beyond),
    )


@dataclass(frozen=True)
class CommonPart:
    """What both pictures show, as convex polygons on each, places 0–1 of its width and height."""

    theirs: Points
    mine: Points


def common_part(matrix: Matrix, theirs: tuple[int, int], mine: tuple[int, int]) -> CommonPart | None:
    """The part that both show; sizes are (width, height). None if they have none in common."""
    forth = _as_array(matrix)
    frame, own = (np.array(size, np.float64) / max(size) for size in (theirs, mine))
    area, common = cv2.intersectConvexConvex(
        _corners(frame).astype(np.float32), apply(forth, _corners(own)).astype(np.float32)
    )
    if area <= 0 or common is None:
        return None
    there = common.reshape(-1, 2).astype(np.float64)
    return CommonPart(_within(there / frame), _within(apply(inverse(forth), there) / own))


def _as_array(matrix: Matrix) -> Doubles:
    return np.array(matrix, np.float64).reshape(2, 3)


def _corners(size: npt.NDArray[np.float64]) -> Doubles:
    return np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * size


def _within(points: Doubles) -> Points:
    return tuple((round(float(x), 4) + 0.0, round(float(y), 4) + 0.0) for x, y in np.clip(points, 0, 1))
