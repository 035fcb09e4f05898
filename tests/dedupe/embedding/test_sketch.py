"""Near values have near sketches, and the index looks where their twins are likely to be."""

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe.embedding import CHUNKS, Sketch, Vector, sketch

bits64 = st.binary(min_size=8, max_size=8)


def unit(rng: np.random.Generator, size: int = 128) -> Vector:
    vector = rng.standard_normal(size)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def at_cosine(vector: Vector, cosine: float, rng: np.random.Generator) -> Vector:
    """Another vector at this cosine from the first."""
    aside = unit(rng, vector.size)
    aside -= (aside @ vector) * vector
    turned = cosine * vector + (1 - cosine**2) ** 0.5 * aside / np.linalg.norm(aside)
    return np.asarray(turned, np.float32)


def differing(one: Sketch, other: Sketch) -> int:
    return (one.bits ^ other.bits).bit_count()


def finds(query: Sketch, stored: Sketch) -> bool:
    return any(chunk in probes for chunk, probes in zip(stored.chunks(), all_probes(query), strict=True))


@lru_cache(maxsize=1)
def all_probes(query: Sketch) -> list[list[int]]:
    return [query.probes(number) for number in range(CHUNKS)]


@pytest.mark.parametrize(("cosine", "degrees"), [(0.95, 18.2), (0.8, 36.9), (0.5, 60.0), (0.0, 90.0)])
def test_vectors_differ_in_as_many_bits_as_their_angle_says(cosine: float, degrees: float) -> None:
    rng = np.random.default_rng(1)
    counts = []
    for _ in range(200):
        vector = unit(rng)
        counts.append(differing(sketch(vector), sketch(at_cosine(vector, cosine, rng))))
    assert np.mean(counts) == pytest.approx(64 * degrees / 180, rel=0.08)


@pytest.mark.parametrize(("cosine", "share"), [(0.95, 0.99), (0.85, 0.92), (0.75, 0.80)])
def test_the_index_finds_near_vectors(cosine: float, share: float) -> None:
    rng = np.random.default_rng(2)
    hits = 0
    for _ in range(200):
        vector = unit(rng)
        hits += finds(sketch(vector), sketch(at_cosine(vector, cosine, rng)))
    assert hits / 200 >= share


def test_the_index_reads_a_small_part_of_what_is_far() -> None:
    rng = np.random.default_rng(3)
    query = sketch(unit(rng))
    assert sum(finds(query, sketch(unit(rng))) for _ in range(2000)) / 2000 < 0.03


@given(query=bits64, flips=st.sets(st.integers(min_value=0, max_value=63), max_size=11))
def test_every_sketch_of_bits_within_eleven_is_found(query: bytes, flips: set[int]) -> None:
    stored = int.from_bytes(query, "big")
    for bit in flips:
        stored ^= 1 << bit
    assert finds(sketch(query), sketch(stored.to_bytes(8, "big")))


def test_a_sketch_of_64_bits_holds_them_all() -> None:
    sketches = {sketch((1 << bit).to_bytes(8, "big")).bits for bit in range(64)}
    assert len(sketches) == 64
    assert all(bits.bit_count() == 1 for bits in sketches)


def test_the_length_of_a_vector_does_not_matter() -> None:
    vector = unit(np.random.default_rng(4))
    assert sketch(vector).bits == sketch(vector * np.float32(1e30)).bits
    assert sketch(np.zeros(128, np.float32)).bits == 0


def test_the_least_sure_bits_are_flipped_first() -> None:
    margins = [1.0] * 64
    margins[3], margins[9] = 0.01, 0.02
    probes = Sketch(0, tuple(margins)).probes(0)
    assert probes[:4] == [0, 1 << 12, 1 << 6, (1 << 12) | (1 << 6)]
    assert len(set(probes)) == 137


def test_stored_sketches_stay_valid() -> None:
    """Another value here means that every stored sketch must be made anew."""
    assert sketch(np.arange(-16, 16).astype(np.float32)).bits == GOLDEN_VECTOR
    assert sketch(bytes(range(32))).bits == GOLDEN_BITS


GOLDEN_VECTOR = 0x42A6_ABDD_C2F3_8B12
GOLDEN_BITS = 0x81B0_16D0_0CCA_8122
