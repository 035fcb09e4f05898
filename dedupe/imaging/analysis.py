"""Everything that is known of a picture, from one reading of its bytes."""

import hashlib
from dataclasses import dataclass

from .containers import inspect
from .decoding import decode, decode_small, is_reducible, refusing_errors
from .fingerprints import Fingerprint, measure
from .formats import Format
from .limits import Limits
from .miniature import miniature
from .orientation import upright_size
from .pixels import pixel_checksum
from .renditions import Rendition, render

_LIMITS = Limits()


@dataclass(frozen=True)
class Analysis:
    """The result of ``analyse``.

    ``checksum`` and ``pixel_checksum`` are SHA-256 in hex; ``width`` and ``height`` are pixels of the
    upright picture (of a damaged one: as it was before it lost rows); ``frames`` ≥ 1; ``quality``
    is the JPEG quality 1–100, None for other formats.
    """

    checksum: str
    pixel_checksum: str
    format: Format
    size_bytes: int
    width: int
    height: int
    frames: int
    damaged: bool
    quality: int | None
    fingerprint: Fingerprint
    renditions: tuple[Rendition, ...]


def analyse(data: bytes, limits: Limits = _LIMITS) -> Analysis:
    """Check, decode and measure a picture file. Raises Refused, and nothing else.

    Malformed files may still take much time or memory within their limits, or crash a decoder:
    run it where it can be killed (``dedupe.jail``).
    """
    with refusing_errors():
        header = inspect(data, limits)
        checksum = hashlib.sha256(data).hexdigest()
        decoded = decode(data, header, limits)
        width, height = decoded.size
        # A reduced JPEG is read once more, so that a search, which needs no more, gets the same numbers.
        reducible = is_reducible(header) and not decoded.damaged
        small = decode_small(data, header, limits) if reducible else decoded
        return Analysis(
            checksum=checksum,
            pixel_checksum=pixel_checksum(decoded, checksum),
            format=header.format,
            size_bytes=len(data),
            width=width,
            height=height,
            frames=decoded.frames,
            damaged=decoded.damaged,
            quality=decoded.quality,
            fingerprint=measure(miniature(small), width, height),
            renditions=render(decoded),
        )


def fingerprint(data: bytes, limits: Limits = _LIMITS) -> Fingerprint:
    """The fingerprint alone, the same as in ``analyse`` but from a reduced decode. Raises Refused."""
    with refusing_errors():
        header = inspect(data, limits)
        decoded = decode_small(data, header, limits)
        stored = (header.width, header.height)
        size = upright_size(*stored, decoded.orientation) if header.format is Format.JPEG else decoded.size
        return measure(miniature(decoded), *size)
