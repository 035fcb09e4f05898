"""Asking the questions, one after the other and by several clients at once, with a clock."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from dedupe.conf import Matching, conf
from dedupe.evaluation.crew import spread
from dedupe.search import Candidates, Query, find_candidates


def index_routes() -> Matching:
    """The first statement alone, with the settings in force and everything that it is asked."""
    return replace(conf().matching, words_route=False, embedding_routes=False)


def as_it_is() -> Matching:
    """The same without turned and mirrored pictures."""
    return replace(index_routes(), turned=False)


@dataclass(frozen=True)
class Times:
    """Milliseconds, as percentiles of how many."""

    count: int
    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Times:
        """Of at least one duration."""
        p50, p95, p99 = (1000 * float(value) for value in np.percentile(seconds, [50, 95, 99]))
        return cls(len(seconds), p50, p95, p99)


@dataclass(frozen=True)
class Answers:
    """What was found for each query, and how long each took, in seconds."""

    found: list[Candidates]
    seconds: list[float]

    @property
    def times(self) -> Times:
        return Times.of(self.seconds)

    @property
    def cut(self) -> float:
        """The share of queries for which a limit cut a route short, 0 to 1."""
        return float(np.mean([bool(each.cut) for each in self.found]))


def ask(queries: Sequence[Query], matching: Matching) -> Answers:
    """One after the other; the clock has the query's own arithmetic, the statement, and the reading of the rows."""
    found, seconds = [], []
    for query in queries:
        started = time.perf_counter()
        found.append(find_candidates(query, matching))
        seconds.append(time.perf_counter() - started)
    return Answers(found, seconds)


@dataclass(frozen=True)
class Load:
    """Several clients at once: the times of each query, and queries per second of all together."""

    clients: int
    times: Times
    per_second: float


def ask_at_once(queries: Sequence[Query], matching: Matching, clients: int) -> Load:
    """Each client is a process with a connection of its own and asks everything, beginning elsewhere."""
    turns = [
        [*queries[start:], *queries[:start]]
        for start in range(0, len(queries), max(1, len(queries) // clients))
    ]
    work = partial(_timed, matching=matching)
    runs = list(spread(work, turns[:clients], clients, lambda done, total: None))
    seconds = [each for _, _, run in runs for each in run]
    wall = max(ended for _, ended, _ in runs) - min(began for began, _, _ in runs)
    return Load(clients, Times.of(seconds), len(seconds) / wall)


def _timed(queries: Sequence[Query], matching: Matching) -> tuple[float, float, list[float]]:
    """When a client began and ended, by the clock that processes share, and its times; its first query opens."""
    find_candidates(queries[0], matching)
    began = time.monotonic()
    seconds = ask(queries, matching).seconds
    return began, time.monotonic(), seconds
