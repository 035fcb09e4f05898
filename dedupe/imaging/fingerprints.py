"""The fingerprint: the numbers by which pictures are found and compared."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from .boxes import WHOLE, Box
from .detail import detail_of
from .hashing import dct_hash, phash
from .miniature import SIDE, Bytes, luma_of

ALGORITHM_VERSION: int = 3
"""Raised whenever the same bytes would give other numbers, or other treatments."""


class Treatment(StrEnum):
    """Which view of the picture a fingerprint was computed from.

    FULL is the whole over white; TRIMMED is without borders, bars or a blurred surround; OVER_BLACK
    is the whole over black, where pixels are not opaque; FRAME1 to 3 are later moments of an animation.
    """

    FULL = "full"
    TRIMMED = "trimmed"
    OVER_BLACK = "over_black"
    FRAME1 = "frame1"
    FRAME2 = "frame2"
    FRAME3 = "frame3"


@dataclass(frozen=True)
class Fingerprint:
    """Numbers computed from the upright sRGB pixels under one treatment.

    ``box`` is the part of the picture that they are computed from. ``intensity`` and ``quadrants``
    (top left, top right, bottom left, bottom right) are mean Rec. 601 luma, 0–1. ``aspect`` is
    ln(width / height) of that part. ``detail`` is 0–1, see ``detail_of``. ``phash`` is an unsigned
    64-bit integer, ``dct_hash`` 32 bytes. ``luma`` holds uint8[64, 64], row-major.
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
    box: Box = WHOLE


def measure(
    rgb: Bytes, width: int, height: int, treatment: Treatment = Treatment.FULL, box: Box = WHOLE
) -> Fingerprint:
    """Fingerprint of a miniature uint8[64, 64, 3] of the part ``box`` of an upright picture.

    ``width`` and ``height`` are pixels of the whole picture.
    """
    luma = luma_of(rgb)
    return Fingerprint(
        version=ALGORITHM_VERSION,
        treatment=treatment,
        intensity=float(luma.mean()) / 255,
        quadrants=quadrants_of(luma),
        aspect=math.log(width * box.width / (height * box.height)),
        detail=detail_of(luma),
        phash=phash(luma),
        dct_hash=dct_hash(luma),
        luma=luma.tobytes(),
        box=box,
    )


def quadrants_of(luma: Bytes) -> tuple[float, float, float, float]:
    """Mean 0–1 of each quarter of uint8[64, 64] luma: top left, top right, bottom left, bottom right."""
    half = SIDE // 2
    means = luma.astype(np.float64).reshape(2, half, 2, half).mean(axis=(1, 3)) / 255
    return float(means[0, 0]), float(means[0, 1]), float(means[1, 0]), float(means[1, 1])


def in_order(fingerprints: Iterable[Fingerprint]) -> list[Fingerprint]:
    """Fingerprints of one picture with the whole first, as treatments are declared."""
    order = list(Treatment)
    return sorted(fingerprints, key=lambda each: order.index(each.treatment))
