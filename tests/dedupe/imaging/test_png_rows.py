"""A PNG that is unfiltered strip by strip has the pixels that Pillow finds in it."""

import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from dedupe.imaging import Limits, analyse, fingerprint
from dedupe.imaging.containers import inspect
from dedupe.imaging.png_rows import PlainPng, plain_png, without_rows
from dedupe.imaging.rasters import reduced_png, still_raster
from tests import pictures as p

TALL = (301, 1207)  # several strips in any colour type, the last of them of a few rows
COLOURS = {"grey": 0, "true colour": 2, "true colour with alpha": 6}
BANDS = {0: 1, 2: 3, 6: 4}


def filtered_at_random(colour: int, size: tuple[int, int] = TALL) -> bytes:
    """A PNG of noise whose rows use all five filters in any order."""
    random = np.random.default_rng(colour)
    width, height = size
    rows = random.integers(0, 256, (height, 1 + width * BANDS[colour]), np.uint8)
    rows[:, 0] = random.integers(0, 5, height)
    body = zlib.compress(rows.tobytes(), 1)
    parts = [p.chunk(b"IDAT", body[at : at + 9_999]) for at in range(0, len(body), 9_999)]
    return p.png(*size, colour=colour)[:33] + b"".join(parts) + p.chunk(b"IEND")


def of(data: bytes) -> PlainPng:
    png = plain_png(data)
    assert png is not None
    return png


def by_pillow(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


FILES = {name: filtered_at_random(colour) for name, colour in COLOURS.items()} | {
    "hardly anything": p.encoded(p.flat("#123456", (900, 700))),
    "alpha in a corner": p.encoded(Image.new("RGBA", TALL, "#1234")),
}


@pytest.mark.parametrize("name", FILES)
def test_all_filters_are_undone(name: str) -> None:
    assert np.array_equal(of(FILES[name]).pixels(), np.asarray(by_pillow(FILES[name])))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("multiple", [1, 7, 5_000])
def test_strips_are_whole_multiples_but_for_the_last(name: str, multiple: int) -> None:
    strips = list(of(FILES[name]).strips(multiple))
    assert np.array_equal(np.concatenate(strips), np.asarray(by_pillow(FILES[name])))
    assert all(len(strip) % multiple == 0 for strip in strips[:-1])


def test_a_large_picture_comes_in_several_strips() -> None:
    assert len(list(of(FILES["true colour"]).strips(1))) > 2


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("factor", [2, 3, 4, 11])
def test_reduced_strips_are_the_reduced_picture(name: str, factor: int) -> None:
    data = FILES[name]
    reduced = reduced_png(data, inspect(data, Limits()), factor)
    theirs = by_pillow(data).reduce(factor)
    assert reduced is not None
    assert np.array_equal(np.asarray(reduced.convert(theirs.mode)), np.asarray(theirs))


def test_a_strip_that_shows_something_through_is_no_reason_to_lose_the_others() -> None:
    image = p.landscape(1, *TALL).convert("RGBA")
    image.putpixel((5, 1_200), (1, 2, 3, 0))
    data = p.encoded(image)
    reduced = reduced_png(data, inspect(data, Limits()), 4)
    assert reduced is not None
    assert reduced.mode == "RGBA"
    assert np.array_equal(np.asarray(reduced), np.asarray(image.reduce(4)))


def test_opaque_alpha_does_not_count() -> None:
    data = p.encoded(p.landscape(1, *TALL).convert("RGBA"))
    raster = still_raster(data, inspect(data, Limits()))
    assert raster is not None
    assert raster.mode == "RGBX"


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
@pytest.mark.parametrize("size", [(256, 256), (511, 700), (512, 512), (1_301, 907), (300, 2_050)])
def test_the_fingerprint_is_that_of_the_analysis(mode: str, size: tuple[int, int]) -> None:
    image = p.landscape(3, *size).convert(mode)
    if mode == "RGBA":
        image.putalpha(p.gradient(size).convert("L"))
    for options in ({}, {"icc_profile": p.swapped_profile()} if mode != "L" else {}):
        data = p.encoded(image, **options)
        assert fingerprint(data) == analyse(data).fingerprint


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_picture_has_the_fingerprint_of_its_upright_copy(orientation: int) -> None:
    image = p.landscape(4, 907, 613)
    assert fingerprint(p.oriented(image, orientation)) == fingerprint(p.encoded(image))


def test_missing_rows_are_an_error() -> None:
    rows = zlib.compress(bytes(100 * 601))
    data = p.png(200, 300, colour=2)[:33] + p.chunk(b"IDAT", rows) + p.chunk(b"IEND")
    with pytest.raises((ValueError, RuntimeError)):
        of(data).pixels()
    with pytest.raises((ValueError, RuntimeError)):
        list(of(data).strips(4))
    assert reduced_png(data, inspect(data, Limits()), 2) is None


def test_metadata_stays_when_the_rows_go() -> None:
    data = p.oriented(p.landscape(), 6, icc_profile=p.swapped_profile())
    bare = Image.open(BytesIO(without_rows(data)))
    assert len(without_rows(data)) < 2_000
    assert bare.getexif()[0x0112] == 6
    assert bare.info["icc_profile"] == p.swapped_profile()
