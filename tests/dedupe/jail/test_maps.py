"""Maps of differences are drawn in the jail, and what it answers is looked at."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from dedupe.imaging import Refusal, Refused, RenditionKind, ViewFile
from dedupe.jail.client import map_differences
from dedupe.jail.comparing import decode_map
from tests.pictures import encoded, landscape

UNMOVED = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
PNG = b"\x89PNG\r\n\x1a\n"


def view(seed: int, quality: int = 90) -> ViewFile:
    return ViewFile(RenditionKind.VIEW, encoded(landscape(seed, 480, 320), "JPEG", quality=quality))


def test_a_map_has_the_size_of_the_stored_view() -> None:
    with Image.open(BytesIO(map_differences(view(1), view(1, 50), UNMOVED)), formats=["PNG"]) as drawn:
        assert (drawn.size, drawn.mode) == ((480, 320), "RGBA")


@pytest.mark.parametrize(
    ("query", "matrix"),
    [
        (ViewFile(RenditionKind.VIEW, b"nonsense"), UNMOVED),
        (view(1), (1.0, 0.0, 5.0, 0.0, 1.0, 0.0)),
        (view(1), (0.0,) * 6),
        (view(1), (1.0,)),
    ],
    ids=["no view", "they miss", "a matrix that collapses", "no matrix"],
)
def test_what_cannot_be_drawn_is_refused(query: ViewFile, matrix: tuple[float, ...]) -> None:
    with pytest.raises(Refused) as refused:
        map_differences(view(1), query, matrix)
    assert refused.value.refusal is Refusal.BROKEN


@pytest.mark.parametrize(
    ("said", "blobs"),
    [
        ({"map": 4}, b"GIF8"),
        ({"map": 9}, PNG),
        ({}, PNG),
        ({"map": 1024 * 1024 + 1}, PNG.ljust(1024 * 1024 + 1, b"\0")),
    ],
    ids=["another type", "cut off", "unsaid", "too long"],
)
def test_an_answer_that_is_no_map_is_not_believed(said: dict[str, int], blobs: bytes) -> None:
    with pytest.raises(ValueError, match="not a map"):
        decode_map(said, blobs)
