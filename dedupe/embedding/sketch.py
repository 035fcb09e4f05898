"""A sketch of 64 bits for any embedding, so that one index of plain B-trees serves them all.

The sketch of a vector holds on which side of 64 random hyperplanes it lies: two vectors at the angle θ differ in
64·θ/π bits on average (Charikar: Similarity Estimation Techniques from Rounding Algorithms, STOC 2002). The sketch
of bits is a fixed sample of 64 of them (Indyk, Motwani: Approximate Nearest Neighbors, STOC 1998).

The index cuts the sketch into four chunks of 16 bits and looks under each chunk's likeliest neighbours. Which these
are the query knows: a vector that lies close to a hyperplane may well have its twin on the other side, so bits with
a small margin are flipped first (Lv et al.: Multi-Probe LSH, VLDB 2007).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
import numpy.typing as npt

from .interface import Value, Vector

BITS = 64
CHUNKS = 4
CHUNK_BITS = BITS // CHUNKS
PROBES = 1 + CHUNK_BITS + CHUNK_BITS * (CHUNK_BITS - 1) // 2
"""Keys looked under for each chunk: 137, as many as there are with at most two of 16 bits flipped."""
_SEED = b"Doppel: sketch of an embedding, 1"
_MOST_FLIPPED = 4

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sketch:
    """64 bits, and how sure each is.

    ``bits`` is unsigned, most significant bit first. ``margins`` are the 64 distances to the hyperplanes, 0 or
    more, in the same order; they are all 1 in the sketch of bits, where none is surer than another.
    """

    bits: int
    margins: tuple[float, ...]

    def chunks(self) -> tuple[int, int, int, int]:
        """Four chunks of 16 bits, most significant first."""
        first, second, third, fourth = ((self.bits >> shift) & 0xFFFF for shift in (48, 32, 16, 0))
        return first, second, third, fourth

    def probes(self, number: int) -> list[int]:
        """The PROBES likeliest values of chunk ``number`` (0 to 3) in the sketch of a twin, likeliest first.

        With equal margins: all values at one and two flipped bits. Every sketch that differs in at most
        Σ(2+1)−1 = 11 bits is then found by one chunk or another.
        """
        chunk = self.chunks()[number]
        margins = np.asarray(self.margins[number * CHUNK_BITS : (number + 1) * CHUNK_BITS])
        masks, flipped = _flips()
        # Log-likelihood of a flip falls about with the square of the margin; fewer flips break the ties.
        costs = flipped @ np.square(margins)
        likeliest = np.lexsort((masks, flipped.sum(axis=1), costs))[:PROBES]
        return [chunk ^ int(mask) for mask in masks[likeliest]]


def sketch(value: Value) -> Sketch:
    """The sketch of a value: of ``bytes`` (8 or more) or of a vector float32[n] of finite numbers."""
    return _sketch_of_bits(value) if isinstance(value, bytes) else _sketch_of_vector(value)


def _sketch_of_vector(vector: Vector) -> Sketch:
    norm = float(np.linalg.norm(vector.astype(np.float64)))
    sides = _hyperplanes(vector.size) @ (vector.astype(np.float64) / (norm or 1.0))
    return Sketch(_packed(sides > 0), tuple(np.abs(sides).tolist()))


def _sketch_of_bits(value: bytes) -> Sketch:
    sampled = np.unpackbits(np.frombuffer(value, np.uint8))[_sample(len(value) * 8)]
    return Sketch(_packed(sampled.astype(np.bool_)), (1.0,) * BITS)


def _packed(bits: npt.NDArray[np.bool_]) -> int:
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


@lru_cache(maxsize=16)
def _hyperplanes(size: int) -> Floats:
    """The normals of the hyperplanes, float64[64, size], nearly Gaussian.

    Sums of twelve bytes of a hash's output: the same on every machine and in every version of numpy, which a
    stored sketch depends on.
    """
    stream = hashlib.shake_256(_SEED).digest(BITS * size * 12)
    sums = np.frombuffer(stream, np.uint8).reshape(BITS, size, 12).sum(axis=2, dtype=np.int64)
    return np.asarray((sums - 6 * 255) / 256.0)


@lru_cache(maxsize=16)
def _sample(size: int) -> npt.NDArray[np.intp]:
    """The positions of the sampled bits: 64 of ``size``, all different, in the order of a hash's output."""
    stream = hashlib.shake_256(_SEED).digest(size * 4)
    return np.argsort(np.frombuffer(stream, "<u4"), kind="stable")[:BITS]


@lru_cache(maxsize=1)
def _flips() -> tuple[npt.NDArray[np.int64], Floats]:
    """All ways to flip at most four bits of a chunk: the masks, and the bits of each as float64[ways, 16]."""
    ways = [bits for count in range(_MOST_FLIPPED + 1) for bits in combinations(range(CHUNK_BITS), count)]
    flipped = np.zeros((len(ways), CHUNK_BITS))
    for row, bits in enumerate(ways):
        flipped[row, list(bits)] = 1.0
    weights = 1 << np.arange(CHUNK_BITS - 1, -1, -1)
    return (flipped.astype(np.int64) @ weights), flipped
