"""Local features: distinct places of a picture, described so that they are known again in a crop or a screenshot.

Lowe, "Distinctive Image Features from Scale-Invariant Keypoints" (IJCV 2004), in OpenCV's implementation; the
descriptors are RootSIFT (Arandjelović and Zisserman, "Three things everyone should know to improve object
retrieval", CVPR 2012): the Euclidean distance of the roots is the Hellinger distance of the histograms.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]

VIEW_SIDE = 480
"""Longest side, in pixels, of the view that features are extracted from."""
LIBRARY_POINTS = 120
"""So many of the first points stand for a picture in the library."""
MOST_POINTS = 400
"""At most so many points are kept; a query looks for them all."""

_CONTRAST, _EDGE = 0.02, 12.0
_FAINT_CONTRAST = 0.005
_FEW = (
    100  # with fewer points the view is looked at again with a lower threshold, and enlarged if it is small
)
_SMALL_SIDE, _ENLARGEMENT = 240, 2
_LEAST_SIDE = 8
_GRID = 4
_CODE_STEPS = 512
_HEAD = struct.Struct("!Hdd")
_POINT_BYTES = 4 * 4 + 128
_FARTHEST = np.array([1.1, 1.1, 4.0, 360.0], np.float32)

# One thread: the workers are processes already, and the order of the points must not depend on a race.
cv2.setNumThreads(1)


@dataclass(frozen=True)
class Features:
    """The points of one view, best first, spread over it.

    ``points`` is float32[n, 4]: x and y from the left upper corner and diameter, in units of the view's longest
    side, and angle in degrees [0, 360), clockwise as seen. ``codes`` is uint8[n, 128], RootSIFT in steps of 1/512
    up to 255/512, which few bins exceed. n is 0 to MOST_POINTS. ``width`` and ``height`` are the view's, in the same
    units: the greater is 1.
    """

    points: Floats
    codes: Bytes
    width: float
    height: float

    @cached_property
    def descriptors(self) -> Floats:
        """The codes as float32[n, 128] of Euclidean length 1."""
        values = self.codes.astype(np.float32)
        return np.asarray(values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1), np.float32)

    def __len__(self) -> int:
        return len(self.points)

    def first(self, count: int) -> Features:
        """The best ``count`` points alone."""
        return Features(self.points[:count], self.codes[:count], self.width, self.height)

    def to_bytes(self) -> bytes:
        """The features packed: about 45 kB for 400 points."""
        head = _HEAD.pack(len(self), self.width, self.height)
        return zlib.compress(head + self.points.astype("<f4").tobytes() + self.codes.tobytes(), 1)

    @classmethod
    def from_bytes(cls, data: bytes) -> Features:
        """The features back from ``to_bytes``. Raises ValueError for bytes that it cannot have written."""
        plain = _inflated(data)
        count, width, height = _HEAD.unpack_from(plain)
        if (
            count > MOST_POINTS
            or len(plain) != _HEAD.size + count * _POINT_BYTES
            or not _is_frame(width, height)
        ):
            raise ValueError("features of a wrong size")
        points = np.frombuffer(plain, "<f4", 4 * count, _HEAD.size).reshape(count, 4).astype(np.float32)
        if not np.isfinite(points).all() or (points < 0).any() or (points > _FARTHEST).any():
            raise ValueError("features out of range")
        codes = np.frombuffer(plain, np.uint8, 128 * count, _HEAD.size + 16 * count).reshape(count, 128)
        return cls(points, codes, width, height)


def _inflated(data: bytes) -> bytes:
    """At most what the features of one view take, however small the data. Raises ValueError."""
    most = _HEAD.size + MOST_POINTS * _POINT_BYTES
    try:
        plain = zlib.decompressobj().decompress(data, most + 1)
    except zlib.error as error:
        raise ValueError("not features") from error
    if not _HEAD.size <= len(plain) <= most:
        raise ValueError("features of a wrong size")
    return plain


def _is_frame(width: float, height: float) -> bool:
    return min(width, height) > 0 and max(width, height) == 1


def extract(rgb: Bytes) -> Features:
    """Features of a view: uint8[h, w, 3], upright sRGB over white, longest side at most VIEW_SIDE.

    The same pixels give the same features in every process. A view without structure gives none. Raises
    ValueError for an array of another shape, type or size.
    """
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or min(rgb.shape) == 0:
        raise ValueError("a view is uint8[h, w, 3]")
    height, width = rgb.shape[:2]
    longest = max(height, width)
    if longest > VIEW_SIDE:
        raise ValueError(f"a view has at most {VIEW_SIDE} pixels a side")
    if min(height, width) < _LEAST_SIDE:
        return _described([], np.zeros((height, width), np.uint8))
    grey = np.asarray(cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY), np.uint8)
    keypoints = _detected(grey, _CONTRAST)
    if len(keypoints) >= _FEW:
        return _described(keypoints, grey)
    if longest < _SMALL_SIDE:
        size = (_ENLARGEMENT * width, _ENLARGEMENT * height)
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_CUBIC), np.uint8)
    return _described(_detected(grey, _FAINT_CONTRAST), grey)


def _detected(grey: Bytes, contrast: float) -> list[cv2.KeyPoint]:
    """Points of uint8[h, w], spread: best by contrast × size, one of each cell of a grid in turn.

    By contrast alone lettering takes every place, and the picture above a caption none.
    """
    keypoints = list(cv2.SIFT.create(contrastThreshold=contrast, edgeThreshold=_EDGE).detect(grey))
    if not keypoints:
        return []
    x, y, size, angle, response = np.array(
        [(*point.pt, point.size, point.angle, point.response) for point in keypoints]
    ).T
    height, width = grey.shape
    cell = (y * _GRID // height).astype(int) * _GRID + (x * _GRID // width).astype(int)
    # Equal strength is ordered by place, never by what the detector happened to list first.
    by_strength = np.lexsort((angle, x, y, -response * size))
    turn = np.empty(len(keypoints), int)
    for number in range(_GRID * _GRID):
        members = by_strength[cell[by_strength] == number]
        turn[members] = np.arange(len(members))
    chosen = by_strength[np.argsort(turn[by_strength], kind="stable")][:MOST_POINTS]
    return [keypoints[index] for index in chosen]


def _described(keypoints: Sequence[cv2.KeyPoint], grey: Bytes) -> Features:
    """Features of the points in uint8[h, w]."""
    longest = max(grey.shape)
    width, height = grey.shape[1] / longest, grey.shape[0] / longest
    if not keypoints:
        return Features(np.zeros((0, 4), np.float32), np.zeros((0, 128), np.uint8), width, height)
    described, sift = cv2.SIFT.create().compute(grey, keypoints)
    points = np.array([(*point.pt, point.size, point.angle % 360) for point in described], np.float32)
    # OpenCV counts from the middle of the first pixel.
    points[:, :2] += 0.5
    points[:, :3] /= longest
    return Features(points, _codes(np.asarray(sift, np.float32)), width, height)


def _codes(sift: Floats) -> Bytes:
    """RootSIFT, each histogram divided by its sum, then the roots, as codes."""
    total = np.maximum(sift.sum(axis=1, keepdims=True), np.finfo(np.float32).tiny)
    return np.asarray(np.clip(np.rint(np.sqrt(sift / total) * _CODE_STEPS), 0, 255), np.uint8)
