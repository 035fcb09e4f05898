"""Where the processor time of ``analyse`` goes."""

import hashlib
import time

from dedupe.imaging import Limits
from dedupe.imaging.containers import inspect
from dedupe.imaging.decoding import decode_with_small
from dedupe.imaging.miniature import miniature
from dedupe.imaging.pixels import pixel_checksum
from dedupe.imaging.renditions import displayable, render
from dedupe.imaging.treatments import treat

_RUNS = 3


def parts_of(data: bytes) -> dict[str, float]:
    """Processor seconds of each part of ``analyse``, by name, the least of some runs."""
    rounds = [_one_round(data) for _ in range(_RUNS)]
    return {name: min(each[name] for each in rounds) for name in rounds[0]}


def _one_round(data: bytes) -> dict[str, float]:
    limits = Limits()
    clock = _Clock()
    header = inspect(data, limits)
    checksum = hashlib.sha256(data).hexdigest()
    clock.lap("header, checksum")
    decoded, reduced = decode_with_small(data, header, limits)
    clock.lap("decode, whole and small")
    small = miniature(reduced)
    clock.lap("miniature")
    pixel_checksum(decoded, checksum)
    clock.lap("pixel checksum")
    picture = displayable(decoded)
    render(picture, halved_chroma=decoded.quality is not None)
    clock.lap("renditions")
    tuple(treat(data, header, decoded, small, picture, limits))
    clock.lap("treatments, views")
    return clock.laps


class _Clock:
    """Laps of processor time."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._since = time.process_time()

    def lap(self, name: str) -> None:
        """Note the seconds since the last lap."""
        now = time.process_time()
        self.laps[f"  analyse: {name}"] = now - self._since
        self._since = now
