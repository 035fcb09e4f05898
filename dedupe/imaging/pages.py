"""Tell a page from a drawing: small writing and straight rules on one plain ground, nothing drawn by hand.

Screenshots of a program, tables, forms and diagrams are pages. Comics stand on a plain ground too, and letters may be
most of what they show; but their large shapes run in all directions, where those of a page run across and down.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

_SAME_GROUND = 2  # levels of 255 about the most frequent one
_PLAIN = 0.4  # share of the pixels that show the ground
_INK = 30.0  # levels that a pixel must differ by
_LARGE = 12  # of the longest side: a twelfth; writing is smaller
_CHORD = 6  # pixels along an outline, between which its direction is taken
_SLANTING = 0.3  # the lesser of across and down over the greater
_LEAST_LENGTH = 0.01  # of the longest side
_FREEHAND = 0.18  # share of the outlines; of diagrams a tenth slants, of comics a quarter or more


def ground_of(luma: Floats, overlap: Flags) -> tuple[float, float]:
    """The level that most pixels of the overlap have, 0–255, and their share 0–1."""
    levels = np.clip(luma[overlap] + 0.5, 0, 255).astype(int)
    counts = np.bincount(levels, minlength=256)
    near = np.convolve(counts, np.ones(2 * _SAME_GROUND + 1, int), mode="same")
    level = int(near.argmax())
    return float(level), float(near[level]) / max(1, levels.size)


def is_page(luma: Floats, overlap: Flags) -> bool:
    """Whether what a picture, luma float32[h, w], shows in the overlap bool[h, w] is a page."""
    level, share = ground_of(luma, overlap)
    return share >= _PLAIN and slanting(luma, overlap, level) <= _FREEHAND


def slanting(luma: Floats, overlap: Flags, ground: float) -> float:
    """The share 0–1 of the outlines of large shapes that runs neither across nor down; 0 where there are none."""
    ink = ((np.abs(luma - ground) > _INK) & overlap).astype(np.uint8)
    outlines, _ = cv2.findContours(ink, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    side = float(max(luma.shape))
    large = [each[:, 0] for each in outlines if min(cv2.boundingRect(each)[2:]) >= side / _LARGE]
    steps = [np.abs(np.roll(each, -_CHORD, axis=0) - each) for each in large if len(each) >= 2 * _CHORD]
    slants = sum(float((each.min(axis=1) > _SLANTING * each.max(axis=1)).sum()) for each in steps)
    return slants / max(float(sum(map(len, steps))), _LEAST_LENGTH * side)
