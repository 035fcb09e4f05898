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

ASK_PROBABILITY = 0.5
"""The probability from which an uploader is asked; it takes sparse pictures more strictly."""

# First values, set by hand on our own sample pairs and on simulated edits of photographs and graphics;
# the decisions of staff are to replace them.
_INTENSITY_RECOLOURED = 0.04  # re-encoding and resizing stay below 0.01
_CHROMA_RECOLOURED = 0.012
_BLOCK_VARIANT = 0.10
_BLOCK_ALIGNED = 0.06
_BLOCK_CROPPED = 0.25
_ASPECT_CHANGED = 0.02
_SIZE_RESIZED = 0.01

_DCT_HALF_WAY, _DCT_SLOPE = 70.0, 5.0
_MEAN_HALF_WAY, _MEAN_SLOPE = 0.16, 0.02
_BLOCK_LEAST, _BLOCK_PER_DETAIL, _BLOCK_SLOPE = 0.01, 8.0, 0.01
_CONTENT_SLOPE = 0.004


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
    stretched = abs(distances.aspect) > _ASPECT_CHANGED
    if distances.luma_block > (_BLOCK_CROPPED if stretched else _BLOCK_VARIANT):
        return Relation.VARIANT
    if stretched and distances.luma_block > _BLOCK_ALIGNED:
        return Relation.CROPPED
    if distances.chroma > _CHROMA_RECOLOURED or abs(distances.intensity) > _INTENSITY_RECOLOURED:
        return Relation.RECOLOURED
    return Relation.RESIZED if _resized(size_a, size_b) else Relation.RE_ENCODED


def _resized(size_a: tuple[int, int], size_b: tuple[int, int]) -> bool:
    return any(abs(a - b) > _SIZE_RESIZED * max(a, b) for a, b in zip(size_a, size_b, strict=True))


def probability(distances: Distances, detail_a: float, detail_b: float) -> float:
    """Probability 0–1 that two pictures are one, or variants of one; smooth and monotone.

    A product of falling logistic curves: of the 256-bit distance (one half at 70 bits; 1e-5 of unrelated
    pairs lie within 64, 2e-4 within 90), of the mean luma difference, and of the largest block difference
    as far as the lesser detail allows it: emblems on a plain ground agree in nearly every pixel and must
    agree in the emblem too. It never rises with a distance nor falls with detail, and is close to 0 where
    either picture has less than ``LOW_DETAIL``, for hashes of empty pictures agree by accident. Not yet
    calibrated on decisions: read it as an order, not as a frequency.
    """
    detail = min(detail_a, detail_b)
    block_half_way = _BLOCK_LEAST + _BLOCK_PER_DETAIL * detail**2
    return (
        _falling(distances.dct, _DCT_HALF_WAY, _DCT_SLOPE)
        * _falling(distances.luma_mean, _MEAN_HALF_WAY, _MEAN_SLOPE)
        * _falling(distances.luma_block, block_half_way, _BLOCK_SLOPE)
        * _falling(-detail, -LOW_DETAIL, _CONTENT_SLOPE)
    )


def _falling(value: float, half_way: float, slope: float) -> float:
    """Logistic curve from 1 to 0, one half at ``half_way``."""
    return 1 / (1 + math.exp(max(-500.0, min(500.0, (value - half_way) / slope))))
