"""Find the picture within its border: plain edges, letterbox bars, and a blurred copy as surround."""

import numpy as np
import numpy.typing as npt

from .boxes import WHOLE, Box
from .surround import surrounded

Bytes = npt.NDArray[np.uint8]
Colour = npt.NDArray[np.float64]

LEAST_KEPT = 0.2
"""No side is trimmed to less than this share of its length."""

_LEAST_TRIMMED = 0.015  # of a side; below it the fingerprint hardly changes
_EVEN = 6  # levels of 255 in any channel by which a plain border may vary
_RINGING = 32  # and where JPEG has carried the edge of the picture into it,
_RINGING_LINES = 16  # which is as far as its blocks of halved chroma reach
_FRAYED = 2  # lines at the very edge that may vary more
_PLAIN_SHARE = 0.985  # of the pixels of a line; the rest may be dust
_NESTED = 4  # a mat in a frame in a letterbox, and one more

Edges = tuple[int, int, int, int]


def trim_box(rgb: Bytes) -> Box:
    """The part of uint8[h, w, 3] that is left without its border; WHOLE if there is none.

    A line belongs to a plain border if nearly all of it is within 6 levels of the median colour of
    the outermost line, or within 32 where JPEG rings beside the picture; each side has its own colour,
    and borders may be nested. Where less than ``LEAST_KEPT`` of a side would be left, as of a plain
    ground, there is no picture in a border.
    Made for pictures of a longest side of 480 px; larger ones only take longer.
    """
    height, width = rgb.shape[:2]
    edges = surrounded(rgb, _without_plain_border(rgb))
    left, top, right, bottom = edges
    kept = (right - left) / width, (bottom - top) / height
    if min(kept) < LEAST_KEPT or max(1 - kept[0], 1 - kept[1]) < _LEAST_TRIMMED:
        return WHOLE
    return Box(left / width, top / height, right / width, bottom / height)


def _without_plain_border(rgb: Bytes) -> Edges:
    height, width = rgb.shape[:2]
    left, top, right, bottom = 0, 0, width, height
    for _ in range(_NESTED):
        inner = rgb[top:bottom, left:right]
        rows = inner
        above, below = _plain_lines(rows), _plain_lines(rows[::-1])
        if above + below >= bottom - top:
            break
        columns = inner[above : len(inner) - below].swapaxes(0, 1)
        before, behind = _plain_lines(columns), _plain_lines(columns[::-1])
        if before + behind >= right - left:
            break
        if not above + below + before + behind:
            break
        left, top, right, bottom = left + before, top + above, right - behind, bottom - below
    return left, top, right, bottom


def _plain_lines(lines: Bytes) -> int:
    """How many lines of uint8[n, length, 3] from the first on are border, in the first one's colour."""
    outermost = _outermost_even(lines)
    if outermost is None:
        return 0
    colour = np.median(lines[outermost], axis=0)
    even = outermost + _leading(_is_plain(lines[outermost:], colour, _EVEN))
    if even == len(lines):
        return even
    ringing = _leading(_is_plain(lines[even : even + _RINGING_LINES], colour, _RINGING))
    # What goes on like that is no ringing, but a part of the picture that is of nearly this colour.
    # The line behind is a mixture of border and picture, and goes with the border.
    return min(len(lines), even + 1 + (ringing if ringing < _RINGING_LINES else 0))


def _outermost_even(lines: Bytes) -> int | None:
    """The first even line, behind at most two that a cut or coarse coding has left uneven in much the same colour."""
    for number in range(min(_FRAYED + 1, len(lines))):
        colour = np.median(lines[number], axis=0)
        before = _is_plain(lines[:number], colour, _RINGING)
        if before.all() and _is_plain(lines[number : number + 1], colour, _EVEN)[0]:
            return number
    return None


def _leading(plain: npt.NDArray[np.bool_]) -> int:
    """How many are true before the first that is not."""
    return len(plain) if plain.all() else int(np.argmin(plain))


def _is_plain(lines: Bytes, colour: Colour, tolerance: int) -> npt.NDArray[np.bool_]:
    low = np.clip(colour - tolerance, 0, 255).astype(np.uint8)
    high = np.clip(colour + tolerance, 0, 255).astype(np.uint8)
    within = np.ones(lines.shape[:2], np.bool_)
    for channel in range(3):  # much faster than a reduction over the last axis
        plane = lines[:, :, channel]
        within &= (plane >= low[channel]) & (plane <= high[channel])
    return np.asarray(np.count_nonzero(within, axis=1) >= _PLAIN_SHARE * lines.shape[1])
