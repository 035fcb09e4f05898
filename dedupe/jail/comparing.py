"""The jobs on views: what a child is given, what it does, and what it answers.

The file holds JSON and blobs like an answer (``protocol``): the names of the query's views and of the views of each
stored picture, then their bytes in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from dedupe.imaging import Comparison, FiledView, RenditionKind, View, ViewFile, heat_map, verify, words_of
from dedupe.imaging.decoding import refusing_errors
from dedupe.imaging.heatmap import MAX_MAP_BYTES
from dedupe.imaging.wire import words_to_json
from dedupe.imaging.wire_comparisons import comparison_from_json, comparison_to_json

from .protocol import decode_answer, encode_answer

Views = Sequence[ViewFile]

_PNG = b"\x89PNG\r\n\x1a\n"


def encode_comparing(query: Views, stored: Sequence[Views]) -> bytes:
    """The file for one comparing job."""
    return encode_answer(
        {"pictures": _described(query, *stored)}, [file.data for file in chain(query, *stored)]
    )


def encode_mapping(stored: ViewFile, query: ViewFile, matrix: Sequence[float]) -> bytes:
    """The file for one mapping job; ``matrix`` is as in ``Comparison``."""
    return encode_answer(
        {"pictures": _described([stored], [query]), "matrix": list(matrix)}, [stored.data, query.data]
    )


def _described(*pictures: Views) -> list[list[dict[str, Any]]]:
    return [[{"kind": file.kind.value, "bytes": len(file.data)} for file in views] for views in pictures]


def comparisons_of(data: bytes) -> bytes:
    """In the child: compare the query with each stored picture and answer in their order.

    Raises Refused when a view cannot be read.
    """
    with refusing_errors():
        value, blobs = decode_answer(data)
        query, *stored = _opened(value["pictures"], blobs)
        compared = [verify(views, query) for views in stored]
    return encode_answer(
        {"comparisons": [None if each is None else comparison_to_json(each) for each in compared]}, []
    )


def words_in(data: bytes) -> bytes:
    """In the child: the words of a view. Raises Refused when it cannot be read."""
    with refusing_errors():
        words = words_of(FiledView(ViewFile(RenditionKind.VIEW, data)).features)
    return encode_answer({"words": words_to_json(words)}, [])


def map_of(data: bytes) -> bytes:
    """In the child: the heat map of two views. Raises Refused when one cannot be read, or they do not overlap."""
    with refusing_errors():
        value, blobs = decode_answer(data)
        [stored], [query] = _opened(value["pictures"], blobs)
        drawn = heat_map(stored.rgb, query.rgb, value["matrix"])
    return encode_answer({"map": len(drawn)}, [drawn])


def decode_map(value: dict[str, Any], blobs: bytes) -> bytes:
    """The PNG file in an answer. Raises ValueError for what no child of ours says."""
    if not blobs.startswith(_PNG) or len(blobs) > MAX_MAP_BYTES or value.get("map") != len(blobs):
        raise ValueError("not a map")
    return blobs


def decode_comparisons(value: dict[str, Any], expected: int) -> list[Comparison | None]:
    """The comparisons in an answer, ``expected`` in number. Raises ValueError for what no child of ours says."""
    found = value.get("comparisons")
    if not isinstance(found, list) or len(found) != expected:
        raise ValueError("not as many comparisons as pictures")
    return [None if each is None else comparison_from_json(each) for each in found]


def _opened(described: Any, blobs: bytes) -> Iterator[Sequence[View]]:
    at = 0
    for views in described:
        opened = []
        for each in views:
            data = blobs[at : at + each["bytes"]]
            at += each["bytes"]
            if len(data) != each["bytes"]:
                raise ValueError("views cut off")
            opened.append(FiledView(ViewFile(RenditionKind(each["kind"]), data)))
        yield opened
