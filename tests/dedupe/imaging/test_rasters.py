"""The quick decoders give the pixels that Pillow gives, and leave to it what is not for them."""

import zlib
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from dedupe.imaging import Limits, Refused, analyse, fingerprint
from dedupe.imaging.containers import inspect
from dedupe.imaging.rasters import still_raster
from tests import pictures as p

PHOTO = p.landscape(1, 301, 203)


def raster_of(data: bytes) -> Image.Image | None:
    return still_raster(data, inspect(data, Limits()))


STILLS = {
    "dense colours": p.encoded(PHOTO),
    "flat colours": p.encoded(p.flat("#123456", (900, 700))),
    "grey": p.encoded(PHOTO.convert("L")),
    "alpha": p.encoded(p.cutout()),
    "lossy WebP": p.encoded(PHOTO, "WEBP", quality=70),
    "lossless WebP": p.encoded(PHOTO, "WEBP", lossless=True),
    "WebP with alpha": p.encoded(p.cutout(), "WEBP"),
    "one pixel": p.encoded(p.flat(size=(1, 1))),
    "with a profile": p.encoded(PHOTO, icc_profile=p.swapped_profile()),
}


@pytest.mark.parametrize("name", STILLS)
def test_every_pixel_is_the_same(name: str) -> None:
    raster = raster_of(STILLS[name])
    assert raster is not None
    theirs = Image.open(BytesIO(STILLS[name]))
    assert raster.getbands()[: len(theirs.getbands())] == theirs.getbands()
    assert np.array_equal(np.asarray(raster.convert(theirs.mode)), np.asarray(theirs))


@pytest.mark.parametrize(("name", "mode"), [("lossy WebP", "RGBX"), ("WebP with alpha", "RGBA")])
def test_a_webp_is_not_copied(name: str, mode: str) -> None:
    raster = raster_of(STILLS[name])
    assert raster is not None
    assert (raster.mode, raster.readonly) == (mode, 1)


@pytest.mark.parametrize(
    "data",
    [
        p.encoded(PHOTO.quantize(16)),
        p.encoded(PHOTO.convert("1")),
        p.encoded(Image.fromarray(np.full((9, 9), 40_000, np.uint16))),
        p.encoded(PHOTO, transparency=(1, 2, 3)),
        p.encoded(PHOTO.convert("LA")),
        p.animation("PNG", [p.landscape(s, 40, 30) for s in (1, 2)]),
        p.animation("WEBP", [p.landscape(s, 40, 30) for s in (1, 2)]),
        p.encoded(PHOTO, "JPEG"),
        p.encoded(PHOTO, "GIF"),
    ],
)
def test_the_unusual_is_left_to_pillow(data: bytes) -> None:
    assert raster_of(data) is None
    assert analyse(data).renditions


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_metadata_counts_as_ever(kind: str, orientation: int) -> None:
    options: dict[str, Any] = {"lossless": True} if kind == "WEBP" else {}
    turned = p.oriented(PHOTO, orientation, kind, icc_profile=p.swapped_profile(), **options)
    straight = p.encoded(PHOTO, icc_profile=p.swapped_profile())
    assert analyse(turned).fingerprint == analyse(straight).fingerprint
    assert analyse(turned).pixel_checksum == analyse(straight).pixel_checksum


def test_an_orientation_behind_the_pixels_counts() -> None:
    data = p.oriented(PHOTO, 6)
    start = data.index(b"eXIf") - 4
    size = 12 + int.from_bytes(data[start : start + 4], "big")
    moved = data[:start] + data[start + size : -12] + data[start : start + size] + data[-12:]
    assert (analyse(moved).width, analyse(moved).height) == PHOTO.size


@pytest.mark.parametrize("cut", [0.3, 0.9])
def test_a_webp_that_is_cut_off_is_refused(cut: float) -> None:
    data = STILLS["lossless WebP"]
    for read in (analyse, fingerprint):
        with pytest.raises(Refused):
            read(data[: int(len(data) * cut)])


def test_rows_that_do_not_fill_the_stated_size_are_refused() -> None:
    with pytest.raises(Refused):
        analyse(p.png(300, 200, colour=2))


def test_a_bomb_is_inflated_no_further_than_the_stated_size() -> None:
    header = p.png(2, 2, colour=2)[:33]
    bomb = p.chunk(b"IDAT", zlib.compress(bytes(200_000_000), 1)) + p.chunk(b"IEND")
    assert raster_of(header + bomb) is None or analyse(header + bomb).width == 2
