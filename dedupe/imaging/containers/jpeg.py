"""JPEG markers (ITU-T T.81, annex B)."""

import re
from dataclasses import dataclass

from ..formats import Format
from ..limits import Header, Limits
from ..refusals import Refusal, Refused

_SOI, _EOI, _SOS, _TEM = 0xD8, 0xD9, 0xDA, 0x01
_RESTARTS = range(0xD0, 0xD8)
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive: what libjpeg decodes
_OTHER_FRAMES = frozenset({0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_METADATA = frozenset({*range(0xE0, 0xF0), 0xFE})
_PROGRESSIVE = 0xC2

# In entropy-coded data FF is followed by 00 (stuffing), RSTn, or fill FF; any other byte ends it.
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


@dataclass
class _Walk:
    """What the walk along the markers has gathered so far."""

    width: int = 0
    height: int = 0
    components: int = 0
    progressive: bool = False
    scans: int = 0
    scan_components: int = 0
    segments: int = 0
    metadata_bytes: int = 0
    first_scans: int = 0
    end: int = 0  # position of EOI, 0 until it is met


def read_header(data: bytes, limits: Limits) -> Header:
    """Walk all markers of a JPEG up to its first EOI.

    Raises Refused: TOO_MANY_SCANS, TOO_MANY_CHUNKS, TOO_MUCH_METADATA, or BROKEN where no
    frame or no scan is found. A file of several pictures (MPO) counts as its first.
    """
    walk = _Walk()
    at = 2
    while not walk.end and (found := _marker_at(data, at)) is not None:
        marker, at = found
        at = _step(data, marker, at, walk, limits)
    if not walk.components:
        raise Refused(Refusal.BROKEN, "no JPEG frame header")
    if not walk.scans:
        raise Refused(Refusal.BROKEN, "no JPEG scan")
    sequential = not walk.progressive and walk.scan_components == walk.components
    if not walk.end and not sequential and walk.first_scans < walk.components:
        raise Refused(Refusal.BROKEN, "cut off within the first pass over the picture")
    return Header(
        Format.JPEG,
        walk.width,
        walk.height,
        end=walk.end or len(data),
        complete=walk.end > 0,
        sequential=sequential,
    )


def _marker_at(data: bytes, at: int) -> tuple[int, int] | None:
    """Marker code at or after ``at`` and the position behind it; None at the end of the data."""
    match = _NEXT_MARKER.search(data, at)
    return (data[match.start() + 1], match.end()) if match else None


def _step(data: bytes, marker: int, at: int, walk: _Walk, limits: Limits) -> int:
    """Take in one marker; return where to look for the next."""
    if marker == _EOI:
        walk.end = at - 2
        return at
    if marker in (_SOI, _TEM) or marker in _RESTARTS:
        return at
    walk.segments += 1
    if walk.segments > limits.max_chunks:
        raise Refused(Refusal.TOO_MANY_CHUNKS, f"more than {limits.max_chunks} JPEG segments")
    length = int.from_bytes(data[at : at + 2], "big")
    body = data[at + 2 : at + max(length, 2)]
    if marker in _METADATA:
        _count_metadata(len(body), walk, limits)
    elif marker in _FRAMES or marker in _OTHER_FRAMES:
        _take_frame(marker, body, walk)
    elif marker == _SOS:
        return _take_scan(data, body, at + max(length, 2), walk, limits)
    return at + max(length, 2)


def _count_metadata(size: int, walk: _Walk, limits: Limits) -> None:
    walk.metadata_bytes += size
    if walk.metadata_bytes > limits.max_metadata_bytes:
        raise Refused(Refusal.TOO_MUCH_METADATA, f"over {limits.max_metadata_bytes} bytes of JPEG metadata")


def _take_frame(marker: int, body: bytes, walk: _Walk) -> None:
    if marker in _OTHER_FRAMES:
        raise Refused(Refusal.UNSUPPORTED_FORMAT, "lossless or arithmetic JPEG")
    if walk.components or len(body) < 6:
        raise Refused(Refusal.BROKEN, "JPEG frame header doubled or cut off")
    walk.height = int.from_bytes(body[1:3], "big")
    walk.width = int.from_bytes(body[3:5], "big")
    walk.components = body[5]
    walk.progressive = marker == _PROGRESSIVE


def _take_scan(data: bytes, body: bytes, end: int, walk: _Walk, limits: Limits) -> int:
    """Take in a scan whose coded data begin at ``end``; return where they stop."""
    walk.scans += 1
    if walk.scans > limits.max_scans:
        raise Refused(Refusal.TOO_MANY_SCANS, f"more than {limits.max_scans} scans")
    count = body[0] if body else 0
    if walk.scans == 1:
        walk.scan_components = count
    # A scan starts the picture if it carries the coarse values (Ss = 0, Ah = 0) of its components;
    # it is whole if another marker follows its data.
    starts = len(body) >= 2 * count + 4 and body[2 * count + 1] == 0 and body[2 * count + 3] >> 4 == 0
    behind = _NEXT_MARKER.search(data, end)
    if starts and behind:
        walk.first_scans += count
    return behind.start() if behind else len(data)
