"""GIF blocks (CompuServe GIF89a specification, 1990)."""

from ..formats import Format
from ..limits import Header, Limits, check_frames
from ..refusals import Refusal, Refused

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B


def read_header(data: bytes, limits: Limits) -> Header:
    """Count the frames of a GIF without decoding one.

    Width and height are those of the screen, grown by frames that reach out of it (as Pillow grows
    them). Raises Refused: BROKEN, TOO_MANY_FRAMES, TOO_MANY_CHUNKS.
    """
    if len(data) < 13:
        raise Refused(Refusal.BROKEN, "GIF header cut off")
    width, height = _two_numbers(data, 6)
    at = 13 + _table_size(data[10])
    frames = blocks = 0
    while at < len(data) and data[at] != _TRAILER:
        blocks += 1
        if blocks > limits.max_chunks:
            raise Refused(Refusal.TOO_MANY_CHUNKS, f"more than {limits.max_chunks} GIF blocks")
        if data[at] == _IMAGE and at + 10 <= len(data):
            frames += 1
            check_frames(frames, limits)
            width, height = _grown(data, at, width, height)
            at = _skip_blocks(data, at + 11 + _table_size(data[at + 9]))
        elif data[at] == _EXTENSION:
            at = _skip_blocks(data, at + 2)
        else:
            at += 1  # stray bytes between blocks are passed over, as decoders do
    if not frames:
        raise Refused(Refusal.BROKEN, "GIF without a picture")
    return Header(Format.GIF, width, height, frames)


def _two_numbers(data: bytes, at: int) -> tuple[int, int]:
    return int.from_bytes(data[at : at + 2], "little"), int.from_bytes(data[at + 2 : at + 4], "little")


def _table_size(flags: int) -> int:
    """Bytes of the colour table that a packed field announces."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _grown(data: bytes, at: int, width: int, height: int) -> tuple[int, int]:
    left, top = _two_numbers(data, at + 1)
    frame_width, frame_height = _two_numbers(data, at + 5)
    return max(width, left + frame_width), max(height, top + frame_height)


def _skip_blocks(data: bytes, at: int) -> int:
    """Position behind a chain of data sub-blocks and its terminator."""
    end = len(data)
    while at < end and data[at]:
        at += 1 + data[at]
    return min(at + 1, end)
