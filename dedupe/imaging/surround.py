"""Find a picture that stands before a blurred, enlarged copy of itself.

Phone editors and broadcasters fill the bars beside a picture so. Three things show it, and all are asked
for: bands without detail on two opposite sides; a straight step where they end; and bands that look like
the picture enlarged to fill the frame.
"""

import numpy as np
import numpy.typing as npt
from PIL import Image

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Edges = tuple[int, int, int, int]

_STEP = 6  # levels of 255 across two pixels that a row must jump by where the picture begins
_STEP_SHARE = 0.4  # of the rows that jump in the one column that is the edge
_CALM_SHARE = 0.04  # of the rows that may jump in any column of a band
_RINGING = 3  # px beside the edge to which the reduction has carried it
_LEAST_BAND = 0.04  # of the width
_UNEVEN = 0.02  # of the width by which the two bands may differ
_LIKENESS = 0.5  # correlation of the bands with the enlarged picture
_COARSE = 24  # px of the side to which both are reduced for it


def surrounded(rgb: Bytes, edges: Edges) -> Edges:
    """The edges (left, top, right, bottom, px) of the picture within its surround, or those given.

    ``rgb`` is uint8[h, w, 3]; the search is within ``edges``.
    """
    left, top, right, bottom = edges
    luma = np.asarray(Image.fromarray(rgb[top:bottom, left:right]).convert("L"))
    bands = _bands(luma)
    if bands:
        return left + bands[0], top, right - bands[1], bottom
    bands = _bands(luma.T)
    if bands:
        return left, top + bands[0], right, bottom - bands[1]
    return edges


def _bands(luma: Bytes) -> tuple[int, int] | None:
    """Widths of the bands at the left and the right of uint8[h, w], px; None if they are no surround."""
    height, width = luma.shape
    if min(height, width) < 2 * _COARSE:
        return None
    jumps = _jumps(luma)
    first, last = _edge(jumps), _edge(jumps[::-1])
    if first is None or last is None or abs(first - last) > _UNEVEN * width + 1:
        return None
    if min(first, last) < _LEAST_BAND * width or first + last > 0.8 * width:
        return None
    return (first, last) if _likeness(luma, first, last) >= _LIKENESS else None


def _jumps(luma: Bytes) -> Floats:
    """Share of the rows that jump across each column of uint8[h, w], float32[w]."""
    smooth = luma.astype(np.int16)
    step = np.zeros(luma.shape, np.bool_)
    step[:, 1:-1] = np.abs(smooth[:, 2:] - smooth[:, :-2]) > _STEP
    return np.asarray(step.mean(axis=0), np.float32)


def _edge(jumps: Floats) -> int | None:
    """Width of the calm band before the first column where most rows jump, px; None without such."""
    straight = np.flatnonzero(jumps >= _STEP_SHARE)
    if not straight.size:
        return None
    at = int(straight[0])
    calm = jumps[: max(0, at - _RINGING)]
    return at + 1 if calm.size and float(calm.max()) <= _CALM_SHARE else None


def _likeness(luma: Bytes, first: int, last: int) -> float:
    """Correlation of the two bands with the picture enlarged to fill the frame, −1 to 1."""
    height, width = luma.shape
    inner = luma[:, first : width - last]
    covered = round(inner.shape[1] / width * height)  # rows of the inner picture that fill the frame
    above = (height - covered) // 2
    filling = _coarse(inner[above : above + covered])
    whole = _coarse(luma)
    before, behind = (max(1, round(band / width * _COARSE)) for band in (first, last))
    pairs = [(filling[:, :before], whole[:, :before]), (filling[:, -behind:], whole[:, -behind:])]
    a, b = (np.concatenate([pair[side].ravel() for pair in pairs]) for side in (0, 1))
    if min(a.std(), b.std()) < 1:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def _coarse(luma: Bytes) -> Floats:
    small = Image.fromarray(np.ascontiguousarray(luma)).resize((_COARSE, _COARSE), Image.Resampling.BOX)
    return np.asarray(small, np.float32)
