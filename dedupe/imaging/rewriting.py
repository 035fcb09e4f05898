"""Find what was rewritten: a word, a figure or an arrow of a page or drawing that the other has not.

Two screenshots of one dialog agree in nearly everything that coding and scaling leave alone; what was typed into them
is too little for a measure of the whole. Coding spoils many blocks a little, all over; other words spoil a few
neighbours wholly. So the largest patch of neighbouring blocks that disagree is what counts, at the views' own
resolution.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from .alignment import Alignment
from .sharpness import equally_sharp, slopes
from .tones import tone_fitted

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

FINE_GRID = 480
"""Longest side, in pixels, of the grid that this is measured on, at most: that of the views."""

_BLOCK = 8
_INSIDE = 0.6  # share of a block that must overlap
_STRUCTURE, _MOST_NOISE = 9.0, 100.0  # as in ``differences``: mean squared slope, levels² per pixel²
_DISAGREES = 0.4
_BARE = 0.55  # share of the blocks with structure up to which a picture is a page or drawing
_REST_AGREES = 0.6  # correlation of the middle block
_LEAST_PATCH = 8  # blocks


def rewritten(alignment: Alignment) -> float:
    """The share 0–1 of all structure that stands in the largest patch where two bare pictures disagree.

    0 for pictures full of structure, where a small mark is no other version; for patches smaller than a word; and
    where so much disagrees that coding or noise explains it.
    """
    overlap = alignment.overlap
    first, second, _ = equally_sharp(*alignment.lumas, overlap)
    edges = slopes(first), slopes(tone_fitted(first, second, overlap))
    size = max(1, overlap.shape[1] // _BLOCK), max(1, overlap.shape[0] // _BLOCK)
    inside = _means(np.ones_like(first), overlap, size) >= _INSIDE
    power = np.maximum(*(_means((each**2).sum(axis=-1), overlap, size) for each in edges))
    common = _best_common(*edges, overlap, size)
    quiet = 4 * float(np.quantile(power[inside], 0.2)) if inside.any() else 0.0
    structured = inside & (power > max(_STRUCTURE, min(_MOST_NOISE, quiet)))
    if not 0 < structured.sum() <= _BARE * inside.sum():
        return 0.0
    if float(np.median(common[structured] / power[structured])) < _REST_AGREES:
        return 0.0
    disagreeing = structured & (common < _DISAGREES * power)
    missing = np.where(disagreeing, power - common, 0)
    return _largest_patch(disagreeing, missing) / float(power[structured].sum())


def _best_common(first: Floats, second: Floats, overlap: Flags, size: tuple[int, int]) -> Floats:
    """What the slopes have in common by blocks, 0 or more, at the best of nine shifts: registration is exact to
    about a pixel."""
    height, width = overlap.shape
    padded = np.pad(second, ((1, 1), (1, 1), (0, 0)), mode="edge")
    shifted = (
        padded[down : down + height, across : across + width] for down in range(3) for across in range(3)
    )
    found = [_means((first * each).sum(axis=-1), overlap, size) for each in shifted]
    return np.asarray(np.max(found, axis=0).clip(min=0), np.float32)


def _means(values: Floats, overlap: Flags, size: tuple[int, int]) -> Floats:
    """Sums within the overlap by blocks, over the area of a block: float32[rows, columns]."""
    within = np.where(overlap, values, 0).astype(np.float32)
    return np.asarray(cv2.resize(within, size, interpolation=cv2.INTER_AREA), np.float32)


def _largest_patch(flags: Flags, weights: Floats) -> float:
    """The greatest sum of weights over one patch of at least some neighbouring flags."""
    count, labels = cv2.connectedComponents(flags.astype(np.uint8), connectivity=8)
    sums = np.bincount(labels.ravel(), weights.ravel(), count)
    sizes = np.bincount(labels.ravel(), minlength=count)
    large = sums[1:][sizes[1:] >= _LEAST_PATCH]
    return float(large.max(initial=0.0))
