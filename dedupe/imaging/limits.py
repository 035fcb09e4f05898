"""Bounds on what is decoded, and the checks of a parsed header against them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from .formats import Format
from .refusals import Refusal, Refused

_MEGA = 1_000_000


def _pixels_per_format() -> Mapping[Format, int]:
    # Decoders of JPEG and PNG work by rows into one buffer of 4 bytes a pixel. WebP,
    # GIF and AVIF hold several full frames at once, so they get less of the same memory.
    return MappingProxyType(
        {
            Format.JPEG: 80 * _MEGA,
            Format.PNG: 80 * _MEGA,
            Format.GIF: 40 * _MEGA,
            Format.WEBP: 40 * _MEGA,
            Format.AVIF: 40 * _MEGA,
        }
    )


@dataclass(frozen=True)
class Limits:
    """What a file may ask of us; all bounds are inclusive.

    ``max_bytes`` and ``max_metadata_bytes`` (inflated) in bytes, ``max_side`` in pixels,
    ``max_pixels`` width × height by format, ``max_frame_pixels`` width × height × frames of an
    animation, ``max_scans`` of a JPEG, ``max_chunks`` of a container, ``max_text_bytes`` of one
    compressed text or profile. ``max_moment_pixels`` bounds, in width × height × frames, how far an
    animation is decoded for its later moments. ``damaged_rows`` is the share (0–1) of rows that a
    cut-off JPEG must still have.
    """

    max_bytes: int = 50 * _MEGA
    max_side: int = 20_000
    max_pixels: Mapping[Format, int] = field(default_factory=_pixels_per_format)
    max_frame_pixels: int = 200 * _MEGA
    max_moment_pixels: int = 60 * _MEGA
    max_frames: int = 2_000
    max_scans: int = 100
    max_chunks: int = 50_000
    max_metadata_bytes: int = 16 * _MEGA
    max_text_bytes: int = 1024 * 1024
    damaged_rows: float = 0.9


@dataclass(frozen=True)
class Header:
    """What a container says of itself before anything is decoded.

    ``width`` and ``height`` are pixels as stored (before EXIF orientation), ``frames`` ≥ 1.
    ``complete`` is false for a JPEG that stops before its end mark; ``end`` is the position of that
    mark, or the size of the data, in bytes (0 for other formats, which must be whole).
    ``sequential`` is true for a JPEG whose single scan holds all rows from top to bottom.
    """

    format: Format
    width: int
    height: int
    frames: int = 1
    complete: bool = True
    end: int = 0
    sequential: bool = False


def check_bytes(data: bytes, limits: Limits) -> None:
    """Refuse data that is empty or above ``limits.max_bytes``."""
    if not data:
        raise Refused(Refusal.EMPTY)
    if len(data) > limits.max_bytes:
        raise Refused(Refusal.TOO_MANY_BYTES, f"{len(data)} bytes")


def check_size(header: Header, limits: Limits) -> None:
    """Refuse zero dimensions, long sides and too many pixels, alone or over all frames."""
    width, height = header.width, header.height
    if width < 1 or height < 1:
        raise Refused(Refusal.BROKEN, f"{width} × {height} pixels")
    if max(width, height) > limits.max_side:
        raise Refused(Refusal.SIDE_TOO_LONG, f"{width} × {height} pixels")
    if width * height > limits.max_pixels[header.format]:
        raise Refused(Refusal.TOO_MANY_PIXELS, f"{width} × {height} pixels")
    check_frames(header.frames, limits)
    if header.frames > 1 and width * height * header.frames > limits.max_frame_pixels:
        raise Refused(Refusal.TOO_MANY_PIXELS, f"{width} × {height} pixels × {header.frames} frames")


def check_frames(frames: int, limits: Limits) -> None:
    """Refuse an animation of more than ``limits.max_frames`` frames."""
    if frames > limits.max_frames:
        raise Refused(Refusal.TOO_MANY_FRAMES, f"more than {limits.max_frames} frames")
