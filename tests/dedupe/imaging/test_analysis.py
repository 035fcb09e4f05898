"""One picture, whatever its container, mode, orientation or profile, has one set of numbers."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from dedupe.imaging import (
    ALGORITHM_VERSION,
    LOW_DETAIL,
    Analysis,
    Fingerprint,
    Format,
    Refused,
    RenditionKind,
    analyse,
    compare,
    fingerprint,
)
from dedupe.imaging.colour import plain
from dedupe.imaging.hashing import hamming
from dedupe.imaging.orientation import orientation_of
from dedupe.imaging.quality import jpeg_quality
from tests import pictures as p

PICTURE = p.landscape()
PNG = p.encoded(PICTURE)
PLAIN = analyse(PNG)


def distance(a: Analysis, b: Analysis) -> int:
    return compare(a.fingerprint, b.fingerprint).dct


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


class TestGoldenValues:
    """Pinned: the same bytes and version give the same numbers, on any machine."""

    def test_numbers(self) -> None:
        f = PLAIN.fingerprint
        assert f.version == ALGORITHM_VERSION == 3
        assert f.phash == GOLDEN["phash"]
        assert f.dct_hash.hex() == GOLDEN["dct_hash"]
        assert f.intensity == pytest.approx(GOLDEN["intensity"], abs=1e-6)
        assert f.quadrants == pytest.approx(GOLDEN["quadrants"], abs=1e-6)
        assert f.aspect == pytest.approx(0.405465, abs=1e-6)
        assert f.detail == pytest.approx(GOLDEN["detail"], abs=1e-4)

    def test_checksums(self) -> None:
        assert PLAIN.pixel_checksum == GOLDEN["pixel_checksum"]
        assert analyse(b"GIF89a" + p.gif(1, 1, 1)[6:]).checksum == GOLDEN["gif_checksum"]

    def test_facts(self) -> None:
        assert (PLAIN.format, PLAIN.width, PLAIN.height, PLAIN.frames) == (Format.PNG, 600, 400, 1)
        assert (PLAIN.size_bytes, PLAIN.damaged, PLAIN.quality) == (len(PNG), False, None)

    def test_stored_luma_reproduces_the_means(self) -> None:
        luma = np.frombuffer(PLAIN.fingerprint.luma, np.uint8).reshape(64, 64)
        assert luma.mean() / 255 == pytest.approx(PLAIN.fingerprint.intensity)
        assert luma[:32, 32:].mean() / 255 == pytest.approx(PLAIN.fingerprint.quadrants[1])


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "AVIF", "GIF"])
@pytest.mark.hostile("input 12")
def test_other_formats_give_nearly_the_same_fingerprint(kind: str) -> None:
    other = analyse(p.encoded(PICTURE, kind))
    assert other.format.name == kind
    assert distance(PLAIN, other) <= 12
    assert other.fingerprint.intensity == pytest.approx(PLAIN.fingerprint.intensity, abs=0.005)


@pytest.mark.parametrize("size", [(300, 200), (1500, 1000), (150, 100)])
def test_resizing_keeps_the_fingerprint(size: tuple[int, int]) -> None:
    assert distance(PLAIN, analyse(p.encoded(PICTURE.resize(size, Image.Resampling.LANCZOS)))) <= 8


def test_different_pictures_are_far_apart() -> None:
    assert distance(PLAIN, analyse(p.encoded(p.landscape(2)))) > 90


class TestSamePixels:
    def test_lossless_webp_agrees(self) -> None:
        assert analyse(p.encoded(PICTURE, "WEBP", lossless=True)).pixel_checksum == PLAIN.pixel_checksum

    def test_palette_agrees(self) -> None:
        palette = p.logo().quantize(16)
        rgb = analyse(p.encoded(palette.convert("RGB")))
        assert analyse(p.encoded(palette)).pixel_checksum == rgb.pixel_checksum
        assert analyse(p.encoded(palette, "GIF")).pixel_checksum == rgb.pixel_checksum

    def test_opaque_alpha_agrees(self) -> None:
        assert analyse(p.encoded(PICTURE.convert("RGBA"))).pixel_checksum == PLAIN.pixel_checksum

    def test_hidden_colour_does_not_count(self) -> None:
        cutout = p.cutout()
        lossless = p.encoded(cutout, "WEBP", lossless=True)  # which blackens what cannot be seen
        assert analyse(lossless).pixel_checksum == analyse(p.encoded(cutout)).pixel_checksum

    @pytest.mark.hostile("input 12")
    def test_sixteen_bits_agree_with_their_upper_eight(self) -> None:
        grey = p.landscape().convert("L")
        deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
        assert analyse(p.encoded(deep)).pixel_checksum == analyse(p.encoded(grey)).pixel_checksum

    def test_another_pixel_or_size_or_profile_differs(self) -> None:
        other = PICTURE.copy()
        other.putpixel((3, 3), (1, 2, 3))
        variants = [
            PNG,
            p.encoded(other),
            p.encoded(PICTURE.transpose(Image.Transpose.TRANSPOSE)),
            p.encoded(PICTURE, icc_profile=p.swapped_profile()),
        ]
        assert len({analyse(data).pixel_checksum for data in variants}) == len(variants)

    @pytest.mark.hostile("input 11")
    def test_srgb_and_garbage_profiles_do_not_count(self) -> None:
        for profile in (p.srgb_profile(), b"garbage" * 1000, p.lab_profile()):
            tagged = analyse(p.encoded(PICTURE, icc_profile=profile))
            assert tagged.pixel_checksum == PLAIN.pixel_checksum
            assert tagged.fingerprint == PLAIN.fingerprint


class TestOrientation:
    @pytest.mark.parametrize("orientation", range(1, 9))
    @pytest.mark.parametrize("kind", ["PNG", "WEBP"])
    @pytest.mark.hostile("input 12")
    def test_all_eight_are_one(self, orientation: int, kind: str) -> None:
        options = {"lossless": True} if kind == "WEBP" else {}
        turned = analyse(p.oriented(PICTURE, orientation, kind, **options))
        assert (turned.width, turned.height) == (600, 400)
        assert turned.pixel_checksum == PLAIN.pixel_checksum
        assert turned.fingerprint == PLAIN.fingerprint

    @pytest.mark.parametrize("orientation", range(1, 9))
    def test_large_jpegs_are_one_too(self, orientation: int) -> None:
        large = p.landscape(4, 1203, 805)
        straight = analyse(p.oriented(large, 1, "JPEG", quality=95))
        turned = analyse(p.oriented(large, orientation, "JPEG", quality=95))
        assert (turned.width, turned.height) == (1203, 805)
        assert distance(straight, turned) <= 8
        assert (turned.renditions[1].width, turned.renditions[1].height) == (400, 268)

    @pytest.mark.hostile("input 11")
    def test_garbage_exif_is_ignored(self) -> None:
        assert analyse(p.encoded(PICTURE, exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")).width == 600
        exif = Image.Exif()
        exif[p.EXIF_ORIENTATION] = 77
        assert analyse(p.encoded(PICTURE, exif=exif)).fingerprint == PLAIN.fingerprint


class TestColour:
    @pytest.mark.hostile("input 12")
    def test_cmyk(self) -> None:
        cmyk = analyse(p.encoded(PICTURE.convert("CMYK"), "JPEG", quality=95))
        assert distance(PLAIN, cmyk) <= 10
        assert opened(cmyk.renditions[0].data).mode == "RGB"

    @pytest.mark.hostile("input 12")
    def test_grey_modes(self) -> None:
        grey = PICTURE.convert("L")
        plain = analyse(p.encoded(grey))
        assert distance(PLAIN, plain) <= 6
        assert analyse(p.encoded(grey.convert("LA"))).fingerprint == plain.fingerprint
        assert analyse(p.encoded(grey.convert("1"))).fingerprint.detail > LOW_DETAIL

    @pytest.mark.hostile("input 12")
    def test_alpha_goes_over_white(self) -> None:
        cutout = p.cutout()
        white = Image.new("RGB", cutout.size, "white")
        white.paste(cutout, mask=cutout.getchannel("A"))
        on_white = analyse(p.encoded(white))
        transparent = analyse(p.encoded(cutout))
        assert distance(on_white, transparent) <= 2
        assert opened(transparent.renditions[0].data).getpixel((1, 1)) == (255, 255, 255)

    @pytest.mark.hostile("input 12")
    def test_transparent_palette(self) -> None:
        palette = p.logo().quantize(8)
        clear = palette.getpixel((0, 0))
        transparent = analyse(p.encoded(palette, transparency=clear))
        assert distance(transparent, analyse(p.encoded(palette))) <= 6

    def test_transparent_rgb(self) -> None:
        data = p.encoded(p.flat("red"), transparency=(255, 0, 0))
        assert analyse(data).fingerprint.intensity == 1

    @pytest.mark.hostile("input 12")
    def test_a_profile_is_applied(self) -> None:
        data = p.encoded(p.flat("red"), icc_profile=p.swapped_profile())
        red, _, blue = np.asarray(opened(analyse(data).renditions[0].data))[5, 5]
        assert blue > 200 > 60 > red

    def test_a_grey_profile_on_colour_is_ignored(self) -> None:
        assert analyse(p.encoded(p.flat("red"), "JPEG", icc_profile=p.lab_profile())).renditions


class TestAnimation:
    FRAMES = [p.landscape(s, 200, 150) for s in (5, 6, 7)]

    @pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
    @pytest.mark.hostile("input 12")
    def test_the_first_frame_stands_for_all(self, kind: str) -> None:
        moving = analyse(p.animation(kind, self.FRAMES))
        assert moving.frames == 3
        assert distance(moving, analyse(p.encoded(self.FRAMES[0]))) <= 12

    @pytest.mark.parametrize("kind", ["GIF", "WEBP"])
    def test_a_blank_first_frame_is_passed_over(self, kind: str) -> None:
        moving = analyse(p.animation(kind, [p.flat("black", (200, 150)), *self.FRAMES]))
        assert distance(moving, analyse(p.encoded(self.FRAMES[0]))) <= 12

    def test_all_blank_is_the_first(self) -> None:
        blank = [p.flat(c, (20, 20)) for c in ("#000000", "#ffffff", "#000000")]
        assert analyse(p.animation("GIF", blank)).fingerprint.intensity == 0

    def test_equal_first_frames_are_not_equal_animations(self) -> None:
        a, b = (p.animation("GIF", [self.FRAMES[0], other]) for other in self.FRAMES[1:])
        assert analyse(a).pixel_checksum != analyse(b).pixel_checksum
        assert analyse(a).fingerprint == analyse(b).fingerprint

    @pytest.mark.hostile("input 12")
    def test_avif_sequence(self) -> None:
        assert analyse(p.animation("AVIF", self.FRAMES)).frames == 3


class TestDamage:
    JPEG = p.encoded(p.landscape(9, 640, 480), "JPEG", quality=90)
    WHOLE = analyse(JPEG)

    @pytest.mark.parametrize("tail", [b"", b"\xff\xd9", bytes(9000)], ids=["cut", "ended", "zeros"])
    @pytest.mark.hostile("input 7")
    def test_a_lost_tail_is_seen_and_survived(self, tail: bytes) -> None:
        damaged = analyse(self.JPEG[: int(len(self.JPEG) * 0.95)] + tail)
        assert damaged.damaged
        assert (damaged.width, damaged.height) == (640, 480)
        assert 432 <= damaged.renditions[0].height < 480
        assert distance(self.WHOLE, damaged) <= 40
        assert damaged.pixel_checksum != self.WHOLE.pixel_checksum

    @pytest.mark.parametrize("tail", [b"", b"\xff\xd9", bytes(9000)])
    @pytest.mark.parametrize("share", [0.6, 0.02])
    @pytest.mark.hostile("input 7")
    def test_too_little_is_broken(self, share: float, tail: bytes) -> None:
        with pytest.raises(Refused, match="broken"):
            analyse(self.JPEG[: int(len(self.JPEG) * share)] + tail)

    def test_progressive(self) -> None:
        data = p.encoded(p.landscape(9, 640, 480), "JPEG", quality=90, progressive=True)
        damaged = analyse(data[: int(len(data) * 0.7)])
        assert damaged.damaged
        assert distance(self.WHOLE, damaged) <= 8
        with pytest.raises(Refused, match="first pass"):
            analyse(data[: int(len(data) * 0.03)])

    @pytest.mark.hostile("input 7")
    def test_a_grey_bottom_is_no_damage(self) -> None:
        picture = p.landscape(9, 640, 480)
        picture.paste((128, 128, 128), (0, 200, 640, 480))
        for options in ({}, {"progressive": True}, {"subsampling": 0}):
            analysis = analyse(p.encoded(picture, "JPEG", quality=90, **options))
            assert not analysis.damaged
            assert analysis.renditions[0].height == 480

    def test_the_quick_way_sees_it_too(self) -> None:
        for data in (self.JPEG[:-500], self.JPEG[: int(len(self.JPEG) * 0.95)] + b"\xff\xd9", self.JPEG):
            assert fingerprint(data) == analyse(data).fingerprint


def test_quick_and_full_fingerprints_are_one() -> None:
    for data in (PNG, p.encoded(p.landscape(3, 1600, 1100), "JPEG"), p.oriented(PICTURE, 6)):
        assert fingerprint(data) == analyse(data).fingerprint


@pytest.mark.parametrize(("quality", "slack"), [(10, 0), (50, 0), (75, 0), (92, 0), (100, 0)])
def test_jpeg_quality_is_estimated(quality: int, slack: int) -> None:
    found = analyse(p.encoded(PICTURE, "JPEG", quality=quality)).quality
    assert found is not None
    assert abs(found - quality) <= slack


class TestDetail:
    @pytest.mark.parametrize(
        "picture", [p.flat(), p.flat("navy"), p.gradient(), p.dot()], ids=["white", "navy", "gradient", "dot"]
    )
    def test_empty_pictures_are_low(self, picture: Image.Image) -> None:
        assert analyse(p.encoded(picture)).fingerprint.detail < LOW_DETAIL
        assert analyse(p.encoded(picture, "JPEG", quality=60)).fingerprint.detail < LOW_DETAIL

    def test_photographs_are_high(self) -> None:
        assert PLAIN.fingerprint.detail > 10 * LOW_DETAIL

    def test_logos_are_between(self) -> None:
        assert LOW_DETAIL < analyse(p.encoded(p.logo())).fingerprint.detail < PLAIN.fingerprint.detail


class TestRenditions:
    def test_sizes(self) -> None:
        large, small, view = analyse(p.encoded(p.landscape(3, 2600, 1300), "JPEG")).renditions
        assert (large.kind, large.width, large.height) == (RenditionKind.LARGE, 1200, 600)
        assert (small.kind, small.width, small.height) == (RenditionKind.SMALL, 400, 200)
        assert (view.kind, view.width, view.height) == (RenditionKind.VIEW, 480, 240)
        assert opened(large.data).size == (1200, 600)
        assert opened(view.data).size == (480, 240)

    def test_never_upscaled(self) -> None:
        large, small, view = analyse(p.encoded(p.flat(size=(50, 30)))).renditions
        assert (large.width, small.width, view.width) == (50, 50, 50)
        assert large.data == small.data

    @pytest.mark.hostile("input 11")
    def test_nothing_but_pixels(self) -> None:
        exif = Image.Exif()
        exif[0x010E] = "<script>alert(1)</script>"
        data = p.encoded(PICTURE, "JPEG", exif=exif, comment=b"secret", icc_profile=p.srgb_profile())
        for rendition in analyse(data).renditions:
            assert set(opened(rendition.data).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
            assert b"secret" not in rendition.data

    def test_strips_keep_a_pixel(self) -> None:
        assert analyse(p.encoded(p.flat(size=(9000, 2)))).renditions[1].height == 1


def test_names_of_formats() -> None:
    assert [f.extension for f in Format] == [".jpg", ".png", ".gif", ".webp", ".avif"]
    assert Format.JPEG.mime == "image/jpeg"


def test_no_table_no_quality() -> None:
    assert jpeg_quality({}) is None


@pytest.mark.hostile("input 11")
def test_deep_integers_and_hostile_exif(monkeypatch: pytest.MonkeyPatch) -> None:
    assert plain(Image.new("I", (4, 4), 65535)).mode == "L"
    image = Image.new("L", (4, 4))

    def fail() -> None:
        raise SyntaxError

    monkeypatch.setattr(image, "getexif", fail)
    assert orientation_of(image) == 1


def test_hamming_wants_equal_lengths() -> None:
    with pytest.raises(ValueError, match="lengths"):
        hamming(b"a", b"ab")


def test_fingerprints_are_values() -> None:
    assert isinstance(PLAIN.fingerprint, Fingerprint)
    assert len(PLAIN.fingerprint.luma) == 4096


GOLDEN = {
    "phash": 11013032667173360987,
    "dct_hash": "18fbd683269fdc417a16a4e055875b45bc5fbe5c0772e01b8ae843f94c23dc50",
    "intensity": 0.4898035,
    "quadrants": (0.5330921, 0.4735869, 0.4229894, 0.5295458),
    "detail": 0.95616,
    "pixel_checksum": "a031fd887b9cc2b2f2d1f9d40e3c9fab931da43a855f4ae7c7277896d8f6d715",
    "gif_checksum": "ce8c71e714f592dd46e243b179dc4e26cbc9208a348bd8a01a91fd73a0b40173",
}


def test_an_icon_of_eight_pixels_has_detail() -> None:
    icon = p.landscape(2, 8, 8)
    assert analyse(p.encoded(icon)).fingerprint.detail > 0.2
    assert analyse(p.encoded(p.flat("red", (8, 8)))).fingerprint.detail == 0
