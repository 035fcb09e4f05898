"""A made-up library in a database of its own, filled once for the tests of a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from dedupe.evaluation.scratch import scratch_database
from dedupe.scale.clock import index_routes
from dedupe.scale.library import Stored, empty, fill, finish
from dedupe.scale.population import population
from dedupe.scale.questions import Question, questions
from dedupe.scale.truth import Truth

PICTURES = 20_000


@dataclass(frozen=True)
class Library:
    """The library, the questions whose look-alikes are planted in it, and what everything would give."""

    stored: Stored
    questions: list[Question]
    truth: Truth


@pytest.fixture(scope="module")
def scratch(postgres: Any, django_db_blocker: Any) -> Iterator[None]:
    """A database of its own."""
    with django_db_blocker.unblock(), scratch_database():
        yield


@pytest.fixture(scope="module")
def library(scratch: None) -> Library:
    indexes = empty()
    asked, planted = questions(8, PICTURES + 1, 1, index_routes())
    truth = Truth([each.query for each in asked], index_routes())
    pictures, fingerprints = fill(truth.seeing([*population(PICTURES, seed=1), planted]))
    return Library(finish(indexes, pictures, fingerprints), asked, truth)
