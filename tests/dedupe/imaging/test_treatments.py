"""Each treatment gives the numbers of what it shows, pinned, and the same in every process."""

from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from multiprocessing import get_context

import numpy as np
import pytest
from PIL import Image, ImageOps

from dedupe.imaging import (
    WHOLE,
    Analysis,
    Fingerprint,
    RenditionKind,
    Treatment,
    analyse,
    compare,
    fingerprint,
)
from tests import pictures as p

PICTURE = p.landscape()
PLAIN = analyse(p.encoded(PICTURE))
FRAMED = p.encoded(ImageOps.expand(PICTURE, 50, "#204060"))
MOVING = p.animation("PNG", [p.landscape(seed, 160, 120) for seed in range(1, 9)])


def under(analysis: Analysis, treatment: Treatment) -> Fingerprint:
    return next(each for each in analysis.fingerprints if each.treatment is treatment)


def over(image: Image.Image, colour: str) -> Image.Image:
    ground = Image.new("RGB", image.size, colour)
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def hashes(data: bytes) -> dict[str, str]:
    return {each.treatment.value: each.dct_hash.hex() for each in analyse(data).fingerprints}


def test_golden_values() -> None:
    assert {name: hashes(data) for name, data in SAMPLES.items()} == GOLDEN


def test_four_processes_at_once_agree() -> None:
    data = list(SAMPLES.values())
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        rounds = list(pool.map(analyse, data * 4))
    assert rounds == [analyse(each) for each in data] * 4


def test_a_picture_without_a_border_has_one_fingerprint_of_the_whole() -> None:
    assert [(each.treatment, each.box) for each in PLAIN.fingerprints] == [(Treatment.FULL, WHOLE)]
    assert PLAIN.fingerprint is PLAIN.fingerprints[0]


def test_the_light_way_gives_the_full_one() -> None:
    for data in SAMPLES.values():
        assert fingerprint(data) == analyse(data).fingerprint


@pytest.mark.parametrize("colour", ["white", "black", "#a02030"])
@pytest.mark.parametrize("options", [{"kind": "PNG"}, {"kind": "JPEG", "quality": 70}, {"kind": "WEBP"}])
def test_a_framed_picture_trimmed_is_the_picture(colour: str, options: dict[str, object]) -> None:
    framed = p.encoded(ImageOps.expand(PICTURE, (40, 60), colour), **options)  # type: ignore[arg-type]
    analysis = analyse(framed)
    trimmed = under(analysis, Treatment.TRIMMED)
    assert compare(trimmed, PLAIN.fingerprint).dct <= 10
    assert compare(trimmed, PLAIN.fingerprint).aspect == pytest.approx(0, abs=0.03)
    assert compare(analysis.fingerprint, PLAIN.fingerprint).dct > 64
    assert trimmed.box == pytest.approx((40 / 680, 60 / 520, 640 / 680, 460 / 520), abs=0.01)


def test_a_large_framed_photograph_too() -> None:
    large = p.landscape(4, 1800, 1200)
    framed = analyse(p.encoded(ImageOps.expand(large, 90, "white"), "JPEG", quality=80))
    assert compare(under(framed, Treatment.TRIMMED), fingerprint(p.encoded(large, "JPEG"))).dct <= 12


class TestAlpha:
    CUTOUT = p.cutout()
    ANALYSIS = analyse(p.encoded(CUTOUT))

    @pytest.mark.parametrize("kind", ["PNG", "WEBP"])
    def test_over_black_is_what_is_seen_over_black(self, kind: str) -> None:
        options = {"lossless": True} if kind == "WEBP" else {}
        analysis = analyse(p.encoded(self.CUTOUT, kind, **options))
        seen = analyse(p.encoded(over(self.CUTOUT, "black")))
        assert compare(under(analysis, Treatment.OVER_BLACK), seen.fingerprint).dct <= 2
        assert compare(analysis.fingerprint, seen.fingerprint).dct > 20

    def test_its_view_is_over_black(self) -> None:
        dark = next(r for r in self.ANALYSIS.renditions if r.kind is RenditionKind.VIEW_BLACK)
        light = next(r for r in self.ANALYSIS.renditions if r.kind is RenditionKind.VIEW)
        assert (dark.width, dark.height) == (light.width, light.height) == (300, 300)

    def test_opaque_alpha_is_none(self) -> None:
        assert len(analyse(p.encoded(PICTURE.convert("RGBA"))).fingerprints) == 1


class TestViews:
    @pytest.mark.parametrize(
        ("size", "expected"), [((1500, 1000), (480, 320)), ((200, 300), (200, 300)), ((3000, 5), (480, 1))]
    )
    def test_they_are_bounded_and_never_enlarged(
        self, size: tuple[int, int], expected: tuple[int, int]
    ) -> None:
        view = analyse(p.encoded(p.landscape(1, *size), "JPEG")).renditions[2]
        assert (view.kind, view.width, view.height) == (RenditionKind.VIEW, *expected)

    def test_they_are_close_to_the_picture(self) -> None:
        view = Image.open(BytesIO(analyse(p.encoded(p.landscape(1, 400, 300))).renditions[2].data))
        difference = np.asarray(view, np.int16) - np.asarray(p.landscape(1, 400, 300), np.int16)
        assert np.abs(difference).mean() < 2.5


SAMPLES = {"framed": FRAMED, "cutout": p.encoded(p.cutout()), "moving": MOVING}

GOLDEN = {
    "framed": {
        "full": "1151c20337fabd666aaf27fc4ead392c6961a4f14b974b97b05cde06940ac0bc",
        "trimmed": "18fbd683269fdc417a16a4e055875b45bc5fbe5c0772e01b8ae843f94c23dc50",
    },
    "cutout": {
        "full": "7aa1c793a5579d6ad2aa34fc8f857bc79e5e24d8c83ae1ab486803a12ca59c16",
        "trimmed": "7abac3b2a5559f51f005a40ec1ea5be886ec1e8f9790fc45d2d4707e8707216a",
        "over_black": "500bc7933ff89d6a780434fc25ae7bc524f836dc66b1e10be65603218e1e9c1f",
    },
    "moving": {
        "full": "18fbd683269fdc417a16a6e055875b41bc5fbe5c0772e01b8ae843f94c23dc50",
        "frame1": "3d6316d6305a3cfe96f8932ffd5140dee3d6d1db0d4ad70720937cb188905424",
        "frame2": "41cd70dc2909f17958debb718cc73435d268b7852a9c5c02b9ad978e56f62325",
        "frame3": "6d56bc2169e2e4d975abb3d51a662cfd852bb5007f11cb4280650db4b87a1d36",
    },
}
