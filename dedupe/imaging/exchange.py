"""Find what two pages have each for itself: something that stands where the other shows its bare ground.

What is done to a picture adds or takes away: lettering is laid over it, a part is cut off or painted over. Hardly any
of that does both. Two pages of one program have their head, rules and buttons in common, and in the rest each shows
something that the other has not, at other places: other words, other rows, an arrow that points elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .alignment import Alignment
from .blocks import Blocks, patch_sums
from .pages import ground_of, is_page
from .sharpness import equally_sharp, slopes

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

_BLOCK = 4
_BARE = 0.05  # of the power of the other: no line of it is left
_ON_GROUND = 8.0  # levels of 255 from the ground
_LEAST_PATCH = 3  # blocks
_REST_AGREES = 0.6  # correlation of the middle block of those with structure in both
_LEAST_REST = 12  # blocks


def exchanged(alignment: Alignment) -> float:
    """The share 0–1 of its structure that each of two pages has where the other is bare, of the page with less.

    0 unless both are pages, and unless what stands in both agrees: where a turn or coarse coding has spoilt all of
    it, nothing is known of single words. Measured without a tone curve, which could paint words over.
    """
    overlap, lumas = alignment.overlap, alignment.lumas
    if not all(is_page(each, overlap) for each in lumas):
        return 0.0
    grounds = [ground_of(each, overlap)[0] for each in lumas]
    first, second, _ = equally_sharp(*lumas, overlap)
    blocks = Blocks(overlap, _BLOCK)
    edges = slopes(first), slopes(second)
    powers = [blocks.powers(each) for each in edges]
    least = blocks.above_noise(np.maximum(*powers))
    own = [blocks.inside & (power > least) for power in powers]
    bare = [
        np.abs(blocks.means(luma) - ground) < _ON_GROUND
        for luma, ground in zip((first, second), grounds, strict=True)
    ]
    both = min(
        _vanished(powers[0], own[0], own[0] & (powers[1] < _BARE * powers[0]) & bare[1]),
        _vanished(powers[1], own[1], own[1] & (powers[0] < _BARE * powers[1]) & bare[0]),
    )
    return both if both and _rest_agrees(blocks.common(*edges), powers, own[0] & own[1]) else 0.0


def _rest_agrees(common: Floats, powers: Sequence[Floats], both: Flags) -> bool:
    """Whether the middle one of the blocks with structure in both agrees."""
    if both.sum() <= _LEAST_REST:
        return False
    return float(np.median(common[both] / np.maximum(*powers)[both])) >= _REST_AGREES


def _vanished(power: Floats, own: Flags, gone: Flags) -> float:
    """The share of the power of one's own blocks that lies in patches which the other does not have."""
    lost = patch_sums(gone, power, _LEAST_PATCH)
    return float(lost.sum()) / max(float(power[own].sum()), 1e-6)
