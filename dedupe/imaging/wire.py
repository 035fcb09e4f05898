"""Analyses as JSON, for crossing the border of the jail.

What comes out of the jail was written by a process that a hostile picture may own, so nothing is
believed: every field is checked for type, size and range, and nothing is unpickled.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from .analysis import Analysis
from .boxes import WHOLE, Box
from .fingerprints import Fingerprint, Treatment
from .formats import Format
from .renditions import MAX_VIEW_BYTES, Rendition, RenditionKind
from .views import ViewWords
from .words import WordPoints

MAX_RENDITION_BYTES = 8 * 1024 * 1024
"""Of one rendition for display."""
MAX_RENDITIONS_BYTES = sum(MAX_VIEW_BYTES if kind.is_view else MAX_RENDITION_BYTES for kind in RenditionKind)
"""Of all that one picture can have."""
_CHECKSUM = re.compile(r"[0-9a-f]{64}")
_MAX_COUNT = 2**40


def to_json(analysis: Analysis) -> dict[str, Any]:
    """The analysis as JSON values; of the renditions only their description, in order."""
    return {
        "checksum": analysis.checksum,
        "pixel_checksum": analysis.pixel_checksum,
        "format": analysis.format.value,
        "size_bytes": analysis.size_bytes,
        "width": analysis.width,
        "height": analysis.height,
        "frames": analysis.frames,
        "damaged": analysis.damaged,
        "quality": analysis.quality,
        "fingerprints": [_fingerprint_to_json(each) for each in analysis.fingerprints],
        "words": words_to_json(analysis.words),
        "renditions": [
            {"kind": r.kind.value, "width": r.width, "height": r.height, "mime": r.mime, "bytes": len(r.data)}
            for r in analysis.renditions
        ],
    }


def _fingerprint_to_json(fingerprint: Fingerprint) -> dict[str, Any]:
    return {
        "version": fingerprint.version,
        "treatment": fingerprint.treatment.value,
        "intensity": fingerprint.intensity,
        "quadrants": list(fingerprint.quadrants),
        "aspect": fingerprint.aspect,
        "detail": fingerprint.detail,
        "phash": f"{fingerprint.phash:016x}",
        "dct_hash": fingerprint.dct_hash.hex(),
        "luma": b64encode(fingerprint.luma).decode(),
        "box": list(fingerprint.box),
    }


def from_json(value: Any, blobs: Sequence[bytes]) -> Analysis:
    """The analysis back from ``to_json`` and the rendition bytes, in order.

    Raises ValueError for whatever ``to_json`` cannot have written.
    """
    try:
        return Analysis(
            checksum=_checksum(value["checksum"]),
            pixel_checksum=_checksum(value["pixel_checksum"]),
            format=Format(value["format"]),
            size_bytes=checked_count(value["size_bytes"]),
            width=checked_count(value["width"]),
            height=checked_count(value["height"]),
            frames=checked_count(value["frames"]),
            damaged=_instance(value["damaged"], bool),
            quality=None if value["quality"] is None else checked_count(value["quality"], 100),
            fingerprints=_fingerprints(value["fingerprints"]),
            words=words_from_json(value["words"]),
            renditions=_renditions(value["renditions"], blobs),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not an analysis: {type(error).__name__}") from error


def words_to_json(words: ViewWords) -> list[str]:
    """The plain points, then the mirrored."""
    return [b64encode(each.to_bytes()).decode() for each in (words.plain, words.mirrored)]


def words_from_json(value: Any) -> ViewWords:
    """Two lists of points. Raises ValueError or TypeError for anything else."""
    plain, mirrored = (WordPoints.from_bytes(b64decode(each, validate=True)) for each in value)
    return ViewWords(plain, mirrored)


def _fingerprints(values: Any) -> tuple[Fingerprint, ...]:
    if not isinstance(values, list) or not 1 <= len(values) <= len(Treatment):
        raise ValueError("no fingerprints, or too many")
    found = tuple(_fingerprint_from_json(value) for value in values)
    treatments = [each.treatment for each in found]
    if treatments[0] is not Treatment.FULL or len(set(treatments)) != len(treatments):
        raise ValueError("the treatments do not begin with the whole, or one is there twice")
    if len({each.version for each in found}) != 1:
        raise ValueError("fingerprints of different versions")
    return found


def _fingerprint_from_json(value: Mapping[str, Any]) -> Fingerprint:
    quadrants = [checked_real(part, 0, 1) for part in value["quadrants"]]
    if len(quadrants) != 4:
        raise ValueError("not four quadrants")
    treatment = Treatment(value["treatment"])
    return Fingerprint(
        version=checked_count(value["version"], 2**15 - 1),
        treatment=treatment,
        intensity=checked_real(value["intensity"], 0, 1),
        quadrants=(quadrants[0], quadrants[1], quadrants[2], quadrants[3]),
        aspect=checked_real(value["aspect"], -25, 25),
        detail=checked_real(value["detail"], 0, 1),
        phash=int.from_bytes(_sized(bytes.fromhex(value["phash"]), 8), "big"),
        dct_hash=_sized(bytes.fromhex(value["dct_hash"]), 32),
        luma=_sized(b64decode(value["luma"], validate=True), 64 * 64),
        box=_box(value["box"], treatment),
    )


def _box(value: Any, treatment: Treatment) -> Box:
    left, top, right, bottom = (checked_real(edge, 0, 1) for edge in value)
    box = Box(left, top, right, bottom)
    if box.width <= 0 or box.height <= 0 or (treatment is not Treatment.TRIMMED and box != WHOLE):
        raise ValueError("not a part of the picture")
    return box


def _renditions(values: Any, blobs: Sequence[bytes]) -> tuple[Rendition, ...]:
    if not isinstance(values, list) or len(values) != len(blobs) or len(values) > len(RenditionKind):
        raise ValueError("renditions do not fit their bytes")
    found = tuple(_rendition(value, blob) for value, blob in zip(values, blobs, strict=True))
    if len({each.kind for each in found}) != len(found):
        raise ValueError("a kind of rendition is there twice")
    return found


def _rendition(value: Mapping[str, Any], blob: bytes) -> Rendition:
    kind = RenditionKind(value["kind"])
    # The bytes are published, so they must at least begin as what they say they are.
    if value["mime"] != Format.JPEG.mime or not blob.startswith(b"\xff\xd8\xff"):
        raise ValueError("rendition of a wrong type")
    if checked_count(value["bytes"], MAX_VIEW_BYTES if kind.is_view else MAX_RENDITION_BYTES) != len(blob):
        raise ValueError("rendition of a wrong size")
    width, height = checked_count(value["width"], kind.longest), checked_count(value["height"], kind.longest)
    return Rendition(kind, width, height, Format.JPEG.mime, blob)


def _checksum(value: str) -> str:
    if not _CHECKSUM.fullmatch(value):
        raise ValueError("not a checksum")
    return value


def checked_count(value: object, most: int = _MAX_COUNT) -> int:
    if type(value) is not int or not 1 <= value <= most:
        raise ValueError("not a count")
    return value


def checked_real(value: object, least: float, most: float) -> float:
    if type(value) not in (int, float):
        raise ValueError("not a number")
    # Bounds first: an endless integer is no float, and NaN lies between no bounds.
    if not least <= value <= most:  # type: ignore[operator]
        raise ValueError("number out of range")
    return float(value)  # type: ignore[arg-type]


def _sized(value: bytes, size: int) -> bytes:
    if len(value) != size:
        raise ValueError("bytes of a wrong size")
    return value


def _instance(value: object, kind: type[bool]) -> bool:
    if not isinstance(value, kind):
        raise ValueError(f"not a {kind.__name__}")
    return value
