"""The candidate query: from millions of live pictures to a few, by the union of independent routes.

The same bytes, the same pixels, the window on aspect and quadrant intensities, and the multi-index over the 64-bit
perceptual hash stand in one bounded statement; visual words and embedders follow with bounded statements of their
own. Only live pictures are candidates, which are those that everybody may see; the filter stands inside the
statements, before anything is ranked. Hubs that were taken out of matching are none, unless their bytes are equal.
Treatments with too little detail stand in neither index of the first statement. Each branch is limited, and each
statement has a time limit. The two index routes look for the query as it is, turned and mirrored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connection

from dedupe.conf import Matching
from dedupe.imaging import least_distances
from dedupe.measures import Stage, searched, timed
from dedupe.search.embeddings import find_by_embeddings
from dedupe.search.limits import limited
from dedupe.search.query import Query
from dedupe.search.statement import statement
from dedupe.search.words import find_by_words

WORDS_ROUTE = "words"


@dataclass
class Candidate:
    """A picture from an index, not yet compared, and the routes that found it.

    ``distance`` counts the differing bits, 0 to 256, of the nearest pair of 256-bit hashes, over all treatments and
    orientations; None when that was not measured. ``votes`` counts the visual words in one arrangement.
    """

    picture_id: int
    routes: set[str] = field(default_factory=set)
    distance: int | None = None
    votes: int = 0


@dataclass(frozen=True)
class Candidates:
    """What the routes found, nearest hashes first; the branches that their limit cut short; routes that failed."""

    found: tuple[Candidate, ...]
    cut: tuple[str, ...]
    not_searched: tuple[str, ...] = ()


@timed(Stage.SEARCH)
def find_candidates(query: Query, matching: Matching) -> Candidates:
    """Search by all routes that are on.

    Raises SearchFailed when a statement exceeds ``matching.statement_timeout_ms``.
    """
    rows = _rows(query, matching)
    found = _measured([row for row in rows if row[0] is not None], query)
    cut = next(routes for picture_id, routes, _ in rows if picture_id is None) or ()
    words_cut, words_not_searched = _add_by_words(found, query, matching)
    not_searched = (*words_not_searched, *_add_by_embeddings(found, query, matching))
    searched.send(Candidate, candidates=len(found))
    ordered = sorted(found.values(), key=lambda each: (each.distance is None, each.distance, each.picture_id))
    return Candidates(tuple(ordered), tuple(sorted((*cut, *words_cut))), not_searched)


def _rows(query: Query, matching: Matching) -> list[tuple[Any, ...]]:
    """Planning the statement takes as long as running it: the server keeps the plan for the connection."""
    sql, values = statement(query, matching)
    with (
        limited(matching.statement_timeout_ms),
        connection.wrap_database_errors,
        psycopg.RawCursor(connection.connection) as cursor,
    ):
        cursor.execute(sql, values, prepare=True, binary=True)
        return cursor.fetchall()


def _measured(rows: list[tuple[Any, ...]], query: Query) -> dict[int, Candidate]:
    """The candidates by picture, with the distances of those whose hashes are stored."""
    hashes = [each.dct_hash for oriented in query.oriented for each in oriented]
    measured = {picture_id: list(map(bytes, stored)) for picture_id, _, stored in rows if stored}
    distances = dict(zip(measured, least_distances(hashes, list(measured.values())), strict=True))
    return {
        picture_id: Candidate(picture_id, set(routes), distances.get(picture_id))
        for picture_id, routes, _ in rows
    }


def _add_by_words(
    found: dict[int, Candidate], query: Query, matching: Matching
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Add what the words find. Returns the route where it was cut, and where it was not searched."""
    if query.words is None or not matching.words_route or query.too_little_detail:
        return (), ()
    by_words = find_by_words(query.words, matching, query.leave_out)
    for each in by_words.found:
        candidate = found.setdefault(each.picture_id, Candidate(each.picture_id))
        candidate.routes.add(WORDS_ROUTE)
        candidate.votes = each.votes
    return (WORDS_ROUTE,) * by_words.cut, (WORDS_ROUTE,) * (not by_words.searched)


def _add_by_embeddings(found: dict[int, Candidate], query: Query, matching: Matching) -> tuple[str, ...]:
    if not matching.embedding_routes or query.too_little_detail:
        return ()
    by_embeddings = find_by_embeddings(
        query.embeddings,
        leave_out=query.leave_out,
        limit=matching.verified_candidates,
        statement_timeout_ms=matching.statement_timeout_ms,
    )
    for each in by_embeddings.found:
        found.setdefault(each.picture_id, Candidate(each.picture_id)).routes.add(each.route)
    return by_embeddings.not_searched
