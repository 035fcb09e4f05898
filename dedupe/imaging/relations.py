"""Name how two pictures are related, and how sure we are."""

import math
from enum import StrEnum

from .comparison import Distances
from .detail import LOW_DETAIL


class Relation(StrEnum):
    """How the second picture came from the first, as far as global numbers tell."""

    IDENTICAL_BYTES = "identical_bytes"
    SAME_PIXELS = "same_pixels"
    RE_ENCODED = "re_encoded"
    RESIZED = "resized"
    CROPPED = "cropped"
    RECOLOURED = "recoloured"
    VARIANT = "variant"

    @property
    def same_picture(self) -> bool:
        """Whether this relation claims one picture, rather than two versions of one."""
        return self not in (Relation.RECOLOURED, Relation.VARIANT)


ASK_DISTANCE = 64
"""Hamming distance of the 256-bit hash up to which an uploader is asked; about one false pair in
100,000 among photographs, five among flat graphics."""

# First values, set by hand on published and on our own sample pairs; staff decisions replace them.
_CHROMA_RECOLOURED = 0.05
_BLOCK_VARIANT = 0.10
_BLOCK_CROPPED = 0.25
_ASPECT_CROPPED = 0.02
_SIZE_RESIZED = 0.01

_HALF_WAY = 76.0
_SLOPE = 6.0
_LUMA_HALF_WAY = 0.16
_LUMA_SLOPE = 0.02


def classify(
    distances: Distances,
    *,
    same_checksum: bool,
    same_pixels: bool,
    size_a: tuple[int, int],
    size_b: tuple[int, int],
) -> Relation:
    """The likeliest relation of two pictures that were found to match.

    Sizes are (width, height) in pixels, upright. It presumes a match and names it; without
    registration a crop of a few per cent can look like a local change, so a small crop may be called
    a variant. No global number separates a caption from a re-encoding beyond doubt.
    """
    if same_checksum:
        return Relation.IDENTICAL_BYTES
    if same_pixels:
        return Relation.SAME_PIXELS
    if distances.chroma > _CHROMA_RECOLOURED:
        return Relation.RECOLOURED
    if abs(distances.aspect) > _ASPECT_CROPPED and distances.luma_block <= _BLOCK_CROPPED:
        return Relation.CROPPED
    if distances.luma_block > _BLOCK_VARIANT:
        return Relation.VARIANT
    return Relation.RESIZED if _resized(size_a, size_b) else Relation.RE_ENCODED


def _resized(size_a: tuple[int, int], size_b: tuple[int, int]) -> bool:
    return any(abs(a - b) > _SIZE_RESIZED * max(a, b) for a, b in zip(size_a, size_b, strict=True))


def probability(distances: Distances, detail_a: float, detail_b: float) -> float:
    """Probability 0–1 that two pictures are one, or variants of one; smooth and monotone.

    A logistic curve of the 256-bit distance, one half at 76 bits (between the 64 at which 1e-5 and the
    90 at which 2e-4 of unrelated pairs fall), times one of the fitted luma difference. It never rises
    with a distance nor falls with detail: where either picture has less than ``LOW_DETAIL`` it goes
    to zero in proportion, for hashes of empty pictures agree by accident. Not yet calibrated on
    decisions: read it as an order, not as a frequency.
    """
    by_hash = _falling(distances.dct, _HALF_WAY, _SLOPE)
    by_luma = _falling(distances.luma_mean, _LUMA_HALF_WAY, _LUMA_SLOPE)
    content = min(1.0, max(0.0, min(detail_a, detail_b)) / LOW_DETAIL)
    return by_hash * by_luma * content


def _falling(value: float, half_way: float, slope: float) -> float:
    return 1 / (1 + math.exp(min(500.0, (value - half_way) / slope)))
