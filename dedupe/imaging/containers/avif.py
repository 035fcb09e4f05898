"""AVIF boxes (ISO/IEC 14496-12 and 23008-12; AV1 Image File Format)."""

from collections.abc import Iterator

from ..formats import Format
from ..limits import Header, Limits, check_frames
from ..refusals import Refusal, Refused

# Boxes whose contents are boxes again, with the bytes to skip before the first of them.
_PARENTS = {
    b"meta": 4,
    b"iprp": 0,
    b"ipco": 0,
    b"moov": 0,
    b"trak": 0,
    b"mdia": 0,
    b"minf": 0,
    b"stbl": 0,
    b"stsd": 8,
}
_METADATA = frozenset({b"colr", b"uuid"})
_DEPTH = 8


def read_header(data: bytes, limits: Limits) -> Header:
    """Read the largest stated picture and the sample count of an AVIF.

    Every ``ispe`` (still) and ``av01`` (sequence) size counts: the largest of each side is reported.
    Raises Refused: BROKEN, TOO_MANY_CHUNKS, TOO_MUCH_METADATA, TOO_MANY_FRAMES.
    """
    sizes: list[tuple[int, int]] = []
    frames = 1
    for number, (kind, start, end) in enumerate(_boxes(data, 0, len(data), _DEPTH)):
        if number >= limits.max_chunks:
            raise Refused(Refusal.TOO_MANY_CHUNKS, f"more than {limits.max_chunks} AVIF boxes")
        if kind == b"ispe":
            sizes.append(_pair(data, start + 4, 4))
        elif kind == b"av01":
            sizes.append(_pair(data, start + 24, 2))
        elif kind == b"stsz":
            frames = max(frames, int.from_bytes(data[start + 8 : start + 12], "big"))
        elif kind in _METADATA and end - start > limits.max_metadata_bytes:
            raise Refused(Refusal.TOO_MUCH_METADATA, f"{end - start} bytes of AVIF metadata")
    if not sizes:
        raise Refused(Refusal.BROKEN, "AVIF without a picture size")
    check_frames(frames, limits)
    widths, heights = zip(*sizes, strict=True)
    return Header(Format.AVIF, max(widths), max(heights), frames)


def _pair(data: bytes, at: int, size: int) -> tuple[int, int]:
    first = int.from_bytes(data[at : at + size], "big")
    return first, int.from_bytes(data[at + size : at + 2 * size], "big")


def _boxes(data: bytes, at: int, end: int, depth: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (kind, start of the body, end) of each box, parents before their contents."""
    while at + 8 <= end:
        length = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        start = at + 8
        if length == 1:
            length = int.from_bytes(data[start : start + 8], "big")
            start += 8
        stop = end if length == 0 else min(at + length, end)
        if stop < start:
            return
        yield kind, start, stop
        if kind in _PARENTS and depth:
            yield from _boxes(data, start + _PARENTS[kind], stop, depth - 1)
        at = stop
