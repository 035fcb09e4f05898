"""Local features: the same everywhere, known again in a part, and none where there is nothing."""

import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from PIL import Image, ImageDraw

from dedupe.imaging.features import LIBRARY_POINTS, MOST_POINTS, Features, extract
from tests.pictures import flat, gradient, landscape, logo

DIGEST = """
import hashlib, numpy as np
from dedupe.imaging.features import extract
from tests.pictures import landscape
found = extract(np.asarray(landscape(3, 480, 320)))
print(hashlib.sha256(found.points.tobytes() + found.descriptors.tobytes()).hexdigest())
"""


def of(image: Image.Image) -> Features:
    return extract(np.asarray(image))


def shared(first: Features, second: Features) -> float:
    """The share of the first's points that have an almost equal descriptor in the second."""
    return float(((first.descriptors @ second.descriptors.T).max(axis=1) > 0.95).mean())


def test_two_processes_extract_the_same_from_the_same_pixels() -> None:
    runs = [subprocess.run([sys.executable, "-c", DIGEST], capture_output=True, text=True) for _ in range(2)]
    assert [run.stderr for run in runs] == ["", ""]
    assert runs[0].stdout == runs[1].stdout


def test_points_are_measured_by_the_longest_side() -> None:
    found = of(landscape(1, 480, 320))
    assert found.width == 1
    assert found.height == pytest.approx(2 / 3)
    assert (found.points > [0, 0, 0, -1]).all()
    assert (found.points < [1, 2 / 3, 1, 360]).all()
    assert found.points.dtype == found.descriptors.dtype == np.float32


def test_descriptors_have_length_one() -> None:
    found = of(landscape(1, 480, 320))
    assert np.linalg.norm(found.descriptors, axis=1) == pytest.approx(1, abs=1e-5)


def test_no_more_points_are_kept_than_said() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (480, 480, 3), dtype=np.uint8)
    assert len(extract(noise)) == MOST_POINTS
    assert len(extract(noise).first(LIBRARY_POINTS)) == LIBRARY_POINTS


def test_the_first_points_are_spread_over_the_picture_and_not_taken_by_lettering() -> None:
    picture = landscape(2, 480, 400)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 480, 100), fill="white")
    for line in range(6):
        draw.text(
            (4, 4 + 15 * line), "when nobody asks before the same picture is stored twice " * 2, fill="black"
        )
    below = of(picture).first(LIBRARY_POINTS).points[:, 1] > 100 / 480
    assert below.mean() > 0.6


def test_a_part_shares_its_points_with_the_whole() -> None:
    picture = landscape(4, 480, 360)
    part = picture.crop((60, 40, 400, 320))
    assert shared(of(part), of(picture)) > 0.6
    assert shared(of(part), of(landscape(5, 480, 360))) < 0.1


@pytest.mark.parametrize(
    "image", [flat(), gradient(), flat(size=(480, 8)), flat(size=(1, 1)), flat(size=(3, 480))]
)
def test_a_picture_without_structure_has_no_points(image: Image.Image) -> None:
    found = of(image)
    assert found.points.shape == (0, 4)
    assert found.descriptors.shape == (0, 128)


def test_a_flat_drawing_gives_points_by_a_second_and_closer_look() -> None:
    assert len(of(logo(3, 200))) >= 10


@pytest.mark.parametrize("shape", [(10, 10), (10, 10, 4), (481, 20, 3), (0, 10, 3)])
def test_what_is_no_view_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError):
        extract(np.zeros(shape, np.uint8))
    with pytest.raises(ValueError):
        extract(np.zeros((10, 10, 3), np.float32))


def test_features_come_back_from_their_bytes_exactly() -> None:
    found = of(landscape(3, 480, 320))
    back = Features.from_bytes(found.to_bytes())
    assert (back.points == found.points).all()
    assert (back.descriptors == found.descriptors).all()
    assert (back.width, back.height) == (found.width, found.height)
    assert len(Features.from_bytes(of(flat()).to_bytes())) == 0


def packed(count: int = 1, width: float = 1.0, place: float = 0.5, body: bytes | None = None) -> bytes:
    """What a hostile child might write in place of features."""
    points = np.full((1, 4), place, "<f4").tobytes() + bytes(128) if body is None else body
    return zlib.compress(struct.pack("!Hdd", count, width, 1.0) + points)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no zlib",
        zlib.compress(b""),
        zlib.compress(bytes(10**7)),
        packed(count=2),
        packed(count=401, body=bytes(401 * 144)),
        packed(width=0.0),
        packed(width=2.0),
        packed(width=float("nan")),
        packed(place=float("nan")),
        packed(place=-1.0),
        packed(place=2.0),
    ],
)
def test_bytes_that_no_features_gave_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        Features.from_bytes(data)
