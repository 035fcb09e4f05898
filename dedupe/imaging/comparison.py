"""How far two fingerprints lie apart, as they are and in the eight orientations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .fingerprints import Fingerprint, Treatment, quadrants_of
from .hashing import dct_hash, hamming, phash
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
    for mirrored in (False, True):
        for turns in range(4):
            if mirrored or turns:
                other = np.ascontiguousarray(np.rot90(luma[:, ::-1] if mirrored else luma, turns))
                aspect = -fingerprint.aspect if turns % 2 else fingerprint.aspect
                yield Oriented(quadrants_of(other), aspect, phash(other), dct_hash(other))


def least_distance(query: Sequence[Fingerprint], stored: Sequence[bytes]) -> int:
    """The least Hamming distance 0–256 between any DCT hash of a picture, oriented, and those of another.

    Raises ValueError if either has none.
    """
    mine = [each.dct_hash for fingerprint in query for each in orientations(fingerprint)]
    return min(hamming(one, other) for one in mine for other in stored)
