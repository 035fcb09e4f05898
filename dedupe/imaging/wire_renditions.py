"""Renditions across the border of the jail: what is announced, and the bytes behind it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from .formats import Format
from .renditions import Rendition, RenditionKind
from .wire_checks import checked_count

MAX_RENDITIONS_BYTES = sum(kind.max_bytes for kind in RenditionKind if kind.is_of_analysis)
"""Of all that one analysis can give; what is made later is less."""


def renditions_to_json(renditions: Sequence[Rendition]) -> list[dict[str, Any]]:
    """Their descriptions, in order."""
    return [
        {"kind": r.kind.value, "width": r.width, "height": r.height, "mime": r.mime, "bytes": len(r.data)}
        for r in renditions
    ]


def renditions_from_json(
    values: Any, blobs: Sequence[bytes], kinds: Collection[RenditionKind]
) -> tuple[Rendition, ...]:
    """The renditions back, of these kinds and no others. Raises ValueError for what nobody can have written."""
    if not isinstance(values, list) or len(values) != len(blobs) or len(values) > len(kinds):
        raise ValueError("renditions do not fit their bytes")
    found = tuple(_rendition(value, blob) for value, blob in zip(values, blobs, strict=True))
    made = {each.kind for each in found}
    if len(made) != len(found) or not made <= set(kinds):
        raise ValueError("a kind of rendition is there twice, or does not belong here")
    return found


def _rendition(value: Mapping[str, Any], blob: bytes) -> Rendition:
    kind = RenditionKind(value["kind"])
    # The bytes are published, so they must at least begin as what they say they are.
    if value["mime"] != kind.encoding.mime or not _begins_as(kind.encoding, blob):
        raise ValueError("rendition of a wrong type")
    if checked_count(value["bytes"], kind.max_bytes) != len(blob):
        raise ValueError("rendition of a wrong size")
    width, height = checked_count(value["width"], kind.longest), checked_count(value["height"], kind.longest)
    return Rendition(kind, width, height, kind.encoding.mime, blob)


def _begins_as(kind: Format, blob: bytes) -> bool:
    if kind is Format.AVIF:
        return blob[4:12] == b"ftypavif"
    return blob.startswith(b"\xff\xd8\xff")


def split(sizes: Sequence[Any], blobs: bytes) -> list[bytes]:
    """Cut joined bytes into parts of these sizes. Raises ValueError unless they are used up exactly."""
    lengths = [int(size) for size in sizes]
    if sum(lengths) != len(blobs) or any(length < 0 for length in lengths):
        raise ValueError("renditions cut off")
    parts, at = [], 0
    for length in lengths:
        parts.append(blobs[at : at + length])
        at += length
    return parts
