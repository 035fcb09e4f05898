"""Bring two registered views onto one grid, at the resolution that both of them have."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from .registration import Doubles

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""Weights of red, green and blue (ITU-R BT.601 §2.5.1)."""
GRID = 192
"""Longest side of the common grid, in pixels, at most."""
_LEAST_SIDE = 8
_LEAST_OVERLAP = 48  # pixels of the grid
_RIM, _LEAST_WITH_RIM = 2, 40


@dataclass(frozen=True)
class Alignment:
    """The overlap of two views on a common grid.

    ``first`` and ``second`` are float32[h, w, 3], sRGB levels 0–255; ``overlap`` is bool[h, w], where both have
    content. ``box`` is the place of the grid on the first view: left, top, right, bottom, 0–1 of its width and
    height. ``coverage`` is the share 0–1 of the area of the first and of the second that the overlap covers.
    """

    first: Floats
    second: Floats
    overlap: Flags
    box: tuple[float, float, float, float]
    coverage: tuple[float, float]

    @property
    def lumas(self) -> tuple[Floats, Floats]:
        """Luma of the first and of the second, float32[h, w]."""
        return self.first @ LUMA, self.second @ LUMA


def align(first: Bytes, second: Bytes, matrix: Doubles, grid: int = GRID) -> Alignment | None:
    """Lay the second view uint8[h, w, 3] over the first by ``matrix`` (see ``Registration``); None if they miss.

    The grid is no finer than the coarser of the two, so that a small copy is compared at its own sharpness.
    """
    to_first = _in_pixels(matrix, first, second)
    left, top, right, bottom = _overlapping_box(to_first, first, second)
    if min(right - left, bottom - top) < _LEAST_SIDE:
        return None
    magnified = math.sqrt(
        abs(float(np.linalg.det(to_first[:2, :2])))
    )  # pixels of the first per one of the second
    density = min(grid / max(right - left, bottom - top), 1.0, 1.0 / magnified)
    width = max(_LEAST_SIDE, round((right - left) * density))
    height = max(_LEAST_SIDE, round((bottom - top) * density))
    part = first[top:bottom, left:right].astype(np.float32)
    beneath = np.asarray(cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA), np.float32)
    small = _shrunk(second, min(1.0, density * magnified))
    from_grid = (
        _scaling(small.shape[1] / second.shape[1], small.shape[0] / second.shape[0])
        @ np.linalg.inv(to_first)
        @ _shift(left, top)
        @ _scaling((right - left) / width, (bottom - top) / height)
    )
    above, inside = _warped(small, from_grid, (width, height))
    overlap = _within_rim(inside)
    if overlap.sum() < _LEAST_OVERLAP:
        return None
    box = (left / first.shape[1], top / first.shape[0], right / first.shape[1], bottom / first.shape[0])
    return Alignment(beneath, above, overlap, box, _coverage(to_first, first, second))


def _in_pixels(matrix: Doubles, first: Bytes, second: Bytes) -> Doubles:
    """The affinity between the pixels of the views, float64[3, 3], from one between units of the longest sides."""
    unit_first, unit_second = max(first.shape[:2]), max(second.shape[:2])
    pixels = np.vstack([matrix, [0.0, 0.0, 1.0]])
    return np.asarray(_scaling(unit_first, unit_first) @ pixels @ _scaling(1 / unit_second, 1 / unit_second))


def _overlapping_box(to_first: Doubles, first: Bytes, second: Bytes) -> tuple[int, int, int, int]:
    """The part of the first view, in pixels, that the outline of the second reaches."""
    height, width = second.shape[:2]
    corners = np.array([[0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]]) @ to_first[:2].T
    least, most = corners.min(axis=0), corners.max(axis=0)
    return (
        max(0, math.floor(least[0])),
        max(0, math.floor(least[1])),
        min(first.shape[1], math.ceil(most[0])),
        min(first.shape[0], math.ceil(most[1])),
    )


def _coverage(to_first: Doubles, first: Bytes, second: Bytes) -> tuple[float, float]:
    """The shares of both views that the one quadrilateral has in common with the other, 0–1."""
    (height, width), (own_height, own_width) = first.shape[:2], second.shape[:2]
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    corners = np.array([[0, 0, 1], [own_width, 0, 1], [own_width, own_height, 1], [0, own_height, 1]])
    laid = (corners @ to_first[:2].T).astype(np.float32)
    common, _ = cv2.intersectConvexConvex(frame, laid)
    area = float(cv2.contourArea(laid))
    return min(1.0, common / (width * height)), min(1.0, common / max(area, 1e-6))


def _shrunk(view: Bytes, factor: float) -> Floats:
    size = (max(4, round(view.shape[1] * factor)), max(4, round(view.shape[0] * factor)))
    return np.asarray(cv2.resize(view.astype(np.float32), size, interpolation=cv2.INTER_AREA), np.float32)


def _warped(view: Floats, from_grid: Doubles, size: tuple[int, int]) -> tuple[Floats, Flags]:
    """The view on the grid, and where it has content. ``from_grid`` counts from corners, OpenCV from middles."""
    by_middles = (_shift(-0.5, -0.5) @ from_grid @ _shift(0.5, 0.5))[:2]
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    above = cv2.warpAffine(view, by_middles, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpAffine(np.ones(view.shape[:2], np.float32), by_middles, size, flags=flags, borderValue=0)
    return np.asarray(above, np.float32), np.asarray(inside > 0.99)


def _within_rim(inside: Flags) -> Flags:
    """Without the rim, where the border of one of the two may be mixed in; tiny grids have none to spare."""
    rim = _RIM if min(inside.shape) >= _LEAST_WITH_RIM else 0
    kernel = np.ones((2 * rim + 1, 2 * rim + 1), np.uint8)
    eroded = cv2.erode(inside.astype(np.uint8), kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return np.asarray(eroded > 0)


def _scaling(x: float, y: float) -> Doubles:
    return np.diag([x, y, 1.0])


def _shift(x: float, y: float) -> Doubles:
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


def placed_outline(matrix: Doubles, first: Bytes, second: Bytes) -> Doubles:
    """The corners of the second view on the first, float64[4, 2], 0–1 of its width and height, clockwise."""
    height, width = second.shape[:2]
    corners = np.array([[0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]])
    placed = corners @ _in_pixels(matrix, first, second)[:2].T
    return np.asarray(placed / [first.shape[1], first.shape[0]])
