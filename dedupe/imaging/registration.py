"""Lay one picture over another by their local features: which part of which it is, turned, mirrored or stretched.

Descriptors are matched by Lowe's ratio test (IJCV 2004, §7.1). A similarity is found by RANSAC (Fischler and Bolles,
CACM 1981), then widened to an affinity, which a stretched copy needs, on the matches that agree with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from .features import Features
from .words import mirrored

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_RATIO = 0.8
_SAME_PLACE = 0.01  # features nearer than this, in units of the longest side, do not contest each other
_LEAST_MATCHES = 4
_LEAST_FOR_AFFINITY = 7
_ROUGH, _FINE = 0.0125, 0.00625  # 6 and 3 pixels of a view of 480
_WIDENING = (0.017, 0.0105, 0.0085, _FINE)
_MOST_STRETCH, _LEAST_SCALE, _MOST_SCALE = 2.2, 0.03, 30.0
_PLACE = 0.0085


@dataclass(frozen=True)
class Registration:
    """How the second picture lies on the first.

    ``matrix`` is float64[2, 3], an affinity from points of the second to points of the first, both in units of
    their own longest side. ``places`` counts the distinct places of the first that agree with it. ``spread`` is the
    share 0–1 of the area of the first and of the second that the convex hull of these places covers.
    """

    matrix: Doubles
    places: int
    spread: tuple[float, float]


def register(first: Features, second: Features) -> Registration | None:
    """The registration of the second view on the first with the most agreeing places, as it is or mirrored.

    None if no four matches agree. The same features always give the same answer.
    """
    found = [_registered(first, second, False), _registered(first, mirrored(second), True)]
    return max((each for each in found if each is not None), key=lambda each: each.places, default=None)


def _registered(first: Features, second: Features, is_mirrored: bool) -> Registration | None:
    pairs = _matches(first, second)
    if len(pairs) < _LEAST_MATCHES:
        return None
    there, here = first.points[pairs[:, 0], :2], second.points[pairs[:, 1], :2]
    matrix = _affinity(there, here)
    if matrix is None:
        return None
    agreeing = _agreeing(matrix, there, here, _FINE)
    there, here = there[agreeing], here[agreeing]
    places = len(np.unique(np.floor(there / _PLACE).astype(np.int32), axis=0))
    spread = (_hull(there) / (first.width * first.height), _hull(here) / (second.width * second.height))
    if is_mirrored:
        matrix = compose(matrix, np.array([[-1.0, 0.0, second.width], [0.0, 1.0, 0.0]]))
    return Registration(matrix, places, spread)


def compose(outer: Doubles, inner: Doubles) -> Doubles:
    """The affinity that applies ``inner``, then ``outer``; all are float64[2, 3]."""
    linear = outer[:, :2] @ inner[:, :2]
    return np.column_stack([linear, outer[:, :2] @ inner[:, 2] + outer[:, 2]])


def inverse(matrix: Doubles) -> Doubles:
    """The affinity that undoes ``matrix``, float64[2, 3]; raises numpy's LinAlgError if there is none."""
    linear = np.linalg.inv(matrix[:, :2])
    return np.column_stack([linear, -linear @ matrix[:, 2]])


def apply(matrix: Doubles, points: npt.NDArray[np.floating]) -> Doubles:
    """Points float[n, 2] under an affinity, float64[n, 2]."""
    return np.asarray(points @ matrix[:, :2].T + matrix[:, 2])


def is_plausible(matrix: Doubles) -> bool:
    """Whether an affinity is one that people's edits make: neither collapsed nor stretched beyond 2.2 to 1."""
    if not np.isfinite(matrix).all():
        return False
    large, small = np.linalg.svd(matrix[:, :2], compute_uv=False)
    return bool(small >= _LEAST_SCALE and large <= _MOST_SCALE and large <= _MOST_STRETCH * small)


def _matches(first: Features, second: Features) -> npt.NDArray[np.intp]:
    """Pairs of indices intp[n, 2], first and second, best first, each place of the first at most once."""
    if len(first) < _LEAST_MATCHES or len(second) < _LEAST_MATCHES:
        return np.zeros((0, 2), np.intp)
    likeness = second.descriptors @ first.descriptors.T
    everyone = np.arange(len(second))
    best = likeness.argmax(axis=1)
    nearest = likeness[everyone, best]
    rivals = np.where(_same_place(first)[best], -1.0, likeness).max(axis=1)
    # Unit vectors: the squared distance is 2 − 2 × their product.
    distinct = (1 - nearest) < _RATIO**2 * (1 - rivals)
    order = everyone[distinct][np.argsort(-nearest[distinct], kind="stable")]
    places = np.floor(first.points[best[order], :2] / (_PLACE / 4)).astype(np.int32)
    _, once = np.unique(places, axis=0, return_index=True)
    order = order[np.sort(once)]
    return np.column_stack([best[order], order])


def _same_place(features: Features) -> Flags:
    """Which features stand on one another, bool[n, n]: a place is described once for each of its directions."""
    x, y = features.points[:, 0], features.points[:, 1]
    return np.asarray(np.hypot(x[:, None] - x, y[:, None] - y) < _SAME_PLACE)


def _affinity(there: Floats, here: Floats) -> Doubles | None:
    similarity, _ = cv2.estimateAffinePartial2D(
        here, there, method=cv2.RANSAC, ransacReprojThreshold=_ROUGH, maxIters=3000, confidence=0.999
    )
    matrix = _plausible(similarity)
    if matrix is None:
        return None
    for reach in _WIDENING:
        agreeing = _agreeing(matrix, there, here, reach)
        if agreeing.sum() < _LEAST_FOR_AFFINITY:
            break
        wider, _ = cv2.estimateAffine2D(
            here[agreeing], there[agreeing], method=cv2.RANSAC, ransacReprojThreshold=reach, maxIters=500
        )
        widened = _plausible(wider)
        if widened is not None:
            matrix = widened
    return matrix


def _plausible(found: object) -> Doubles | None:
    """What OpenCV's estimate gave, if it gave a plausible affinity."""
    if found is None:
        return None
    matrix = np.asarray(found, np.float64)
    return matrix if is_plausible(matrix) else None


def _agreeing(matrix: Doubles, there: Floats, here: Floats, reach: float) -> Flags:
    away = apply(matrix, here) - there
    return np.asarray(np.hypot(away[:, 0], away[:, 1]) < reach)


def _hull(points: Floats) -> float:
    return float(cv2.contourArea(cv2.convexHull(points))) if len(points) >= 3 else 0.0
