"""Lay one picture over another without local features: frame on frame, in eight orientations, then drawn into place.

Smooth, flat and tiny pictures have too few features to register by. Most of their copies keep the whole frame, or the
frame within a border.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np
import numpy.typing as npt

from .boxes import WHOLE, Box
from .registration import Doubles, compose, inverse, is_plausible

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
_SIDE = 32
_REFINED_SIDE = 128
_STEPS, _PRECISION = 40, 1e-4
_SMOOTHING = 5

# The eight orientations as maps of the unit square onto itself: mirrored or not, then turned by quarters.
_TURN = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, 0.0]])
_MIRROR = np.array([[-1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])


@dataclass(frozen=True)
class Placement:
    """A guess at how the second picture lies on the first.

    ``matrix`` is as in ``Registration``; ``correlation`` (−1..1) is that of the luma of both boxes at 32 × 32.
    """

    matrix: Doubles
    correlation: float


def place(
    first: Bytes,
    second: Bytes,
    boxes_of_first: Sequence[Box] = (WHOLE,),
    boxes_of_second: Sequence[Box] = (WHOLE,),
) -> Placement:
    """The best of all pairs of boxes and orientations, views being uint8[h, w, 3]."""
    there = [_normalised(_grey(first, box, _SIDE)) for box in boxes_of_first]
    here = [_grey(second, box, _SIDE) for box in boxes_of_second]
    tried = [
        (float(np.vdot(there[i], _normalised(_oriented(here[j], mirror, turns)))), i, j, mirror, turns)
        for i, j, mirror, turns in product(range(len(there)), range(len(here)), (False, True), range(4))
    ]
    # Among equals the plainest wins: the whole frames, as they are.
    correlation, i, j, mirror, turns = max(
        tried, key=lambda each: (round(each[0], 4), -each[1], -each[2], -each[4])
    )
    unit = _orientation(mirror, turns)
    onto = _from_unit(first, boxes_of_first[i])
    matrix = compose(onto, compose(unit, _to_unit(second, boxes_of_second[j])))
    return Placement(matrix, correlation)


def refine(first: Bytes, second: Bytes, matrix: Doubles) -> Doubles:
    """Draw the second view into place by the enhanced correlation coefficient (Evangelidis, Psarakis, PAMI 2008).

    Gives ``matrix`` back where that does not converge to a plausible affinity.
    """
    there, here = _grey(first, WHOLE, _REFINED_SIDE), _grey(second, WHOLE, _REFINED_SIDE)
    onto_pixels, from_pixels = _pixels_of(first, there), _pixels_of(second, here)
    guess = _by_middles(compose(onto_pixels, compose(matrix, inverse(from_pixels))))
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, _STEPS, _PRECISION)
    try:
        # OpenCV warps by the inverse: from the template, the first, to the input, the second.
        backward = np.asarray(inverse(guess), np.float32)
        _, found = cv2.findTransformECC(
            there,
            here,
            backward,
            cv2.MOTION_AFFINE,
            criteria,
            np.ones(here.shape, np.uint8) * 255,
            _SMOOTHING,
        )
        forward = _by_corners(inverse(np.asarray(found, np.float64)))
    except (cv2.error, np.linalg.LinAlgError):
        return matrix
    refined = compose(inverse(onto_pixels), compose(forward, from_pixels))
    return refined if is_plausible(refined) else matrix


def _grey(view: Bytes, box: Box, side: int) -> Floats:
    """The luma of a box of the view as float32[side, side], each the mean of its area."""
    height, width = view.shape[:2]
    left, top = int(box.left * width), int(box.top * height)
    right, bottom = max(left + 1, round(box.right * width)), max(top + 1, round(box.bottom * height))
    grey = cv2.cvtColor(np.ascontiguousarray(view[top:bottom, left:right]), cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey.astype(np.float32), (side, side), interpolation=cv2.INTER_AREA))


def _normalised(luma: Floats) -> Floats:
    centred = luma - luma.mean()
    return np.asarray(centred / max(1e-3, float(np.linalg.norm(centred))))


def _oriented(luma: Floats, mirror: bool, turns: int) -> Floats:
    return np.rot90(luma[:, ::-1] if mirror else luma, -turns)


def _orientation(mirror: bool, turns: int) -> Doubles:
    matrix = _MIRROR if mirror else np.eye(2, 3)
    for _ in range(turns):
        matrix = compose(_TURN, matrix)
    return matrix


def _from_unit(view: Bytes, box: Box) -> Doubles:
    """From the unit square to a box of the view, in units of its longest side."""
    height, width = view.shape[:2]
    longest = max(height, width)
    return np.array(
        [
            [(box.right - box.left) * width / longest, 0.0, box.left * width / longest],
            [0.0, (box.bottom - box.top) * height / longest, box.top * height / longest],
        ]
    )


def _to_unit(view: Bytes, box: Box) -> Doubles:
    return inverse(_from_unit(view, box))


def _pixels_of(view: Bytes, luma: Floats) -> Doubles:
    """From units of the view's longest side to pixels of its square miniature."""
    side = luma.shape[0]
    return compose(np.array([[side, 0.0, 0.0], [0.0, side, 0.0]]), _to_unit(view, WHOLE))


def _by_middles(matrix: Doubles) -> Doubles:
    """An affinity of places counted from corners as one of pixels counted from their middles."""
    return _conjugated(matrix, 0.5)


def _by_corners(matrix: Doubles) -> Doubles:
    return _conjugated(matrix, -0.5)


def _conjugated(matrix: Doubles, shift: float) -> Doubles:
    there = np.array([[1.0, 0.0, -shift], [0.0, 1.0, -shift]])
    back = np.array([[1.0, 0.0, shift], [0.0, 1.0, shift]])
    return compose(there, compose(matrix, back))
