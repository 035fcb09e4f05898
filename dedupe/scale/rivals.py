"""Other ways to find the same, on the same rows and in the same run: what our statement is compared with.

Each looks for one hash as it is, within ``phash_distance`` bits, or for one window: the work of the upright query. They
get a table of their own with the few columns they need, so none of them reads past a byte that is not its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

import numpy as np
from django.db import DatabaseError, connection, transaction

from dedupe.conf import Matching
from dedupe.imaging import ALGORITHM_VERSION
from dedupe.models.fingerprints import signed
from dedupe.scale.clock import Times
from dedupe.scale.indexes import freshen, size_of
from dedupe.scale.questions import Question

NEAR = "8 bits"
"""The look-alike that an approximate rival is asked to find."""
_SLOW_QUERIES = 10
_MOST_HNSW = 300_000  # rows: beyond, its index takes longer to build than all the rest of the measurement

_FILL = """
CREATE TABLE dedupe_rival AS
SELECT picture_id, phash, aspect, intensity FROM dedupe_fingerprint
 WHERE searchable AND NOT low_detail AND version = %s
"""
_BY_SCAN = "SELECT picture_id FROM dedupe_rival WHERE bit_count((phash # %s)::bit(64)) <= %s"
_BY_WINDOW = """
SELECT picture_id FROM dedupe_rival
 WHERE aspect BETWEEN %s AND %s AND intensity BETWEEN %s AND %s
"""
_BY_HNSW = "SELECT picture_id FROM dedupe_rival ORDER BY code <~> %s::bit(64) LIMIT 10"
_PLAIN = "SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off"


@dataclass(frozen=True)
class Rival:
    """Times of one way, the share of the planted look-alikes at 8 bits that it finds, and bytes a row; or why not."""

    name: str
    times: Times | None = None
    found: float | None = None
    bytes_per_row: float | None = None
    missing: str = ""


def rivals(questions: Sequence[Question], matching: Matching) -> Iterator[Rival]:
    """Run each rival that can be had here."""
    with connection.cursor() as cursor:
        cursor.execute(_FILL, [ALGORITHM_VERSION])
    freshen("dedupe_rival")
    few = questions[:_SLOW_QUERIES]
    yield _by_statement("sequential scan", _BY_SCAN, few, lambda q: _hash_of(q, matching))
    yield _by_index("B-tree on (aspect, intensity)", "(aspect, intensity)", questions, matching)
    yield _pgvector(questions)
    yield _faiss(questions)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE dedupe_rival")


def _hash_of(question: Question, matching: Matching) -> list[float | str]:
    return [signed(question.query.fingerprint.phash), matching.phash_distance]


def _by_statement(
    name: str, sql: str, questions: Sequence[Question], parameters: Callable[[Question], list[float | str]]
) -> Rival:
    seconds, found = [], []
    for question in questions:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_PLAIN)
            started = time.perf_counter()
            cursor.execute(sql, parameters(question))
            pictures = {picture for (picture,) in cursor.fetchall()}
            seconds.append(time.perf_counter() - started)
        found.append(question.planted[NEAR] in pictures)
    return Rival(name, Times.of(seconds), float(np.mean(found)))


def _by_index(name: str, columns: str, questions: Sequence[Question], matching: Matching) -> Rival:
    """The seed method: a window on aspect and mean intensity, every row in it a candidate."""

    def window(question: Question) -> list[float | str]:
        full = question.query.fingerprint
        aspect, intensity = matching.window_aspect, matching.window_intensity
        return [
            full.aspect - aspect, full.aspect + aspect, full.intensity - intensity, full.intensity + intensity
        ]  # fmt: skip

    with connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX dedupe_rival_index ON dedupe_rival {columns}")
    freshen("dedupe_rival")
    run = _by_statement(name, _BY_WINDOW, questions, window)
    return Rival(run.name, run.times, None, size_of("dedupe_rival_index") / _rows())


def _pgvector(questions: Sequence[Question]) -> Rival:
    name = "pgvector HNSW"
    if _rows() > _MOST_HNSW:
        return Rival(name, missing=f"left out beyond {_MOST_HNSW:,} rows, its index takes too long to build")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS vector")
            cursor.execute("ALTER TABLE dedupe_rival ADD COLUMN code bit(64)")
            cursor.execute("UPDATE dedupe_rival SET code = phash::bit(64)")
            cursor.execute("CREATE INDEX dedupe_rival_hnsw ON dedupe_rival USING hnsw (code bit_hamming_ops)")
    except DatabaseError as error:
        return Rival(name, missing=str(error).splitlines()[0])
    run = _by_statement(name, _BY_HNSW, questions, lambda q: [format(q.query.fingerprint.phash, "064b")])
    return Rival(name, run.times, run.found, size_of("dedupe_rival_hnsw") / _rows())


def _faiss(questions: Sequence[Question]) -> Rival:
    name = "faiss, flat, in memory"
    if find_spec("faiss") is None:
        return Rival(name, missing="the package faiss is not installed")
    faiss = import_module("faiss")
    faiss.omp_set_num_threads(1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT picture_id, phash FROM dedupe_rival")
        rows = np.array(cursor.fetchall(), np.int64)
    index = faiss.IndexBinaryFlat(64)
    index.add(rows[:, 1:].astype(">i8").view(np.uint8).reshape(-1, 8))
    seconds, found = [], []
    for question in questions:
        code = np.array([question.query.fingerprint.phash], ">u8").view(np.uint8).reshape(1, 8)
        started = time.perf_counter()
        _, places = index.search(code, 20)
        seconds.append(time.perf_counter() - started)
        found.append(question.planted[NEAR] in rows[places[0], 0])
    return Rival(name, Times.of(seconds), float(np.mean(found)), 8.0)


def _rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM dedupe_rival")
        (count,) = cursor.fetchone()
    return int(count)
