"""The candidate query: from millions of live pictures to a few, by the union of independent routes.

The same bytes, the same pixels, the window on aspect and quadrant intensities, and the multi-index over the 64-bit
perceptual hash stand in one bounded statement; visual words and embedders follow with bounded statements of their
own. Only live pictures are candidates, which are those that everybody may see; the filter stands inside the
statements, before anything is ranked. Treatments with too little detail stand in neither index of the first
statement. Each branch is limited, and each statement has a time limit. The two index routes look for the query as it
is, turned and mirrored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, connection, transaction

from dedupe.conf import Matching
from dedupe.imaging import ALGORITHM_VERSION, LOW_DETAIL, Oriented, least_distance, orientations
from dedupe.models.fingerprints import signed
from dedupe.search import keys
from dedupe.search.embeddings import find_by_embeddings
from dedupe.search.failures import SearchFailed
from dedupe.search.query import Query
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


_EXACT = """
(SELECT id AS picture_id, 'checksum' AS route FROM dedupe_picture
  WHERE checksum = %(checksum)s AND state = 'live' LIMIT %(limit)s)
UNION ALL
(SELECT id, 'pixels' FROM dedupe_picture
  WHERE pixel_checksum = %(pixel_checksum)s AND state = 'live' LIMIT %(limit)s)
"""

_WINDOW = """
UNION ALL
(SELECT picture_id, 'window' FROM dedupe_fingerprint
  WHERE searchable AND NOT low_detail AND version = %(version)s AND window_key = ANY(%(window_keys)s)
    AND EXISTS (
      SELECT FROM unnest(%(aspects)s::float8[], %(quadrants1)s::float8[], %(quadrants2)s::float8[],
                         %(quadrants3)s::float8[], %(quadrants4)s::float8[]) AS wanted (aspect, one, two, three, four)
       WHERE abs(dedupe_fingerprint.aspect - wanted.aspect) <= %(window_aspect)s
         AND abs(quadrants[1] - one) <= %(window_intensity)s AND abs(quadrants[2] - two) <= %(window_intensity)s
         AND abs(quadrants[3] - three) <= %(window_intensity)s AND abs(quadrants[4] - four) <= %(window_intensity)s)
  LIMIT %(limit)s)
"""

_CHUNK = """
UNION ALL
(SELECT picture_id, 'hash{number}' FROM dedupe_fingerprint
  WHERE searchable AND NOT low_detail AND version = %(version)s AND chunk{number} = ANY(%(probes{number})s)
    AND EXISTS (SELECT FROM unnest(%(phashes)s::bigint[]) AS wanted (phash)
                 WHERE bit_count((dedupe_fingerprint.phash # wanted.phash)::bit(64)) <= %(phash_distance)s)
  LIMIT %(limit)s)
"""

_SEARCH = """
WITH hit AS ({branches}),
found AS (SELECT picture_id, array_agg(DISTINCT route) AS routes FROM hit GROUP BY picture_id)
SELECT found.picture_id, found.routes,
       (SELECT array_agg(dct_hash) FROM dedupe_fingerprint AS fingerprint
         WHERE fingerprint.picture_id = found.picture_id AND fingerprint.version = %(version)s) AS hashes,
       (SELECT array_agg(route) FROM (
          SELECT route FROM hit GROUP BY route HAVING count(*) >= %(limit)s) AS full_branch) AS cut
  FROM found
  JOIN dedupe_picture AS picture ON picture.id = found.picture_id AND picture.state = 'live'
 WHERE found.picture_id <> ALL(%(leave_out)s)
"""


def statement(query: Query, matching: Matching) -> tuple[str, dict[str, Any]]:
    """Return the SQL of the first statement and its parameters."""
    parameters: dict[str, Any] = {
        "checksum": query.checksum,
        "pixel_checksum": query.pixel_checksum,
        "version": ALGORITHM_VERSION,
        "limit": matching.branch_limit,
        "leave_out": list(query.leave_out),
    }
    branches = _EXACT
    detailed = [each for each in query.fingerprints if each.detail >= LOW_DETAIL]
    wanted = [each for fingerprint in detailed for each in orientations(fingerprint)]
    if wanted and matching.window_route:
        branches += _WINDOW
        parameters |= _window_parameters(wanted, matching)
    if wanted and matching.hash_route:
        branches += "".join(_CHUNK.format(number=number) for number in range(keys.CHUNKS))
        parameters |= _hash_parameters(wanted, matching)
    return _SEARCH.format(branches=branches), parameters


def _window_parameters(wanted: list[Oriented], matching: Matching) -> dict[str, Any]:
    window_keys = {
        key
        for each in wanted
        for key in keys.window_keys(
            each.aspect,
            each.quadrants,
            aspect_width=matching.window_aspect,
            intensity_width=matching.window_intensity,
        )
    }
    return {
        "window_keys": sorted(window_keys),
        "aspects": [each.aspect for each in wanted],
        "window_aspect": matching.window_aspect,
        "window_intensity": matching.window_intensity,
        **{f"quadrants{place + 1}": [each.quadrants[place] for each in wanted] for place in range(4)},
    }


def _hash_parameters(wanted: list[Oriented], matching: Matching) -> dict[str, Any]:
    chunks = zip(*(keys.chunks(each.phash) for each in wanted), strict=True)
    return {
        "phashes": [signed(each.phash) for each in wanted],
        "phash_distance": matching.phash_distance,
        **{
            f"probes{number}": sorted({probe for chunk in column for probe in keys.probes(chunk)})
            for number, column in enumerate(chunks)
        },
    }


def find_candidates(query: Query, matching: Matching) -> Candidates:
    """Search by all routes that are on.

    Raises SearchFailed when a statement exceeds ``matching.statement_timeout_ms``.
    """
    rows = _rows(query, matching)
    found = {row[0]: _candidate(row, query) for row in rows}
    _add_by_words(found, query, matching)
    not_searched = _add_by_embeddings(found, query, matching)
    ordered = sorted(found.values(), key=lambda each: (each.distance is None, each.distance, each.picture_id))
    cut = tuple(sorted(rows[0][3] or ())) if rows else ()
    return Candidates(tuple(ordered), cut, not_searched)


def _rows(query: Query, matching: Matching) -> list[tuple[Any, ...]]:
    sql, parameters = statement(query, matching)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, true)", [str(matching.statement_timeout_ms)]
            )
            cursor.execute(sql, parameters)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except DatabaseError as error:
        raise SearchFailed(str(error)) from error
    return rows


def _candidate(row: tuple[Any, ...], query: Query) -> Candidate:
    picture_id, routes, hashes, _ = row
    distance = least_distance(query.fingerprints, [bytes(each) for each in hashes]) if hashes else None
    return Candidate(picture_id, set(routes), distance)


def _add_by_words(found: dict[int, Candidate], query: Query, matching: Matching) -> None:
    if query.words is None or not matching.words_route or query.too_little_detail:
        return
    for each in find_by_words(
        query.words.plain,
        query.words.mirrored,
        leave_out=query.leave_out,
        limit=matching.verified_candidates,
        statement_timeout_ms=matching.statement_timeout_ms,
    ):
        candidate = found.setdefault(each.picture_id, Candidate(each.picture_id))
        candidate.routes.add(WORDS_ROUTE)
        candidate.votes = each.votes


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
