"""A lossy WebP is decoded once, to planes: its luma is fingerprinted, its colours are those that everybody sees."""

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from dedupe.imaging import Limits, analyse, fingerprint, webp_planes
from dedupe.imaging.containers import inspect
from dedupe.imaging.hashing import hamming
from dedupe.imaging.webp_planes import FULL_RANGE, Planes, planes_of
from tests import pictures as p

LARGE = p.landscape(3, 1203, 805)
LOSSY = p.encoded(LARGE, "WEBP", quality=80)
NOISE = np.random.default_rng(7).integers(0, 256, (199, 151, 3), np.uint8)


def planes(data: bytes) -> Planes | None:
    return planes_of(data, inspect(data, Limits()))


def lossy(size: tuple[int, int], quality: int = 60) -> bytes:
    """Coloured noise: neighbours have other chroma, so that every row and column of it shows."""
    return p.encoded(Image.fromarray(NOISE[: size[1], : size[0]]), "WEBP", quality=quality)


@pytest.mark.parametrize(
    "size",
    [
        (1, 1),
        (2, 1),
        (1, 2),
        (3, 3),
        (40, 63),
        (41, 64),
        (40, 65),
        (39, 66),
        (151, 127),
        (64, 128),
        (17, 129),
        (150, 199),
    ],
)
def test_every_colour_is_the_one_that_pillow_finds(size: tuple[int, int]) -> None:
    data = lossy(size)
    found = planes(data)
    assert found is not None
    pixels = found.pixels()
    assert np.array_equal(pixels[..., :3], np.asarray(Image.open(BytesIO(data))))
    assert (pixels[..., 3] == 255).all()


def test_the_luma_is_that_of_the_colours() -> None:
    found = planes(LOSSY)
    assert found is not None
    luma = np.asarray(FULL_RANGE)[found.luma]
    of_colours = np.asarray(Image.open(BytesIO(LOSSY)).convert("L")).astype(int)
    assert abs((luma - of_colours).mean()) < 0.1
    assert np.percentile(abs(luma - of_colours), 99) <= 2


def test_black_and_white_are_the_ends_of_the_range() -> None:
    assert (FULL_RANGE[0], FULL_RANGE[16], FULL_RANGE[235], FULL_RANGE[255]) == (0, 0, 255, 255)


ANIMATED = p.animation("WEBP", [p.landscape(seed, 600, 600) for seed in (1, 2)])


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(p.encoded(LARGE, "WEBP", lossless=True), id="lossless"),
        pytest.param(p.encoded(p.cutout(), "WEBP", quality=80), id="alpha"),
        pytest.param(p.encoded(LARGE, "WEBP", icc_profile=p.swapped_profile()), id="profile"),
        pytest.param(ANIMATED, id="animation"),
        pytest.param(p.encoded(LARGE, "JPEG"), id="JPEG"),
        pytest.param(p.encoded(LARGE), id="PNG"),
        pytest.param(LOSSY[: len(LOSSY) // 2], id="cut off"),
        pytest.param(LOSSY[:2000] + bytes(len(LOSSY) - 2000), id="zeros"),
    ],
)
def test_whatever_else_it_is_has_none(data: bytes) -> None:
    assert planes(data) is None


def test_a_size_that_the_bitstream_does_not_have_is_left_to_others() -> None:
    header = inspect(LOSSY, Limits())
    assert planes_of(LOSSY, replace(header, height=header.height + 2)) is None


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("quality", [30, 90])
def test_fingerprint_and_analysis_agree(orientation: int, quality: int) -> None:
    data = p.oriented(LARGE, orientation, "WEBP", quality=quality)
    found = analyse(data)
    assert fingerprint(data) == found.fingerprint
    assert (found.width, found.height) == LARGE.size
    assert hamming(found.fingerprint.dct_hash, analyse(LOSSY).fingerprint.dct_hash) <= 8


def test_pixels_are_known_again_in_a_png() -> None:
    kept = p.encoded(Image.open(BytesIO(LOSSY)).convert("RGB"))
    assert analyse(LOSSY).pixel_checksum == analyse(kept).pixel_checksum


def test_without_libwebp_at_hand_the_fingerprint_is_nearly_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    with_luma = analyse(LOSSY)
    monkeypatch.setattr(webp_planes, "_LIBWEBP", None)
    without = analyse(LOSSY)
    assert planes(LOSSY) is None
    assert fingerprint(LOSSY) == without.fingerprint
    assert without.pixel_checksum == with_luma.pixel_checksum
    assert hamming(without.fingerprint.dct_hash, with_luma.fingerprint.dct_hash) <= 4


def test_a_libwebp_of_another_kind_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webp_planes, "_ABI", 0x0300)
    assert webp_planes._libwebp() is None
