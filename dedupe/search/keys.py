"""The index keys of the two routes, and the keys that a query must look under.

Window route: aspect and the four quadrant intensities are cut into steps of 0.05 and packed into one integer, so
that a single B-tree equality finds everything in the neighbourhood.

Hash route: multi-index hashing (Norouzi, Punjani, Fleet: Fast Search in Hamming Space with Multi-Index Hashing,
CVPR 2012). A 64-bit hash is cut into four chunks of 16 bits; looking under each chunk with at most one bit changed
finds every hash within Σ(1+1)−1 = 7 bits, because eight differing bits are needed to change every chunk twice.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt

STEP = 0.05
_ASPECT_BUCKETS = 512
_QUADRANT_BUCKETS = 32
CHUNKS = 4
CHUNK_BITS = 16
SHIFTS = (48, 32, 16, 0)
"""By how many bits a hash is shifted to the right until a chunk stands at its end."""
MASKS = (0, *(1 << bit for bit in range(CHUNK_BITS)))
"""The differences under which a chunk is looked up: none, and each single bit."""


def _bucket(value: float, offset: int, count: int) -> int:
    return min(max(int(value // STEP) + offset, 0), count - 1)


def _aspect_bucket(aspect: float) -> int:
    return _bucket(aspect, _ASPECT_BUCKETS // 2, _ASPECT_BUCKETS)


def _quadrant_bucket(intensity: float) -> int:
    return _bucket(intensity, 0, _QUADRANT_BUCKETS)


def _pack(aspect_bucket: int, quadrant_buckets: tuple[int, ...]) -> int:
    key = aspect_bucket
    for bucket in quadrant_buckets:
        key = key * _QUADRANT_BUCKETS + bucket
    return key


def window_key(aspect: float, quadrants: tuple[float, ...]) -> int:
    """Pack ln(width/height) and four intensities (0 to 1) into an integer below 2²⁹."""
    return _pack(_aspect_bucket(aspect), tuple(_quadrant_bucket(value) for value in quadrants))


def window_key_each(
    aspects: npt.NDArray[np.float64], quadrants: npt.NDArray[np.float64]
) -> npt.NDArray[np.int64]:
    """``window_key`` of float64[n] aspects and float64[n, 4] intensities, int64[n]."""
    key = np.clip(aspects // STEP + _ASPECT_BUCKETS // 2, 0, _ASPECT_BUCKETS - 1).astype(np.int64)
    for bucket in np.clip(quadrants // STEP, 0, _QUADRANT_BUCKETS - 1).astype(np.int64).T:
        key = key * _QUADRANT_BUCKETS + bucket
    return key


def window_keys(
    aspect: float, quadrants: tuple[float, ...], *, aspect_width: float, intensity_width: float
) -> list[int]:
    """Every key that the window around these values touches: 1 to 32 while the half-widths stay below 0.05/2."""
    aspects = range(_aspect_bucket(aspect - aspect_width), _aspect_bucket(aspect + aspect_width) + 1)
    ranges = [
        range(_quadrant_bucket(value - intensity_width), _quadrant_bucket(value + intensity_width) + 1)
        for value in quadrants
    ]
    return [_pack(first, rest) for first, *others in product(aspects, *ranges) for rest in [tuple(others)]]


def chunks(phash: int) -> tuple[int, int, int, int]:
    """Cut an unsigned 64-bit hash into four chunks of 16 bits, most significant first."""
    first, second, third, fourth = ((phash >> shift) & 0xFFFF for shift in SHIFTS)
    return first, second, third, fourth


def probes(chunk: int) -> list[int]:
    """The chunk and its sixteen neighbours at one bit: 17 values. The candidate statement makes the same."""
    return [chunk ^ mask for mask in MASKS]
