"""Tell another moment of one scene from a copy: everything in it has moved a little.

Coding, scaling and noise spoil the finest detail and leave what is a few pixels wide where it was. Between two
pictures of a burst, or two frames of a film, that moves, each part its own way: no one map brings all parts together.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from .alignment import Alignment
from .blocks import Blocks
from .sharpness import equally_sharp, slopes
from .tones import tone_fitted

Floats = npt.NDArray[np.float32]

_BLOCK = 8
_SOFTER = 2.0  # standard deviation of a Gaussian, in pixels of the grid
_STRUCTURE = 1.0  # mean squared slope of what is left, levels² per pixel²
_LEAST_BLOCKS = 12


def steadiness(alignment: Alignment) -> float:
    """How alike the softened slopes of two aligned pictures are in the middle one of their blocks, −1..1.

    Lettering or a retouch spoils some blocks, another moment nearly all. 1 where there is too little to tell.
    """
    overlap = alignment.overlap
    first, second, _ = equally_sharp(*alignment.lumas, overlap)
    edges = _softened(first), _softened(tone_fitted(first, second, overlap))
    blocks = Blocks(overlap, _BLOCK)
    powers = [blocks.powers(each) for each in edges]
    structured = blocks.inside & (np.maximum(*powers) > _STRUCTURE)
    if structured.sum() < _LEAST_BLOCKS:
        return 1.0
    alike = blocks.sums((edges[0] * edges[1]).sum(axis=-1))[structured]
    norms = np.sqrt(powers[0] * powers[1])[structured]
    return max(-1.0, min(1.0, float(np.median(alike / np.maximum(norms, 1e-6)))))


def _softened(luma: Floats) -> Floats:
    return slopes(np.asarray(cv2.GaussianBlur(luma, (0, 0), _SOFTER), np.float32))
