"""Visual words: local features made small enough to be kept, and to be looked up like the words of a text.

Sivic and Zisserman, "Video Google" (ICCV 2003). A descriptor becomes the number of the nearest of 1024 centroids
and the number of the nearest of 1024 centroids of what is left over: a residual quantiser after Chen, Guan and Wang
("Approximate Nearest Neighbor Search by Residual Vector Quantization", Sensors 2010), 20 bits from two small tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from .features import MOST_POINTS, Features, Floats, Indices

WORDS_VERSION: int = 1
"""Raised whenever the same pixels would give other words."""
WORD_BITS = 20
"""Words are numbers from 0 to 2²⁰ − 1."""

Words = npt.NDArray[np.int32]
Places = npt.NDArray[np.uint16]

_CENTROID_BITS = WORD_BITS // 2
_WORD, _X, _Y, _SIZE, _ANGLE = 20, 10, 10, 8, 8  # bits of a stored point, most significant first
_BYTES = (_WORD + _X + _Y + _SIZE + _ANGLE) // 8
_LEAST_SIZE = -9.0  # log2 of the smallest diameter: 2⁻⁹ of the longest side
_SIZE_STEPS = 24.0  # to an octave: 255 steps reach beyond the longest side


@dataclass(frozen=True, eq=False)
class WordPoints:
    """The words of one picture and where they stand.

    ``words`` is int32[n], each 0 to 2²⁰ − 1. ``places`` is uint16[n, 4]: x and y from the left upper corner in
    1/1023 of the longest side (0–1023), diameter in 24ths of an octave above 2⁻⁹ of it (0–255), angle in 256ths of
    a turn (0–255). n is 0 to MOST_POINTS, best first.
    """

    words: Words
    places: Places

    __hash__ = None  # type: ignore[assignment]  # like the arrays in it

    def __len__(self) -> int:
        return len(self.words)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WordPoints):
            return NotImplemented
        return np.array_equal(self.words, other.words) and np.array_equal(self.places, other.places)

    def first(self, count: int) -> WordPoints:
        """The best ``count`` points alone."""
        return WordPoints(self.words[:count], self.places[:count])

    def taken(self, indices: npt.NDArray[np.int64]) -> WordPoints:
        """The points of these indices, in their order."""
        return WordPoints(self.words[indices], self.places[indices])

    def points(self) -> Floats:
        """The places as float32[n, 4], in the units of ``Features.points``."""
        x, y, size, angle = self.places.T.astype(np.float32)
        diameter = np.exp2(size / _SIZE_STEPS + _LEAST_SIZE)
        return np.stack([x / 1023, y / 1023, diameter, angle * (360 / 256)], axis=1).astype(np.float32)

    def to_bytes(self) -> bytes:
        """Seven bytes a point: word, x, y, size and angle as one number, most significant byte first."""
        packed = self.words.astype(np.uint64)
        for bits, column in zip((_X, _Y, _SIZE, _ANGLE), self.places.T, strict=True):
            packed = (packed << np.uint64(bits)) | column.astype(np.uint64)
        return packed.astype(">u8").view(np.uint8).reshape(-1, 8)[:, 8 - _BYTES :].tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> WordPoints:
        """The points back from ``to_bytes``. Raises ValueError for bytes that it cannot have written."""
        (points,) = cls.each_from_bytes([data])
        return points

    @classmethod
    def each_from_bytes(cls, rows: Sequence[bytes]) -> list[WordPoints]:
        """The points of several pictures, in their order, as ``from_bytes`` reads each."""
        if any(len(data) % _BYTES or len(data) > _BYTES * MOST_POINTS for data in rows):
            raise ValueError("bytes of a wrong size")
        ends = np.cumsum([len(data) // _BYTES for data in rows], dtype=np.intp).tolist()
        points = cls._unpacked(b"".join(rows), ends[-1] if ends else 0)
        return [cls(points.words[a:b], points.places[a:b]) for a, b in zip([0, *ends], ends, strict=False)]

    @classmethod
    def _unpacked(cls, data: bytes, count: int) -> WordPoints:
        padded = np.zeros((count, 8), np.uint8)
        padded[:, 8 - _BYTES :] = np.frombuffer(data, np.uint8).reshape(count, _BYTES)
        packed = padded.view(">u8").reshape(count).astype(np.uint64)
        places = np.empty((count, 4), np.uint16)
        for column, bits in reversed(list(enumerate((_X, _Y, _SIZE, _ANGLE)))):
            places[:, column] = packed & np.uint64((1 << bits) - 1)
            packed >>= np.uint64(bits)
        return cls(packed.astype(np.int32), places)


def quantise(features: Features) -> WordPoints:
    """The words of the features, in their order."""
    return WordPoints(_words(features.descriptors), _places(features.points))


def mirrored(features: Features) -> Features:
    """The features that the picture seen in a mirror would give: left and right exchanged, nothing extracted anew."""
    points = features.points.copy()
    points[:, 0] = features.width - points[:, 0]
    points[:, 3] = (180 - points[:, 3]) % 360
    return Features(points, features.codes[:, _mirror()], features.width, features.height)


@cache
def _mirror() -> Indices:
    """Where each of the 4 × 4 × 8 bins of a descriptor stood before the mirror.

    The patch is turned to its own direction, so a mirror exchanges its rows and the sense of its 8 directions.
    """
    row, column, direction = np.ogrid[:4, :4, :8]
    return np.asarray((((3 - row) * 4 + column) * 8 + (8 - direction) % 8).ravel(), np.intp)


@cache
def _vocabulary() -> tuple[Floats, Floats]:
    """The coarse centroids and those of the residuals, float32[1024, 128] each."""
    with (files(__package__) / "vocabulary" / "words.npz").open("rb") as file, np.load(file) as tables:
        coarse = tables["coarse"] * tables["coarse_step"]
        fine = tables["fine"] * tables["fine_step"]
    return coarse.astype(np.float32), fine.astype(np.float32)


def _words(descriptors: Floats) -> Words:
    coarse, fine = _vocabulary()
    first = _nearest(descriptors, coarse)
    second = _nearest(descriptors - coarse[first], fine)
    return ((first << _CENTROID_BITS) | second).astype(np.int32)


def _nearest(vectors: Floats, centroids: Floats) -> Indices:
    """The nearest centroid to each vector; of two equally near the first."""
    return np.asarray((vectors @ centroids.T - (centroids**2).sum(axis=1) / 2).argmax(axis=1))


def _places(points: Floats) -> Places:
    x, y, size, angle = points.T
    octaves = np.log2(np.maximum(size, np.finfo(np.float32).tiny)) - _LEAST_SIZE
    columns = [
        np.clip(np.rint(x * 1023), 0, 1023),
        np.clip(np.rint(y * 1023), 0, 1023),
        np.clip(np.rint(octaves * _SIZE_STEPS), 0, 255),
        np.rint(angle * (256 / 360)) % 256,
    ]
    return np.stack(columns, axis=1).astype(np.uint16)
