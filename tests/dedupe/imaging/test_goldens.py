"""Pinned: the same bytes give the same hashes in every treatment, on any machine, until the version is raised."""

import pytest
from PIL import Image, ImageOps

from dedupe.imaging import ALGORITHM_VERSION, RenditionKind, Treatment, analyse
from tests import pictures as p

FRAMES = [p.landscape(seed, 200, 150) for seed in range(21, 29)]
FILES = {
    "framed": p.encoded(ImageOps.expand(p.landscape(), 60, "black")),
    "cutout": p.encoded(p.cutout()),
    "moving": p.animation("PNG", FRAMES),
    "grey": p.encoded(p.landscape(4).convert("L")),
    "tiny": p.encoded(p.landscape(5, 12, 9)),
    "reduced": p.encoded(p.landscape(6, 900, 640), "JPEG"),
    "reduced, WebP": p.encoded(p.landscape(6, 900, 640), "WEBP", quality=80),
    "reduced, profile": p.encoded(p.landscape(6, 900, 640), "JPEG", icc_profile=p.swapped_profile()),
}
VIEWS = {
    Treatment.FULL: RenditionKind.VIEW,
    Treatment.OVER_BLACK: RenditionKind.VIEW_BLACK,
    Treatment.FRAME1: RenditionKind.VIEW_FRAME1,
    Treatment.FRAME2: RenditionKind.VIEW_FRAME2,
    Treatment.FRAME3: RenditionKind.VIEW_FRAME3,
}
GOLDEN: dict[tuple[str, Treatment], tuple[int, str]] = {
    ("framed", Treatment.FULL): (
        10503026813987933721,
        "1143c21f3ff83dea6aad37d84fa5392c6963c6f181164b1e9058d80f950be0fc",
    ),
    ("framed", Treatment.TRIMMED): (
        11013032667173360987,
        "18fbd6a3269fdc417a16a4e055875b41bc5fbedc0772e00b82e843f94c23dc51",
    ),
    ("cutout", Treatment.FULL): (
        18069186747655556922,
        "7aa1c793a5579d6ad2aa34fc8f857bc79e5e24d8c83ae1ab486803a12ca59c16",
    ),
    ("cutout", Treatment.TRIMMED): (
        18069462738738135386,
        "7abac3b2a5559f51f005a40ec1ea5be886ec1e8f9790fc45d2d4707e8707216a",
    ),
    ("cutout", Treatment.OVER_BLACK): (
        15044045429064082811,
        "500bc7933ff89d6a780434fc25ae7bc524f836dc66b1e10be65603218e1e9c1f",
    ),
    ("moving", Treatment.FULL): (
        14075698312613640694,
        "474156f8ed4b0a99018ee618b93bf665bacbac6c836559086410b673f7f68678",
    ),
    ("moving", Treatment.FRAME1): (
        18322836030504362501,
        "7efd41b4ca874a948b0eb075e29c05d3be01d2c641daeb630c0cc7138d6f8daf",
    ),
    ("moving", Treatment.FRAME2): (
        12694277120232999843,
        "30482bce217cc835979a9bc34b6fa3d1abc58b465209550ccf7c527f7043c3fa",
    ),
    ("moving", Treatment.FRAME3): (
        15656902628211716400,
        "59b548957dc4fd638d6479b47108797782ed2b386e6dc6c2ccec8b0e9c549414",
    ),
    ("grey", Treatment.FULL): (
        15844251636586719576,
        "5b77e22916baea90c231a783294a589febae1b9d34b96fac8c88582acc49c3dc",
    ),
    ("tiny", Treatment.FULL): (
        14082802151340084279,
        "43c670d22939f17858d2bbf08cda2325d26c0e792f93ccda732d4407a73d0ea7",
    ),
    ("reduced", Treatment.FULL): (
        11030429962845402886,
        "18ef1377f0cd882807013967b76c022e64ed6dec5168ef474abf089e18657a9e",
    ),
    ("reduced, WebP", Treatment.FULL): (
        11030429962845402886,
        "18ef1377f0cd886807013967b76c022e64ed6dec5168ef454abf089e18657a9e",
    ),
    ("reduced, profile", Treatment.FULL): (
        11030341933195722518,
        "19ec137fa4c90c7807013927b56c026f647d69ec13608b454abf039f387d7ade",
    ),
}


def test_the_version_is_the_one_that_is_pinned_here() -> None:
    assert ALGORITHM_VERSION == 3


@pytest.mark.parametrize("name", FILES)
def test_every_treatment_of_every_file_is_pinned(name: str) -> None:
    analysis = analyse(FILES[name])
    found = {(name, each.treatment): (each.phash, each.dct_hash.hex()) for each in analysis.fingerprints}
    assert found == {key: value for key, value in GOLDEN.items() if key[0] == name}


def test_every_treatment_is_pinned_by_some_file() -> None:
    assert {treatment for _, treatment in GOLDEN} == set(Treatment)


@pytest.mark.parametrize("name", FILES)
def test_each_treatment_has_its_view_but_trimmed_which_is_a_part_of_one(name: str) -> None:
    analysis = analyse(FILES[name])
    expected = {
        VIEWS[each.treatment] for each in analysis.fingerprints if each.treatment is not Treatment.TRIMMED
    }
    assert {each.kind for each in analysis.renditions if each.kind.is_view} == expected


def test_an_opaque_still_without_a_border_has_one_treatment() -> None:
    assert [each.treatment for each in analyse(p.encoded(p.landscape())).fingerprints] == [Treatment.FULL]
    opaque = Image.new("RGBA", (64, 64), (9, 80, 200, 255))
    assert [each.treatment for each in analyse(p.encoded(opaque)).fingerprints] == [Treatment.FULL]
