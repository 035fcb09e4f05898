"""Find what was rewritten: a word, a figure or an arrow of a page or drawing that the other has not.

Two screenshots of one dialog agree in nearly everything that coding and scaling leave alone; what was typed into them
is too little for a measure of the whole. Coding spoils many blocks a little, all over; other words spoil a few
neighbours wholly. So the largest patch of neighbouring blocks that disagree is what counts, at the views' own
resolution.
"""

from __future__ import annotations

import numpy as np

from .alignment import Alignment
from .blocks import Blocks, patch_sums
from .sharpness import equally_sharp, slopes
from .tones import tone_fitted

FINE_GRID = 480
"""Longest side, in pixels, of the grid that this is measured on, at most: that of the views."""

_BLOCK = 8
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
    blocks = Blocks(overlap, _BLOCK)
    power = np.maximum(*(blocks.powers(each) for each in edges))
    structured = blocks.inside & (power > blocks.above_noise(power))
    if not 0 < structured.sum() <= _BARE * blocks.inside.sum():
        return 0.0
    common = blocks.common(*edges)
    if float(np.median(common[structured] / power[structured])) < _REST_AGREES:
        return 0.0
    disagreeing = structured & (common < _DISAGREES * power)
    missing = patch_sums(disagreeing, power - common, _LEAST_PATCH)
    return float(missing.max(initial=0.0)) / float(power[structured].sum())
