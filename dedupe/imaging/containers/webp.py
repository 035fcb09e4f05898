"""WebP RIFF chunks (RFC 9649)."""

from collections.abc import Iterator

from ..formats import Format
from ..limits import Header, Limits, check_frames
from ..refusals import Refusal, Refused

_METADATA = frozenset({b"ICCP", b"EXIF", b"XMP "})
_OF_LOSSY_STILL = frozenset({b"VP8X", b"VP8 ", b"EXIF", b"XMP "})
_ALPHA_OF_VP8X, _ALPHA_OF_VP8L = 0x10, 0x10


def read_header(data: bytes, limits: Limits) -> Header:
    """Read canvas and frame count of a WebP.

    Raises Refused: BROKEN, TOO_MANY_CHUNKS, TOO_MUCH_METADATA, TOO_MANY_FRAMES.
    """
    size: tuple[int, int] | None = None
    frames = metadata = 0
    for number, (kind, start, length) in enumerate(_chunks(data)):
        if number >= limits.max_chunks:
            raise Refused(Refusal.TOO_MANY_CHUNKS, f"more than {limits.max_chunks} WebP chunks")
        if kind in (b"VP8X", b"VP8 ", b"VP8L"):
            stated = _size_of(kind, data[start : start + 10])
            size = stated if size is None else (max(size[0], stated[0]), max(size[1], stated[1]))
        elif kind == b"ANMF":
            frames += 1
            check_frames(frames, limits)
        elif kind in _METADATA:
            metadata += length
            if metadata > limits.max_metadata_bytes:
                raise Refused(Refusal.TOO_MUCH_METADATA, f"{metadata} bytes of WebP metadata")
    if size is None:
        raise Refused(Refusal.BROKEN, "WebP without a picture")
    return Header(Format.WEBP, size[0], size[1], max(frames, 1))


def states_alpha(data: bytes) -> bool:
    """Whether a WebP says that some of it shows through: in VP8X § 2.7, or in VP8L § 3.4."""
    return any(
        (kind == b"VP8X" and data[start] & _ALPHA_OF_VP8X)
        or (kind == b"VP8L" and data[start + 4] & _ALPHA_OF_VP8L)
        for kind, start, length in _chunks(data)
        if length > 4
    )


def is_lossy_still(data: bytes) -> bool:
    """Whether a WebP is one lossy picture (RFC 9649 § 2.5) without alpha and without a colour profile."""
    kinds = [kind for kind, _, _ in _chunks(data)]
    return kinds.count(b"VP8 ") == 1 and _OF_LOSSY_STILL.issuperset(kinds) and not states_alpha(data)


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield (kind, start of the body, length) of the top-level chunks."""
    at = 12
    end = min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    while at + 8 <= end:
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at : at + 4], at + 8, length
        at += 8 + length + (length & 1)


def _size_of(kind: bytes, body: bytes) -> tuple[int, int]:
    """Width and height by chunk: VP8X § 2.7, VP8 (RFC 6386 § 9.1), VP8L (RFC 9649 § 3.4)."""
    if len(body) < (5 if kind == b"VP8L" else 10):
        raise Refused(Refusal.BROKEN, "WebP header cut off")
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return (
        int.from_bytes(body[6:8], "little") & 0x3FFF,
        int.from_bytes(body[8:10], "little") & 0x3FFF,
    )
