"""How far two fingerprints lie apart, as they are and in the eight orientations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .fingerprints import Fingerprint, Treatment
from .hashing import hamming, turned_hashes
from .miniature import SIDE

TURNED_TREATMENTS = frozenset({Treatment.FULL, Treatment.TRIMMED})
"""Those that are looked for in all eight orientations; the others as they are."""


@dataclass(frozen=True)
class Distances:
    """How far two fingerprints lie apart; 0 is equal.

    ``dct`` 0–256 and ``phash`` 0–64 are Hamming distances. ``intensity`` (−1..1) and ``aspect`` are signed, second
    minus first.
    """

    dct: int
    phash: int
    intensity: float
    aspect: float


@dataclass(frozen=True)
class Oriented:
    """What of a fingerprint changes when the picture is mirrored and turned; fields as in ``Fingerprint``."""

    quadrants: tuple[float, float, float, float]
    aspect: float
    phash: int
    dct_hash: bytes


def compare(a: Fingerprint, b: Fingerprint) -> Distances:
    """Distances from ``a`` to ``b``; swapping them flips the signs and changes nothing else.

    Raises ValueError if the two are of different versions.
    """
    if a.version != b.version:
        raise ValueError("fingerprints of different versions cannot be compared")
    return Distances(
        dct=hamming(a.dct_hash, b.dct_hash),
        phash=(a.phash ^ b.phash).bit_count(),
        intensity=b.intensity - a.intensity,
        aspect=b.aspect - a.aspect,
    )


def orientations(fingerprint: Fingerprint) -> Iterator[Oriented]:
    """The fingerprint in each orientation that it is looked for in, as it is first: eight or one."""
    yield Oriented(fingerprint.quadrants, fingerprint.aspect, fingerprint.phash, fingerprint.dct_hash)
    if fingerprint.treatment not in TURNED_TREATMENTS:
        return
    luma = np.frombuffer(fingerprint.luma, np.uint8).reshape(SIDE, SIDE)
    quarters = np.array(fingerprint.quadrants).reshape(2, 2)
    turned = [np.rot90(each, turns) for each in (quarters, quarters[:, ::-1]) for turns in range(4)]
    for number, ((small, large), quadrants) in enumerate(zip(turned_hashes(luma), turned, strict=True)):
        if number:
            first, second, third, fourth = quadrants.ravel().tolist()
            aspect = -fingerprint.aspect if number % 2 else fingerprint.aspect
            yield Oriented((first, second, third, fourth), aspect, small, large)


def least_distances(hashes: Sequence[bytes], stored: Sequence[Sequence[bytes]]) -> list[int]:
    """For each picture of which some DCT hashes are stored, the least Hamming distance 0–256 to any of ``hashes``.

    Raises ValueError if there are no hashes, on either side.
    """
    counts = [len(each) for each in stored]
    if not hashes or 0 in counts:
        raise ValueError("nothing to measure the distance of")
    if not counts:
        return []
    mine = np.frombuffer(b"".join(hashes), np.uint64).reshape(len(hashes), 1, -1)
    theirs = np.frombuffer(b"".join(map(b"".join, stored)), np.uint64).reshape(1, sum(counts), -1)
    nearest = np.bitwise_count(mine ^ theirs).sum(axis=2, dtype=np.int64).min(axis=0)
    least: list[int] = np.minimum.reduceat(nearest, np.cumsum([0, *counts[:-1]])).tolist()
    return least
