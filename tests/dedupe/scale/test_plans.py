"""The plans of the candidate statement in a library large enough to have one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.db import connection, transaction

from dedupe.scale.clock import as_it_is, index_routes
from dedupe.scale.indexes import freshen
from dedupe.scale.library import FINGERPRINTS
from dedupe.scale.plans import complaints, plan_of, rows_read
from tests.dedupe.scale.conftest import Library

INDEXES = ["fingerprint_by_window", *(f"fingerprint_by_chunk{number}" for number in range(4))]


@contextmanager
def for_now(*orders: str) -> Iterator[None]:
    """Change the database, and change it back."""
    with transaction.atomic(), connection.cursor() as cursor:
        for order in orders:
            cursor.execute(order)
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("number", range(3))
def test_both_routes_read_their_indexes_alone_and_nothing_is_read_from_end_to_end(
    library: Library, number: int
) -> None:
    question = library.questions[number]
    assert complaints(plan_of(question.upright, as_it_is())) == []
    assert complaints(plan_of(question.query, index_routes())) == []


@pytest.mark.parametrize("index", INDEXES)
def test_a_missing_index_is_complained_about(library: Library, index: str) -> None:
    patient = replace(as_it_is(), statement_timeout_ms=60_000)
    with for_now(f"DROP INDEX {index}"):
        found = complaints(plan_of(library.questions[0].upright, patient))
    assert f"{index} is not used" in found


def test_a_table_that_was_never_vacuumed_is_complained_about(library: Library) -> None:
    with for_now("UPDATE dedupe_fingerprint SET detail = detail"):
        found = complaints(plan_of(library.questions[0].query, index_routes()))
    freshen(FINGERPRINTS)
    assert any("sends to the table" in each for each in found), found


@pytest.mark.parametrize(
    "orders",
    [
        ["DELETE FROM pg_statistic WHERE starelid = 'dedupe_fingerprint'::regclass"],
        ["UPDATE pg_class SET reltuples = 10, relpages = 1 WHERE relname = 'dedupe_fingerprint'"],
        ["SET LOCAL random_page_cost = 1000", "SET LOCAL seq_page_cost = 0"],
    ],
    ids=["no statistics", "statistics of a small table", "costs that favour reading everything"],
)
def test_the_plans_do_not_depend_on_what_the_planner_believes(library: Library, orders: list[str]) -> None:
    with for_now(*orders):
        assert complaints(plan_of(library.questions[1].query, index_routes())) == []


def test_the_rows_read_are_a_small_part_of_the_library(library: Library) -> None:
    plans = [plan_of(question.query, index_routes()) for question in library.questions]
    assert max(map(rows_read, plans)) < library.stored.fingerprints / 5
