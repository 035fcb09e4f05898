"""Compare two fingerprints."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .fingerprints import Fingerprint
from .hashing import hamming
from .miniature import CHROMA_SIDE, SIDE

Floats = npt.NDArray[np.float64]

_BLOCK = 8
_GAIN = (0.5, 2.0)


@dataclass(frozen=True)
class Distances:
    """How far two fingerprints lie apart; 0 is equal.

    ``dct`` 0–256 and ``phash`` 0–64 are Hamming distances. ``intensity`` (−1..1) and ``aspect`` are
    signed, second minus first. ``luma_mean`` and ``luma_block`` (0–1) are the mean and the largest
    8 × 8-block mean of the absolute luma difference after brightness and contrast are fitted.
    ``chroma`` (0–1) is the mean distance in the plane of Cb and Cr, its diagonal being 1.
    """

    dct: int
    phash: int
    intensity: float
    aspect: float
    luma_mean: float
    luma_block: float
    chroma: float


def compare(a: Fingerprint, b: Fingerprint) -> Distances:
    """Distances from ``a`` to ``b``; swapping them flips the signs and changes nothing else.

    The treatments may differ: a framed copy under TRIMMED is compared with its original under FULL.
    Raises ValueError if the two are of different versions.
    """
    if a.version != b.version:
        raise ValueError("fingerprints of different versions cannot be compared")
    difference = _fitted_difference(_luma(a), _luma(b))
    blocks = difference.reshape(SIDE // _BLOCK, _BLOCK, SIDE // _BLOCK, _BLOCK).mean(axis=(1, 3))
    return Distances(
        dct=hamming(a.dct_hash, b.dct_hash),
        phash=(a.phash ^ b.phash).bit_count(),
        intensity=b.intensity - a.intensity,
        aspect=b.aspect - a.aspect,
        luma_mean=min(1.0, float(difference.mean())),
        luma_block=min(1.0, float(blocks.max())),
        chroma=_chroma_distance(a, b),
    )


def _luma(fingerprint: Fingerprint) -> Floats:
    return np.frombuffer(fingerprint.luma, np.uint8).reshape(SIDE, SIDE) / 255


def _fitted_difference(a: Floats, b: Floats) -> Floats:
    """Absolute luma difference after the means are made equal and the spreads met halfway.

    Both are scaled to the geometric mean of their spreads (by no more than 0.5–2 between them), which
    treats the two alike; a least-squares fit of one to the other would not.
    """
    spread_a, spread_b = float(a.std()), float(b.std())
    ratio = 1.0 if min(spread_a, spread_b) < 1e-3 else float(np.clip(spread_b / spread_a, *_GAIN))
    root = ratio**0.5
    return np.asarray(np.abs((a - a.mean()) * root - (b - b.mean()) / root))


def _chroma_distance(a: Fingerprint, b: Fingerprint) -> float:
    planes = [np.frombuffer(f.chroma, np.uint8).reshape(2, CHROMA_SIDE, CHROMA_SIDE) for f in (a, b)]
    difference = (planes[0].astype(np.float64) - planes[1]) / 255
    return float(np.hypot(difference[0], difference[1]).mean() / 2**0.5)
