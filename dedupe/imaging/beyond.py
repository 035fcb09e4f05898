"""What stands beyond the overlap of two pictures: nothing, a plain border, a caption, or other things."""

from __future__ import annotations

from enum import StrEnum

import cv2
import numpy as np
import numpy.typing as npt

from .alignment import placed_outline
from .registration import Doubles

Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

_SIDE = 160
_RIM = 2  # pixels around the outline that resampling has mixed
_LEAST_SHARE = 0.012
_LIKE_GROUND = 24  # levels of 255 in any channel
_PLAIN, _LETTERED = 0.96, 0.5
_FULL_WIDTH = 0.93
_IN_FULL_ROWS = 0.8


class Beyond(StrEnum):
    """The part of a view that the other does not cover."""

    NOTHING = "nothing"
    PLAIN = "plain"
    """One colour, or one on each side: a frame, bars, the corners of a turned picture."""
    LETTERED = "lettered"
    """A strip above or below, of one colour but for lettering: a caption bar."""
    BUSY = "busy"


def beyond(outer: Bytes, inner: Bytes, matrix: Doubles) -> Beyond:
    """What ``outer`` shows outside of ``inner``; views uint8[h, w, 3], ``matrix`` from inner to outer."""
    scale = min(1.0, _SIDE / max(outer.shape[:2]))
    size = (max(1, round(outer.shape[1] * scale)), max(1, round(outer.shape[0] * scale)))
    small = np.asarray(cv2.resize(outer, size, interpolation=cv2.INTER_AREA), np.uint8)
    corners = placed_outline(matrix, outer, inner)
    outside = _outside(corners, size)
    if outside.mean() < _LEAST_SHARE:
        return Beyond.NOTHING
    plain = _plain_share(small, outside)
    if plain >= _PLAIN:
        return Beyond.PLAIN
    return Beyond.LETTERED if plain >= _LETTERED and _is_strip(outside) else Beyond.BUSY


def _outside(corners: Doubles, size: tuple[int, int]) -> Flags:
    """Where a grid of (width, height) lies outside of the quadrilateral and its rim, bool[height, width]."""
    width, height = size
    inside = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(inside, np.rint(corners * [width, height]).astype(np.int32), 1)
    return np.asarray(cv2.dilate(inside, np.ones((2 * _RIM + 1, 2 * _RIM + 1), np.uint8)) == 0)


def _is_strip(outside: Flags) -> bool:
    """Whether it lies above and below, over the whole width; what a crop has lost goes around a corner."""
    rows = outside.mean(axis=1) >= _FULL_WIDTH
    return bool(outside[rows].sum() >= _IN_FULL_ROWS * outside.sum())


def _plain_share(rgb: Bytes, outside: Flags) -> float:
    """The share of the outside that has the ground's colour: the upper and lower, left and right halves each theirs."""
    return max(_in_halves(rgb, outside), _in_halves(rgb.swapaxes(0, 1), outside.T))


def _in_halves(rgb: Bytes, outside: Flags) -> float:
    middle, like = len(outside) // 2, 0
    for half in (slice(None, middle), slice(middle, None)):
        colours = rgb[half][outside[half]].astype(np.int16)
        if len(colours):
            like += int((np.abs(colours - np.median(colours, axis=0)).max(axis=1) <= _LIKE_GROUND).sum())
    return like / max(1, int(outside.sum()))
