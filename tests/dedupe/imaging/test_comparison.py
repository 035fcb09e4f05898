"""Distances, relations, probability: symmetric, monotone, and right on clear cases."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from dedupe.imaging import (
    ASK_PROBABILITY,
    LOW_DETAIL,
    Distances,
    Fingerprint,
    Relation,
    analyse,
    classify,
    compare,
    fingerprint,
    from_json,
    probability,
    to_json,
)
from dedupe.imaging.fingerprints import measure
from dedupe.imaging.hashing import hamming
from dedupe.imaging.wire import MAX_VIEW_BYTES
from tests import pictures as p

BASE = p.landscape()
BASE_PRINT = fingerprint(p.encoded(BASE))
NEAR = Distances(dct=4, phash=0, intensity=0.0, aspect=0.0, luma_mean=0.01, luma_block=0.02, chroma=0.002)
SIZES = {"size_a": (600, 400), "size_b": (600, 400)}


def print_of(seed: int) -> Fingerprint:
    rng = np.random.default_rng(seed)
    return measure(rng.integers(0, 256, (64, 64, 3)).astype(np.uint8), 40 + seed % 60, 50)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_comparison_is_symmetric(seed_a: int, seed_b: int) -> None:
    a, b = print_of(seed_a), print_of(seed_b)
    there, back = compare(a, b), compare(b, a)
    assert (there.dct, there.phash) == (back.dct, back.phash)
    assert (there.intensity, there.aspect) == (-back.intensity, -back.aspect)
    for field in ("luma_mean", "luma_block", "chroma"):
        assert getattr(there, field) == pytest.approx(getattr(back, field), abs=1e-12)
        assert 0 <= getattr(there, field) <= 1
    assert compare(a, a) == Distances(0, 0, 0.0, 0.0, 0.0, 0.0, 0.0)


@given(
    st.binary(min_size=32, max_size=32),
    st.binary(min_size=32, max_size=32),
    st.binary(min_size=32, max_size=32),
)
def test_hamming_is_a_metric(a: bytes, b: bytes, c: bytes) -> None:
    assert hamming(a, b) == hamming(b, a)
    assert (hamming(a, b) == 0) == (a == b)
    assert hamming(a, c) <= hamming(a, b) + hamming(b, c) <= 512


def test_versions_do_not_mix() -> None:
    with pytest.raises(ValueError, match="versions"):
        compare(BASE_PRINT, replace(BASE_PRINT, version=1))


@given(
    st.integers(0, 255),
    st.floats(0, 0.5),
    st.floats(0, 0.5),
    st.floats(0, 1),
    st.floats(0, 1),
    st.sampled_from(["dct", "luma_mean", "luma_block"]),
)
def test_probability_is_monotone(
    dct: int, mean: float, block: float, detail_a: float, detail_b: float, field: str
) -> None:
    d = replace(NEAR, dct=dct, luma_mean=mean, luma_block=block)
    further = replace(d, **{field: getattr(d, field) + 1})
    assert 0 <= probability(further, detail_a, detail_b) <= probability(d, detail_a, detail_b) <= 1
    assert probability(d, detail_a, detail_b) == probability(d, detail_b, detail_a)
    assert probability(d, detail_a, 1) <= probability(d, 1, 1)


def test_flat_pictures_are_never_accused() -> None:
    assert probability(NEAR, 0.0, 1.0) < 0.01
    assert probability(NEAR, LOW_DETAIL / 2, LOW_DETAIL / 2) < ASK_PROBABILITY
    assert probability(NEAR, 0.9, 0.9) > 0.99


EDITS = {
    "re-encoded": (p.encoded(BASE, "JPEG", quality=60), Relation.RE_ENCODED),
    "resized": (p.encoded(BASE.resize((300, 200)), "JPEG"), Relation.RESIZED),
    "stretched": (p.encoded(BASE.resize((500, 400)), "JPEG"), Relation.RESIZED),
    "grey": (p.encoded(BASE.convert("L"), "JPEG"), Relation.RECOLOURED),
    "brighter": (p.encoded(ImageEnhance.Brightness(BASE).enhance(1.3)), Relation.RECOLOURED),
    "cropped": (p.encoded(BASE.crop((0, 0, 570, 400))), Relation.CROPPED),
}


@pytest.mark.parametrize("name", EDITS)
def test_edits_are_asked_about_and_named(name: str) -> None:
    data, relation = EDITS[name]
    other = analyse(data)
    distances = compare(BASE_PRINT, other.fingerprint)
    size = (other.width, other.height)
    assert probability(distances, BASE_PRINT.detail, other.fingerprint.detail) > ASK_PROBABILITY
    found = classify(distances, same_checksum=False, same_pixels=False, size_a=(600, 400), size_b=size)
    assert found is relation


def test_a_caption_makes_a_variant() -> None:
    captioned = BASE.copy()
    ImageDraw.Draw(captioned).rectangle((40, 300, 560, 380), fill="white")
    distances = compare(BASE_PRINT, fingerprint(p.encoded(captioned)))
    found = classify(distances, same_checksum=False, same_pixels=False, **SIZES)
    assert found is Relation.VARIANT
    assert not found.same_picture


def test_equal_bytes_and_pixels_come_first() -> None:
    far = replace(NEAR, dct=200, luma_block=0.9, aspect=0.5)
    assert classify(far, same_checksum=True, same_pixels=True, **SIZES) is Relation.IDENTICAL_BYTES
    assert classify(far, same_checksum=False, same_pixels=True, **SIZES) is Relation.SAME_PIXELS
    assert classify(far, same_checksum=False, same_pixels=False, **SIZES) is Relation.VARIANT
    assert Relation.SAME_PIXELS.same_picture


def test_two_emblems_on_one_ground_are_not_one() -> None:
    """The hashes of sparse pictures agree by accident; the emblem itself must agree."""
    prints = []
    for draw in ("ellipse", "rectangle"):
        image = Image.new("RGB", (1600, 900), "black")
        getattr(ImageDraw.Draw(image), draw)((740, 390, 860, 510), outline="white", width=30)
        prints.append(fingerprint(p.encoded(image)))
    a, b = prints
    assert probability(replace(compare(a, b), dct=0), a.detail, b.detail) < ASK_PROBABILITY


class TestWire:
    ANALYSIS = analyse(p.encoded(ImageOps.expand(BASE, 30, "white"), "JPEG"))
    BLOBS = [r.data for r in ANALYSIS.renditions]

    def test_round_trip(self) -> None:
        assert from_json(to_json(self.ANALYSIS), self.BLOBS) == self.ANALYSIS

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("checksum", "z" * 64), ("checksum", None), ("pixel_checksum", "00"), ("format", "bmp"),
            ("size_bytes", -1), ("width", 0), ("width", True), ("height", "5"), ("frames", 2**50),
            ("damaged", "no"), ("quality", 101), ("fingerprints", None), ("fingerprints", []),
            ("fingerprints.0.intensity", 1.5), ("fingerprints.0.intensity", float("nan")),
            ("fingerprints.0.detail", "x"), ("fingerprints.0.quadrants", [0.1]),
            ("fingerprints.0.phash", "00"), ("fingerprints.0.dct_hash", "zz"),
            ("fingerprints.0.luma", "AAAA"), ("fingerprints.0.chroma", 7),
            ("fingerprints.0.treatment", "odd"), ("fingerprints.0.treatment", "trimmed"),
            ("fingerprints.1.treatment", "full"), ("fingerprints.1.version", 9),
            ("fingerprints.1.box", [0, 0, 1]), ("fingerprints.1.box", [0.5, 0, 0.5, 1]),
            ("fingerprints.1.box", [0, 0.2, 1.5, 1]), ("fingerprints.1.box", "0011"),
            ("fingerprints.0.box", [0, 0, 1, 0.5]), ("fingerprints.0.box", None),
            ("renditions", {}), ("renditions.0.mime", "text/html"), ("renditions.0.bytes", 5),
            ("renditions.0.width", 5000), ("renditions.2.width", 481), ("renditions.0.kind", "huge"),
            ("renditions.0.kind", "view"), ("renditions.1.kind", "large"),
        ],
    )  # fmt: skip
    def test_nothing_is_believed(self, path: str, value: object) -> None:
        message = to_json(self.ANALYSIS)
        *parents, last = path.split(".")
        target = message
        for parent in parents:
            target = target[int(parent)] if parent.isdigit() else target[parent]
        target[last] = value
        with pytest.raises(ValueError):
            from_json(message, self.BLOBS)

    def test_other_shapes(self) -> None:
        for value in (None, [], "x", {}):
            with pytest.raises(ValueError):
                from_json(value, [])
        with pytest.raises(ValueError):
            from_json(to_json(self.ANALYSIS), self.BLOBS[:1])
        with pytest.raises(ValueError):
            from_json(to_json(self.ANALYSIS), [b"<html>"] * len(self.BLOBS))

    def test_a_view_is_no_place_for_a_film(self) -> None:
        message = to_json(self.ANALYSIS)
        blobs = [*self.BLOBS[:2], b"\xff\xd8\xff".ljust(MAX_VIEW_BYTES + 1, b"x")]
        message["renditions"][2]["bytes"] = len(blobs[2])
        with pytest.raises(ValueError, match="count"):
            from_json(message, blobs)
