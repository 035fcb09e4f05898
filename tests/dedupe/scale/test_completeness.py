"""The multi-index against brute force, in the database itself: within seven bits nothing is missed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedupe.imaging import Treatment
from dedupe.scale.clock import index_routes
from dedupe.scale.library import empty, fill, finish
from dedupe.scale.population import Fingerprints, Hashes
from dedupe.scale.questions import query_for, texture
from dedupe.scale.truth import RADIUS
from dedupe.search import Query, find_candidates

BY_HASH = replace(index_routes(), window_route=False, probe_limit=10_000, branch_limit=10_000)
ANY = texture(np.random.default_rng(1))


def skewed(count: int) -> Hashes:
    """Hashes of which most bits hardly vary: most chunks are one of a few."""
    rng = np.random.default_rng(4)
    bits = rng.random((count, 64)) < np.where(np.arange(64) % 5 == 0, 0.5, 0.04)
    return np.packbits(bits, axis=1).view(">u8").ravel().astype(np.uint64)


STORED = skewed(4000)


@pytest.fixture(scope="module")
def stored(scratch: None) -> None:
    count = len(STORED)
    no = np.zeros(count, bool)
    rows = Fingerprints(np.arange(1, count + 1), STORED, np.zeros((count, 4)), np.zeros(count), no, no)
    indexes = empty()
    finish(indexes, *fill([rows]))


def query_with(phash: int) -> Query:
    """A query for this hash alone, as it is."""
    query = query_for(ANY, ANY, 0)
    only = replace(query.fingerprint, phash=phash, treatment=Treatment.OVER_BLACK)
    return replace(query, fingerprints=(only,))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    base=st.one_of(st.sampled_from(STORED.tolist()), st.integers(0, 2**64 - 1), st.just(0)),
    flipped=st.sets(st.integers(0, 63), max_size=10),
)
def test_everything_within_seven_bits_is_found_and_nothing_beyond_ten(
    stored: None, base: int, flipped: set[int]
) -> None:
    phash = base ^ sum(1 << bit for bit in flipped)
    apart = np.bitwise_count(STORED ^ np.uint64(phash))
    answer = find_candidates(query_with(phash), BY_HASH)
    found = {each.picture_id for each in answer.found}
    assert answer.cut == ()
    assert set((np.flatnonzero(apart <= RADIUS) + 1).tolist()) <= found
    assert found <= set((np.flatnonzero(apart <= BY_HASH.phash_distance) + 1).tolist())


def test_of_more_than_the_limit_the_nearest_are_kept(stored: None) -> None:
    limited = replace(BY_HASH, branch_limit=20)
    phash = int(STORED[0])
    apart = np.bitwise_count(STORED ^ np.uint64(phash))
    answer = find_candidates(query_with(phash), limited)
    by_chunks = {each.picture_id for each in answer.found if each.routes - {"hash"}}
    twentieth = np.sort(apart)[19]
    assert set((np.flatnonzero(apart < twentieth) + 1).tolist()) <= by_chunks
    assert {"hash0", "hash1"} & set(answer.cut)
