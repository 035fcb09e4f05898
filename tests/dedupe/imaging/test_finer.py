"""Renditions that are made after the analysis: the same picture, in the same pixels, with nothing else in the file."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from dedupe.imaging import Refusal, Refused, RenditionKind, analyse, finer
from dedupe.imaging.finer import avif_renditions, full_rendition
from dedupe.imaging.renditions import Rendition
from tests import pictures as p

SECRETS = Image.Exif()
SECRETS[0x010E] = "where I live"


def opened(rendition: Rendition) -> Image.Image:
    image = Image.open(BytesIO(rendition.data))
    assert image.size == (rendition.width, rendition.height)
    return image


@pytest.mark.parametrize("size", [(2503, 1771), (1201, 3997), (4000, 401), (1200, 900), (300, 200), (37, 1)])
def test_avif_has_the_pixels_of_the_jpeg(size: tuple[int, int]) -> None:
    data = p.encoded(p.landscape(1, *size), "JPEG")
    jpeg = {each.kind: each for each in analyse(data).renditions}
    large, small = avif_renditions(data).renditions
    assert (large.kind, small.kind) == (RenditionKind.LARGE_AVIF, RenditionKind.SMALL_AVIF)
    for avif, kind in ((large, RenditionKind.LARGE), (small, RenditionKind.SMALL)):
        assert (avif.width, avif.height) == (jpeg[kind].width, jpeg[kind].height)
        shown = [np.asarray(opened(each).convert("RGB"), float) for each in (avif, jpeg[kind])]
        assert np.abs(shown[0] - shown[1]).mean() < 4


def test_nothing_of_the_file_but_its_colours_gets_into_a_rendition() -> None:
    data = p.encoded(p.landscape(1, 1500, 900), "JPEG", exif=SECRETS, comment=b"by me")
    assert b"where I live" in data
    for rendition in (*avif_renditions(data).renditions, *full_rendition(data).renditions):
        assert not {"exif", "icc_profile", "xmp", "comment"} & set(opened(rendition).info)
        assert b"where I live" not in rendition.data
        assert b"by me" not in rendition.data


def test_a_turned_picture_stands_upright() -> None:
    turned = Image.Exif()
    turned[p.EXIF_ORIENTATION] = 6
    data = p.encoded(p.landscape(1, 1600, 1000), "JPEG", exif=turned)
    [full] = full_rendition(data).renditions
    assert (full.width, full.height) == (1000, 1600)
    large, _ = avif_renditions(data).renditions
    assert (large.width, large.height) == (750, 1200)


def test_what_shows_through_is_white() -> None:
    data = p.encoded(Image.new("RGBA", (1500, 1500), (0, 0, 0, 0)), "PNG")
    for rendition in (*avif_renditions(data).renditions, *full_rendition(data).renditions):
        assert opened(rendition).convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_a_full_size_copy_has_every_pixel_up_to_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    data = p.encoded(p.landscape(1, 2000, 1501), "PNG")
    [full] = full_rendition(data).renditions
    assert (full.kind, full.mime, full.width, full.height) == (RenditionKind.FULL, "image/jpeg", 2000, 1501)
    monkeypatch.setattr(finer, "FULL_SIDE", 1500)
    [bounded] = full_rendition(data).renditions
    assert max(bounded.width, bounded.height) == 1500


def test_a_full_size_copy_that_is_too_large_a_file_is_compressed_more_or_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = p.encoded(p.landscape(1, 1500, 1000), "PNG")
    [usual] = full_rendition(data).renditions
    monkeypatch.setattr(finer, "MAX_FULL_BYTES", len(usual.data) - 1)
    [smaller] = full_rendition(data).renditions
    assert len(smaller.data) < len(usual.data)
    monkeypatch.setattr(finer, "MAX_FULL_BYTES", 100)
    with pytest.raises(Refused) as caught:
        full_rendition(data)
    assert caught.value.refusal is Refusal.TOO_MANY_BYTES


@pytest.mark.parametrize("make", [avif_renditions, full_rendition])
def test_what_is_no_picture_is_refused(make: object) -> None:
    with pytest.raises(Refused):
        make(b"prose")  # type: ignore[operator]
