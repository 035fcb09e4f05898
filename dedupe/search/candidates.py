"""The one candidate query: from millions of live pictures to a few, in one bounded statement.

The union of four routes: the same bytes, the same pixels, the window on aspect and quadrant intensities, and the
multi-index over the 64-bit perceptual hash. Only live pictures are candidates, which are those that everybody may
see; the filter stands inside the statement, before anything is ranked. Pictures with too little detail stand in
neither index. Each branch is limited, and the whole has a time limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection, transaction

from dedupe.conf import Matching
from dedupe.imaging import ALGORITHM_VERSION, LOW_DETAIL, Fingerprint
from dedupe.models.fingerprints import signed
from dedupe.search import keys


class SearchFailed(Exception):
    """The candidate query could not be finished in time; this is not the same as nothing found."""


@dataclass(frozen=True)
class Candidate:
    """A picture from the index, not yet compared, and the routes that found it."""

    picture_id: int
    routes: tuple[str, ...]
    distance: int | None
    """Differing bits of the 256-bit hash, 0 to 256; None when the candidate has no fingerprint."""


@dataclass(frozen=True)
class Candidates:
    """What the query found, nearest first, and the branches that their limit cut short."""

    found: tuple[Candidate, ...]
    cut: tuple[str, ...]


@dataclass(frozen=True)
class Query:
    """What is looked for: the numbers of one picture, and the pictures to leave out."""

    fingerprint: Fingerprint
    checksum: str
    pixel_checksum: str
    leave_out: tuple[int, ...] = ()


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
    AND abs(aspect - %(aspect)s) <= %(window_aspect)s
    AND abs(quadrants[1] - %(quadrant1)s) <= %(window_intensity)s
    AND abs(quadrants[2] - %(quadrant2)s) <= %(window_intensity)s
    AND abs(quadrants[3] - %(quadrant3)s) <= %(window_intensity)s
    AND abs(quadrants[4] - %(quadrant4)s) <= %(window_intensity)s
  LIMIT %(limit)s)
"""

_CHUNK = """
UNION ALL
(SELECT picture_id, 'hash{number}' FROM dedupe_fingerprint
  WHERE searchable AND NOT low_detail AND version = %(version)s AND chunk{number} = ANY(%(probes{number})s)
    AND bit_count((phash # %(phash)s)::bit(64)) <= %(phash_distance)s
  LIMIT %(limit)s)
"""

_SEARCH = """
WITH hit AS ({branches}),
found AS (SELECT picture_id, array_agg(DISTINCT route) AS routes FROM hit GROUP BY picture_id)
SELECT found.picture_id, found.routes, fingerprint.dct_hash,
       (SELECT array_agg(route) FROM (
          SELECT route FROM hit GROUP BY route HAVING count(*) >= %(limit)s) AS full_branch) AS cut
  FROM found
  JOIN dedupe_picture AS picture ON picture.id = found.picture_id AND picture.state = 'live'
  LEFT JOIN dedupe_fingerprint AS fingerprint
    ON fingerprint.picture_id = found.picture_id AND fingerprint.version = %(version)s
   AND fingerprint.treatment = 'full'
 WHERE found.picture_id <> ALL(%(leave_out)s)
"""


def statement(query: Query, matching: Matching) -> tuple[str, dict[str, Any]]:
    """Return the SQL of the candidate query and its parameters."""
    fingerprint = query.fingerprint
    parameters: dict[str, Any] = {
        "checksum": query.checksum,
        "pixel_checksum": query.pixel_checksum,
        "version": ALGORITHM_VERSION,
        "limit": matching.branch_limit,
        "leave_out": list(query.leave_out),
    }
    branches = _EXACT
    if fingerprint.detail >= LOW_DETAIL:
        branches += _WINDOW + "".join(_CHUNK.format(number=number) for number in range(keys.CHUNKS))
        parameters |= _window_parameters(fingerprint, matching) | _hash_parameters(fingerprint, matching)
    return _SEARCH.format(branches=branches), parameters


def _window_parameters(fingerprint: Fingerprint, matching: Matching) -> dict[str, Any]:
    return {
        "window_keys": keys.window_keys(
            fingerprint.aspect,
            fingerprint.quadrants,
            aspect_width=matching.window_aspect,
            intensity_width=matching.window_intensity,
        ),
        "aspect": fingerprint.aspect,
        "window_aspect": matching.window_aspect,
        "window_intensity": matching.window_intensity,
        **{f"quadrant{number}": value for number, value in enumerate(fingerprint.quadrants, start=1)},
    }


def _hash_parameters(fingerprint: Fingerprint, matching: Matching) -> dict[str, Any]:
    pieces = keys.chunks(fingerprint.phash)
    return {
        "phash": signed(fingerprint.phash),
        "phash_distance": matching.phash_distance,
        **{f"probes{number}": keys.probes(chunk) for number, chunk in enumerate(pieces)},
    }


def hamming(first: bytes, second: bytes) -> int:
    """Count the bits that differ between two strings of the same length."""
    return (int.from_bytes(first, "big") ^ int.from_bytes(second, "big")).bit_count()


def find_candidates(query: Query, matching: Matching) -> Candidates:
    """Run the candidate query.

    Raises SearchFailed when it exceeds ``matching.statement_timeout_ms``.
    """
    sql, parameters = statement(query, matching)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, true)", [str(matching.statement_timeout_ms)]
            )
            cursor.execute(sql, parameters)
            rows = cursor.fetchall()
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except DatabaseError as error:
        raise SearchFailed(str(error)) from error
    found = [_candidate(row, query.fingerprint.dct_hash) for row in rows]
    found.sort(key=lambda each: (each.distance is None, each.distance, each.picture_id))
    return Candidates(tuple(found), tuple(sorted(rows[0][3] or ())) if rows else ())


def _candidate(row: tuple[Any, ...], dct_hash: bytes) -> Candidate:
    picture_id, routes, stored, _ = row
    distance = None if stored is None else hamming(bytes(stored), dct_hash)
    return Candidate(picture_id, tuple(sorted(routes)), distance)
