"""Analyses across the border of the jail: back as they were, and nothing is believed."""

import math
from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest
from PIL import ImageOps

from dedupe.imaging import analyse, from_json, to_json
from dedupe.imaging.features import MOST_POINTS
from dedupe.imaging.renditions import MAX_VIEW_BYTES
from dedupe.imaging.wire import checked_count, checked_real, words_from_json, words_to_json
from tests import pictures as p

ANALYSIS = analyse(p.encoded(ImageOps.expand(p.landscape(), 30, "white"), "JPEG"))
BLOBS = [r.data for r in ANALYSIS.renditions]


def test_an_analysis_comes_back_as_it_was() -> None:
    assert from_json(to_json(ANALYSIS), BLOBS) == ANALYSIS


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("checksum", "z" * 64), ("checksum", None), ("pixel_checksum", "00"), ("format", "bmp"),
        ("size_bytes", -1), ("width", 0), ("width", True), ("height", "5"), ("frames", 2**50),
        ("damaged", "no"), ("quality", 101), ("fingerprints", None), ("fingerprints", []),
        ("fingerprints.0.intensity", 1.5), ("fingerprints.0.intensity", float("nan")),
        ("fingerprints.0.detail", "x"), ("fingerprints.0.quadrants", [0.1]),
        ("fingerprints.0.aspect", float("inf")), ("fingerprints.0.aspect", 26),
        ("fingerprints.0.phash", "00"), ("fingerprints.0.dct_hash", "zz"),
        ("fingerprints.0.luma", "AAAA"),
        ("fingerprints.0.treatment", "odd"), ("fingerprints.0.treatment", "trimmed"),
        ("fingerprints.1.treatment", "full"), ("fingerprints.1.version", 9),
        ("fingerprints.1.box", [0, 0, 1]), ("fingerprints.1.box", [0.5, 0, 0.5, 1]),
        ("fingerprints.1.box", [0, 0.2, 1.5, 1]), ("fingerprints.1.box", "0011"),
        ("fingerprints.0.box", [0, 0, 1, 0.5]), ("fingerprints.0.box", None),
        ("words", None), ("words", []), ("words", ["AAAA"]), ("words", [1, 2]), ("words", {"a": "", "b": ""}),
        ("renditions", {}), ("renditions.0.mime", "text/html"), ("renditions.0.bytes", 5),
        ("renditions.0.width", 5000), ("renditions.2.width", 481), ("renditions.0.kind", "huge"),
        ("renditions.0.kind", "view"), ("renditions.1.kind", "large"), ("renditions.0.kind", "full"),
        ("renditions.0.kind", "large_avif"), ("profile", None), ("profile", "a\u202eb"), ("profile", "x" * 65),
    ],
)  # fmt: skip
def test_nothing_is_believed(path: str, value: object) -> None:
    message = to_json(ANALYSIS)
    *parents, last = path.split(".")
    target: Any = message
    for parent in parents:
        target = target[int(parent)] if parent.isdigit() else target[parent]
    target[last] = value
    with pytest.raises(ValueError):
        from_json(message, BLOBS)


@pytest.mark.parametrize("field", to_json(ANALYSIS))
def test_every_field_must_be_there(field: str) -> None:
    message = to_json(ANALYSIS)
    del message[field]
    with pytest.raises(ValueError):
        from_json(message, BLOBS)


def test_other_shapes_are_refused() -> None:
    shapes: list[Any] = [None, [], "x", {}]
    for value in shapes:
        with pytest.raises(ValueError):
            from_json(value, [])
    with pytest.raises(ValueError):
        from_json(to_json(ANALYSIS), BLOBS[:1])
    with pytest.raises(ValueError):
        from_json(to_json(ANALYSIS), [b"<html>"] * len(BLOBS))


def test_a_view_is_no_place_for_a_film() -> None:
    message = to_json(ANALYSIS)
    blobs = [*BLOBS[:2], b"\xff\xd8\xff".ljust(MAX_VIEW_BYTES + 1, b"x")]
    message["renditions"][2]["bytes"] = len(blobs[2])
    with pytest.raises(ValueError, match="count"):
        from_json(message, blobs)


def test_words_come_back_as_they_were() -> None:
    assert words_from_json(words_to_json(ANALYSIS.words)) == ANALYSIS.words
    assert ANALYSIS.words != replace(ANALYSIS.words, plain=ANALYSIS.words.plain.first(3))
    assert ANALYSIS.words.plain != "words"


@pytest.mark.parametrize(
    "value",
    [
        None, 5, [], [""], ["", "", ""], ["é", ""], ["AAA", ""], ["AAAA", ""], [None, None],
        [b64encode(bytes(7 * (MOST_POINTS + 1))).decode(), ""],
    ],
    ids=str,
)  # fmt: skip
def test_words_that_nobody_wrote_are_refused(value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        words_from_json(value)


@pytest.mark.parametrize("value", [True, "1", None, [1], math.nan, math.inf, -math.inf, 1.01, -0.01, 10**400])
def test_a_number_is_a_number_within_its_bounds(value: object) -> None:
    with pytest.raises(ValueError):
        checked_real(value, 0, 1)


@pytest.mark.parametrize("value", [True, 1.0, "1", None, 0, -1, 11, math.nan])
def test_a_count_is_a_whole_number_from_one(value: object) -> None:
    with pytest.raises(ValueError):
        checked_count(value, 10)
