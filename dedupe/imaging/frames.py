"""Later moments of an animation, beside the frame that stands for the whole."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from .colour import plain
from .decoding import UNIFORM_RANGE, Decoded, opened_file
from .limits import Header, Limits
from .miniature import Bytes, miniature

_EQUAL_RANGE = 12  # levels of 255: what lossy coding leaves between two copies of a frame


@dataclass(frozen=True)
class Moment:
    """One frame as it is shown, over what the frames before it left.

    ``number`` is 1, 2 or 3 for the frame at a quarter, at the half and at three quarters of the
    animation; of two or three frames it is the place of the frame behind the first.
    """

    number: int
    decoded: Decoded
    miniature: Bytes


def moments(data: bytes, header: Header, still: Decoded, first: Bytes, limits: Limits) -> Iterator[Moment]:
    """Yield up to three later frames of an animation, one at a time; none of a still.

    ``still`` is the frame that stands for the whole and ``first`` its miniature. Left out are frames
    that are near-uniform or equal one that is there, and those that lie further than
    ``limits.max_moment_pixels``. A broken frame ends the search and does not spoil the picture.
    """
    width, height = still.image.size
    reach = limits.max_moment_pixels // (width * height)
    wanted = {at: number for number, at in enumerate(_places(still.frames), 1) if at < reach}
    seen = [first]
    with suppress(Exception):
        for at, frame in _frames(data, header, limits, tuple(wanted)):
            decoded = replace(still, image=plain(frame), extent=frame.size)
            small = miniature(decoded)
            if not (_is_uniform(small) or any(_are_equal(small, other) for other in seen)):
                seen.append(small)
                yield Moment(wanted[at], decoded, small)


def _places(frames: int) -> tuple[int, ...]:
    if frames < 4:
        return tuple(range(1, frames))
    return frames // 4, frames // 2, 3 * frames // 4


def _frames(
    data: bytes, header: Header, limits: Limits, places: tuple[int, ...]
) -> Iterator[tuple[int, Image.Image]]:
    """Yield (place, frame) in one pass from the first frame; each is valid until the next is asked for."""
    if not places:
        return
    opened = opened_file(data, header, limits)
    for place in places:
        opened.seek(place)
        opened.load()
        yield place, opened


def _is_uniform(small: Bytes) -> bool:
    return int(np.ptp(small.reshape(-1, 3), axis=0).max()) <= UNIFORM_RANGE


def _are_equal(a: Bytes, b: Bytes) -> bool:
    return int(np.abs(a.astype(np.int16) - b).max()) <= _EQUAL_RANGE
