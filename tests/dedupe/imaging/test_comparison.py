"""Distances of fingerprints: symmetric, a metric, and found in all eight orientations."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from dedupe.imaging import Distances, Fingerprint, Treatment, analyse, compare, least_distances, orientations
from dedupe.imaging.comparison import TURNED_TREATMENTS
from dedupe.imaging.fingerprints import measure, quadrants_of
from dedupe.imaging.hashing import dct_hash, hamming, phash, turned_hashes
from tests import pictures as p
from tests import scenes

PICTURE = p.landscape()
PRINT = analyse(p.encoded(PICTURE)).fingerprint


def print_of(seed: int) -> Fingerprint:
    rng = np.random.default_rng(seed)
    return measure(rng.integers(0, 256, (64, 64, 3)).astype(np.uint8), 40 + seed % 60, 50)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_comparison_is_symmetric_but_for_its_signs(seed_a: int, seed_b: int) -> None:
    a, b = print_of(seed_a), print_of(seed_b)
    there, back = compare(a, b), compare(b, a)
    assert (there.dct, there.phash) == (back.dct, back.phash)
    assert (there.intensity, there.aspect) == (-back.intensity, -back.aspect)
    assert compare(a, a) == Distances(0, 0, 0.0, 0.0)


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
        compare(PRINT, replace(PRINT, version=1))


def test_the_first_orientation_is_the_picture_as_it_is() -> None:
    first = next(orientations(PRINT))
    assert (first.phash, first.dct_hash) == (PRINT.phash, PRINT.dct_hash)
    assert (first.quadrants, first.aspect) == (PRINT.quadrants, PRINT.aspect)


@pytest.mark.parametrize("treatment", list(Treatment))
def test_wholes_and_trimmed_ones_are_turned_the_others_are_not(treatment: Treatment) -> None:
    found = list(orientations(replace(PRINT, treatment=treatment)))
    assert len(found) == (8 if treatment in TURNED_TREATMENTS else 1)
    assert len({each.dct_hash for each in found}) == len(found)
    assert {Treatment.FULL, Treatment.TRIMMED} == TURNED_TREATMENTS


@pytest.mark.parametrize("turn", list(Image.Transpose), ids=lambda turn: turn.name)
def test_a_turned_copy_has_the_numbers_of_one_orientation(turn: Image.Transpose) -> None:
    turned = analyse(p.encoded(PICTURE.transpose(turn))).fingerprint
    nearest = min(orientations(PRINT), key=lambda each: hamming(each.dct_hash, turned.dct_hash))
    assert hamming(nearest.dct_hash, turned.dct_hash) <= 4
    assert (nearest.phash ^ turned.phash).bit_count() <= 2
    assert nearest.aspect == pytest.approx(turned.aspect)
    assert nearest.quadrants == pytest.approx(turned.quadrants, abs=0.005)
    (distance,) = least_distances([each.dct_hash for each in orientations(PRINT)], [[turned.dct_hash]])
    assert distance <= 4


@pytest.mark.parametrize("seed", range(20))
def test_hashes_in_every_orientation_are_those_of_the_turned_picture(seed: int) -> None:
    luma = np.random.default_rng(seed).integers(0, 256, (64, 64), np.uint8)
    turned = [np.rot90(each, turns) for each in (luma, luma[:, ::-1]) for turns in range(4)]
    assert turned_hashes(luma) == [(phash(each), dct_hash(each)) for each in turned]


def turned_every_way(fingerprints: Iterable[Fingerprint]) -> list[bytes]:
    return [each.dct_hash for fingerprint in fingerprints for each in orientations(fingerprint)]


def test_the_least_distance_is_over_all_treatments_of_both() -> None:
    framed = analyse(
        p.encoded(ImageOps.expand(ImageOps.mirror(scenes.photograph()), 60, "black"))
    ).fingerprints
    plain = analyse(p.encoded(scenes.photograph())).fingerprints
    assert compare(framed[0], plain[0]).dct > 60
    (forth,) = least_distances(turned_every_way(framed), [[each.dct_hash for each in plain]])
    (back,) = least_distances(turned_every_way(plain), [[each.dct_hash for each in framed]])
    assert max(forth, back) <= 16


@given(
    mine=st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=4),
    stored=st.lists(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=3), max_size=5),
)
def test_least_distances_are_those_of_one_by_one(mine: list[bytes], stored: list[list[bytes]]) -> None:
    expected = [min(hamming(one, other) for one in mine for other in each) for each in stored]
    assert least_distances(mine, stored) == expected


@pytest.mark.parametrize(("mine", "stored"), [([], [[bytes(32)]]), ([bytes(32)], [[]])])
def test_nothing_has_no_distance(mine: list[bytes], stored: list[list[bytes]]) -> None:
    with pytest.raises(ValueError):
        least_distances(mine, stored)


def test_quadrants_are_means_of_the_quarters() -> None:
    luma = np.zeros((64, 64), np.uint8)
    luma[:32, 32:], luma[32:, :32], luma[32:, 32:] = 51, 102, 255
    assert quadrants_of(luma) == pytest.approx((0, 0.2, 0.4, 1))
