"""The fingerprint: the numbers by which pictures are found and compared."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from .detail import detail_of
from .hashing import dct_hash, phash
from .miniature import SIDE, Bytes, chroma_of, luma_of

ALGORITHM_VERSION: int = 1
"""Raised whenever the same bytes would give other numbers."""


class Treatment(StrEnum):
    """Which view of the picture a fingerprint was computed from."""

    FULL = "full"


@dataclass(frozen=True)
class Fingerprint:
    """Numbers computed from the upright sRGB pixels over white.

    ``intensity`` and ``quadrants`` (top left, top right, bottom left, bottom right) are mean Rec. 601
    luma, 0–1. ``aspect`` is ln(width / height). ``detail`` is 0–1, see ``detail_of``. ``phash`` is an
    unsigned 64-bit integer, ``dct_hash`` 32 bytes. ``luma`` holds uint8[64, 64], ``chroma``
    uint8[2, 16, 16] (Cb, Cr), both row-major.
    """

    version: int
    treatment: Treatment
    intensity: float
    quadrants: tuple[float, float, float, float]
    aspect: float
    detail: float
    phash: int
    dct_hash: bytes
    luma: bytes
    chroma: bytes


def measure(rgb: Bytes, width: int, height: int) -> Fingerprint:
    """Fingerprint of a miniature uint8[64, 64, 3] of an upright picture of width × height pixels."""
    luma = luma_of(rgb)
    return Fingerprint(
        version=ALGORITHM_VERSION,
        treatment=Treatment.FULL,
        intensity=float(luma.mean()) / 255,
        quadrants=_quadrants(luma),
        aspect=math.log(width / height),
        detail=detail_of(luma),
        phash=phash(luma),
        dct_hash=dct_hash(luma),
        luma=luma.tobytes(),
        chroma=chroma_of(rgb).tobytes(),
    )


def _quadrants(luma: Bytes) -> tuple[float, float, float, float]:
    half = SIDE // 2
    means = luma.astype(np.float64).reshape(2, half, 2, half).mean(axis=(1, 3)) / 255
    return float(means[0, 0]), float(means[0, 1]), float(means[1, 0]), float(means[1, 1])
