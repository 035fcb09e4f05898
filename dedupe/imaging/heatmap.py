"""Draw where two pictures differ, to be laid over the stored one."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from .alignment import Alignment, align, placed_outline
from .differences import difference_map

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

MAX_MAP_BYTES = 1024 * 1024
"""Of one map: 480 × 480 pixels of four bytes, which do not compress at worst, and what PNG puts around them."""
_FROM, _TO = (
    10.0,
    70.0,
)  # levels of 255: below the first is what coding leaves, from the second on it is all red
_FAINTEST, _STRONGEST = 0.35, 0.9  # opacity
_AMBER, _RED = np.array([255, 191, 0], np.float32), np.array([208, 16, 32], np.float32)
_DIM = np.array([17, 19, 23], np.float32)
_DIMMED = 0.62
_SOFTENED = 0.004  # of the longest side: the grid of the differences is coarser than the view
_FINE = 4  # binary digits of a pixel to which the outline is drawn


def heat_map(stored: Bytes, query: Bytes, matrix: Sequence[float]) -> bytes:
    """A PNG file, RGBA, of the stored view's size.

    Views are uint8[h, w, 3]; ``matrix`` is as in ``Comparison``. Transparent where both are equal, or would be under
    one tone curve (``difference_map``); amber where they differ a little, red where they differ much; dark where the
    query shows nothing. Raises ValueError if the two do not overlap.
    """
    onto = np.asarray(matrix, np.float64).reshape(2, 3)
    alignment = align(stored, query, onto)
    if alignment is None:
        raise ValueError("the views do not overlap")
    shown = _shown(stored, query, onto)
    strength = _strength(_on_stored(difference_map(alignment), alignment, stored)) * shown
    return _png(_coloured(strength, shown))


def _on_stored(levels: Floats, alignment: Alignment, stored: Bytes) -> Floats:
    """The differences at their place on the stored view, float32[h, w], softened to its finer grid."""
    height, width = stored.shape[:2]
    left, top, right, bottom = (
        round(edge * side) for edge, side in zip(alignment.box, (width, height) * 2, strict=True)
    )
    whole = np.zeros((height, width), np.float32)
    whole[top:bottom, left:right] = cv2.resize(
        levels, (right - left, bottom - top), interpolation=cv2.INTER_LINEAR
    )
    return np.asarray(cv2.GaussianBlur(whole, (0, 0), max(0.5, _SOFTENED * max(height, width))), np.float32)


def _shown(stored: Bytes, query: Bytes, matrix: Doubles) -> Floats:
    """How far each pixel of the stored view lies within the outline of the query, float32[h, w], 0–1."""
    height, width = stored.shape[:2]
    corners = placed_outline(matrix, stored, query) * [width, height] - 0.5
    inside = np.zeros((height, width), np.uint8)
    fixed = np.rint(corners * 2**_FINE).astype(np.int32)
    cv2.fillConvexPoly(inside, fixed, 255, cv2.LINE_AA, _FINE)
    return np.asarray(inside / 255, np.float32)


def _strength(levels: Floats) -> Floats:
    return np.asarray(np.clip((levels - _FROM) / (_TO - _FROM), 0, 1), np.float32)


def _coloured(strength: Floats, shown: Floats) -> Bytes:
    """Heat over the part that is shown and dark over the rest, uint8[h, w, 4], straight alpha."""
    heat = _AMBER + strength[..., None] * (_RED - _AMBER)
    opacity = np.where(strength > 0, _FAINTEST + strength * (_STRONGEST - _FAINTEST), 0)
    # The faintest differences fade in, so that the map has no hard rim.
    opacity *= np.minimum(1, strength * 8)
    dark = (1 - shown) * _DIMMED
    colours = np.where((dark > opacity)[..., None], _DIM, heat)
    alpha = np.maximum(dark, opacity)
    return np.asarray(np.dstack([colours, alpha * 255]).round(), np.uint8)


def _png(rgba: Bytes) -> bytes:
    file = BytesIO()
    Image.fromarray(rgba, "RGBA").save(file, "PNG", compress_level=6)
    return file.getvalue()
