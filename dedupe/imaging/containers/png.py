"""PNG chunks (W3C PNG Specification, third edition, § 5 and § 11; APNG § 11.3.7)."""

import zlib
from collections.abc import Iterator

from imagecodecs import deflate_crc32

from ..formats import Format
from ..limits import Header, Limits, check_frames
from ..refusals import Refusal, Refused

_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt", b"iCCP", b"eXIf"})
_COMPRESSED = frozenset({b"zTXt", b"iTXt", b"iCCP"})
_LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


def read_header(data: bytes, limits: Limits) -> Header:
    """Walk all chunks of a PNG, with their check sums.

    Raises Refused: BROKEN (bad order, bad check sum of a critical chunk, cut off),
    TOO_MANY_CHUNKS, TOO_MUCH_METADATA, TOO_MANY_FRAMES.
    """
    width = height = metadata = 0
    frames = controls = 1
    pixels = False
    for number, (kind, start, size) in enumerate(chunks(data)):
        if number >= limits.max_chunks:
            raise Refused(Refusal.TOO_MANY_CHUNKS, f"more than {limits.max_chunks} PNG chunks")
        if (number == 0) != (kind == b"IHDR"):
            raise Refused(Refusal.BROKEN, "PNG header missing or doubled")
        if kind == b"IHDR":
            width, height = _take_header(data[start : start + size])
        elif kind == b"acTL":
            frames = max(frames, int.from_bytes(data[start : start + 4], "big"))
        elif kind == b"fcTL":
            controls += 1
        elif kind in _TEXTS:
            metadata = _count_text(kind, data[start : start + size], metadata, limits)
        pixels = pixels or kind == b"IDAT"
    if not pixels:
        raise Refused(Refusal.BROKEN, "PNG without pixels")
    frames = min(frames, controls) if controls > 1 else 1
    check_frames(frames, limits)
    return Header(Format.PNG, width, height, frames)


def chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield (kind, start of the body, size) up to IEND; raise Refused(BROKEN) for a broken chain."""
    at, view = 8, memoryview(data)
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        end = at + 8 + size
        if not _LETTERS.issuperset(kind) or end + 4 > len(data):
            raise Refused(Refusal.BROKEN, "PNG chunk cut off")
        critical = kind[0] & 0x20 == 0
        stated = int.from_bytes(data[end : end + 4], "big")
        # libdeflate's takes a tenth of the time of zlib's.
        if critical and deflate_crc32(view[at + 4 : end]) != stated:  # type: ignore[arg-type]
            raise Refused(Refusal.BROKEN, "PNG chunk with a wrong check sum")
        yield kind, at + 8, size
        if kind == b"IEND":
            return
        at = end + 4
    raise Refused(Refusal.BROKEN, "PNG without its end")


def _take_header(body: bytes) -> tuple[int, int]:
    if len(body) != 13:
        raise Refused(Refusal.BROKEN, "PNG header of a wrong length")
    return int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big")


def _count_text(kind: bytes, body: bytes, so_far: int, limits: Limits) -> int:
    """Bytes of metadata up to and with this chunk, inflated; stops inflating at the bound."""
    total = so_far + len(body)
    if kind in _COMPRESSED:
        inflated = _inflated_size(_compressed_part(kind, body), limits.max_text_bytes)
        if inflated > limits.max_text_bytes:
            raise Refused(Refusal.TOO_MUCH_METADATA, f"PNG text of more than {limits.max_text_bytes} bytes")
        total += inflated
    if total > limits.max_metadata_bytes:
        raise Refused(Refusal.TOO_MUCH_METADATA, f"over {limits.max_metadata_bytes} bytes of PNG metadata")
    return total


def _compressed_part(kind: bytes, body: bytes) -> bytes:
    """The zlib stream of a text or profile chunk; empty if it is not compressed."""
    _, _, rest = body.partition(b"\0")
    if kind != b"iTXt":
        return rest[1:]
    if rest[:1] != b"\1":
        return b""
    return rest[2:].partition(b"\0")[2].partition(b"\0")[2]


def _inflated_size(stream: bytes, bound: int) -> int:
    """Size of the inflated stream in bytes, or bound + 1 if it is larger; garbage counts as nothing."""
    try:
        return len(zlib.decompressobj().decompress(stream, bound + 1))
    except zlib.error:
        return 0
