"""The made-up library: as it says it is, and completely searched."""

from __future__ import annotations

import numpy as np
import pytest
from django.db import connection

from dedupe.models import Fingerprint, Picture
from dedupe.models.fingerprints import unsigned
from dedupe.scale.clock import ask, ask_at_once, index_routes
from dedupe.scale.crowds import crowds
from dedupe.scale.inserts import insert
from dedupe.scale.library import fill
from dedupe.scale.population import Fingerprints, flips, joined, population
from dedupe.scale.questions import KINDS, TURNED, TURNED_WINDOW, WINDOW
from dedupe.search import keys
from tests.dedupe.scale.conftest import PICTURES, Library


def all_of(blocks: list[Fingerprints]) -> Fingerprints:
    return joined(*blocks)


def test_equal_seeds_give_equal_libraries_and_others_others() -> None:
    first, again, other = (all_of(list(population(3000, seed))) for seed in (1, 1, 2))
    assert np.array_equal(first.phash, again.phash)
    assert np.array_equal(first.quadrants, again.quadrants)
    assert not np.array_equal(first.phash[:3000], other.phash[:3000])


def test_hashes_crowd_together_as_those_of_pictures_do() -> None:
    made = all_of(list(population(50_000, 3)))
    for shift in keys.SHIFTS:
        _, counts = np.unique(made.phash >> np.uint64(shift) & np.uint64(0xFFFF), return_counts=True)
        repeated = (counts * (counts - 1.0)).sum() / len(made) / (len(made) - 1) * 65536
        assert 1.5 < repeated < 8
    assert made.quadrants.mean() == pytest.approx(0.47, abs=0.02)
    assert made.quadrants.std() == pytest.approx(0.16, abs=0.02)
    assert np.corrcoef(made.quadrants[:, 0], made.quadrants[:, 1])[0, 1] == pytest.approx(0.75, abs=0.06)
    assert np.corrcoef(made.quadrants[:, 0], made.quadrants[:, 2])[0, 1] == pytest.approx(0.35, abs=0.25)


def test_flips_set_as_many_bits_as_they_are_told() -> None:
    wanted = np.arange(65)
    assert np.bitwise_count(flips(wanted, np.random.default_rng(1))).tolist() == wanted.tolist()


def test_what_is_stored_is_what_was_made(library: Library) -> None:
    made = all_of(list(population(PICTURES, seed=1)))
    assert Picture.objects.live().count() == library.stored.pictures == PICTURES + 8 * len(KINDS)
    assert library.stored.fingerprints == Fingerprint.objects.count()
    for place in (0, 7, 12_345):
        row = Fingerprint.objects.get(picture=int(made.picture[place]), treatment="full")
        assert unsigned(row.phash) == int(made.phash[place])
        assert row.quadrants == made.quadrants[place].tolist()
        assert row.aspect == made.aspect[place]
        assert (row.searchable, row.low_detail) == (True, bool(made.low_detail[place]))
        assert (row.chunk0, row.chunk1, row.chunk2, row.chunk3) == keys.chunks(int(made.phash[place]))
        assert row.window_key == keys.window_key(row.aspect, tuple(row.quadrants))
        assert row.numbers().box == (0, 0, 1, 1)


def test_the_indexes_of_the_search_are_there_again_with_their_sizes(library: Library) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'dedupe_fingerprint'")
        names = {name for (name,) in cursor.fetchall()}
    assert {"fingerprint_by_window", "fingerprint_by_chunk3"} <= names
    assert all(each.size_bytes > 8192 for each in library.stored.indexes)


def test_everything_within_the_radius_and_the_window_is_found(library: Library) -> None:
    answers = ask([each.query for each in library.questions], index_routes())
    assert not any(each.cut for each in answers.found)
    for question, answer, near, inside in zip(
        library.questions,
        answers.found,
        library.truth.within_radius,
        library.truth.within_window,
        strict=True,
    ):
        found = {each.picture_id for each in answer.found}
        assert near <= found
        assert inside <= found
        assert {question.planted[kind] for kind in (*KINDS[:8], TURNED)} <= near
        assert {question.planted[kind] for kind in (WINDOW, TURNED_WINDOW)} <= inside
        assert not {question.planted[f"{bits} bits"] for bits in (11, 12, 13, 14)} & found


def test_clients_at_once_are_all_timed(library: Library) -> None:
    load = ask_at_once([each.query for each in library.questions], index_routes(), clients=2)
    assert (load.clients, load.times.count) == (2, 16)
    assert load.per_second > 0
    assert load.times.p50 <= load.times.p95 <= load.times.p99


def test_inserts_leave_pictures_that_are_found(library: Library) -> None:
    insert(5, 1_000_000, seed=1)
    assert (
        Fingerprint.objects.filter(picture__gte=1_000_000, picture__lt=1_000_005, searchable=True).count()
        >= 4
    )


def test_a_crowd_is_bounded_said_and_hides_no_equal_hash(library: Library) -> None:
    near = library.questions[0]
    into, crowd = crowds(near, near_white=4000, copies=3000, first=2_000_000, seed=1)
    fill([crowd])
    matching = index_routes()
    first, *pages = ask([each.query for each in into], matching).found
    assert "hash" in first.cut
    assert any(page.cut for page in pages)
    assert len(first.found) <= 7 * matching.branch_limit
    equal = next(each for each in first.found if each.picture_id == near.planted["0 bits"])
    assert "hash" in equal.routes
