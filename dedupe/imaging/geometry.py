"""How one picture lies on another, as it is kept with a match, and read from either side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
    there = _clipped(apply(forth, _corners(own)), frame)
    if len(there) < 3:
        return None
    return CommonPart(_within(there / frame), _within(apply(inverse(forth), there) / own))


def _clipped(polygon: Doubles, frame: npt.NDArray[np.float64]) -> Doubles:
    """What of a convex polygon lies between 0 and ``frame`` on both axes (Sutherland and Hodgman, CACM 1974).

    OpenCV's intersection of convex polygons gives stray corners where edges nearly coincide, which is our usual case.
    """
    for axis in (0, 1):
        for sign, bound in ((1.0, 0.0), (-1.0, -float(frame[axis]))):
            polygon = _half(polygon, sign * polygon[:, axis] - bound)
    return polygon


def _half(polygon: Doubles, inside: Doubles) -> Doubles:
    """The part of a polygon where ``inside``, linear and given at its corners, is not negative."""
    kept: list[Doubles] = []
    for here, there, now, then in zip(
        polygon, np.roll(polygon, -1, axis=0), inside, np.roll(inside, -1), strict=True
    ):
        if now >= 0:
            kept.append(here)
        if (now >= 0) != (then >= 0):
            kept.append(here + (there - here) * now / (now - then))
    return np.array(kept).reshape(-1, 2)


def _as_array(matrix: Matrix) -> Doubles:
    return np.array(matrix, np.float64).reshape(2, 3)


def _corners(size: npt.NDArray[np.float64]) -> Doubles:
    return np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * size


def _within(points: Doubles) -> Points:
    return tuple((round(float(x), 4) + 0.0, round(float(y), 4) + 0.0) for x, y in np.clip(points, 0, 1))
