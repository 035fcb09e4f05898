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
from .renditions import RenditionKind
from .views import ViewWords
from .wire_checks import checked_count, checked_profile, checked_real
from .wire_renditions import renditions_from_json, renditions_to_json
from .words import WordPoints

__all__ = ["checked_count", "checked_real", "from_json", "to_json", "words_from_json", "words_to_json"]

_OF_ANALYSIS = tuple(kind for kind in RenditionKind if kind.is_of_analysis)
_CHECKSUM = re.compile(r"[0-9a-f]{64}")


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
        "profile": analysis.profile,
        "fingerprints": [_fingerprint_to_json(each) for each in analysis.fingerprints],
        "words": words_to_json(analysis.words),
        "renditions": renditions_to_json(analysis.renditions),
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
            profile=checked_profile(value["profile"]),
            fingerprints=_fingerprints(value["fingerprints"]),
            words=words_from_json(value["words"]),
            renditions=renditions_from_json(value["renditions"], blobs, _OF_ANALYSIS),
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


def _checksum(value: str) -> str:
    if not _CHECKSUM.fullmatch(value):
        raise ValueError("not a checksum")
    return value


def _sized(value: bytes, size: int) -> bytes:
    if len(value) != size:
        raise ValueError("bytes of a wrong size")
    return value


def _instance(value: object, kind: type[bool]) -> bool:
    if not isinstance(value, kind):
        raise ValueError(f"not a {kind.__name__}")
    return value
