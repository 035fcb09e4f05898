"""The one statement of the candidate query: exact checksums, the window, and the multi-index, each within bounds.

Both index routes are given a list of places to look in, each with what must be near there. Of every place at most
``probe_limit`` entries (in the window ``window_limit``) are read, in the order of the index, and what is near is kept;
of all that a route has found the nearest ``branch_limit`` go on, the oldest first among equals. So the work is bounded
by the number of places, whatever is stored, and an equal library gives an equal answer. A crowd of pictures whose
hashes nearly agree may fill a place: the hashes that agree in every bit are looked up by themselves, so that no crowd
hides them.

Beside what was found, the statement tells in a row without a picture which routes a limit has cut short.

A picture that was taken out of matching (a hub) is found by its exact bytes alone.

The entries of a place are read by an index-only scan inside a nested loop; the limit around them keeps the planner
from any other plan (``tests/dedupe/scale/test_plans.py``).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from dedupe.conf import Matching
from dedupe.imaging import ALGORITHM_VERSION, LOW_DETAIL, Oriented
from dedupe.models.fingerprints import CHUNK_ORDERS, signed
from dedupe.search import keys
from dedupe.search.arrays import array_text
from dedupe.search.query import Query

# Conditions stand one after the other, so that most entries of a window are done with after the first comparison.
# In `near` distance and picture make one number, which sorts by distance and then by age: 15 bits and 48.

_EXACT = """
SELECT id AS picture_id, 'checksum' AS route FROM (
  SELECT id FROM dedupe_picture WHERE checksum = %(checksum)s AND state = 'live' LIMIT %(limit)s) AS same
UNION ALL
SELECT id, 'pixels' FROM (
  SELECT id FROM dedupe_picture WHERE pixel_checksum = %(pixel_checksum)s AND state = 'live'
   ORDER BY id LIMIT %(limit)s) AS same
"""

_WINDOW = """
window_places AS MATERIALIZED (
  SELECT near, visited >= %(window_limit)s AS filled
    FROM unnest(%(window_keys)s::int[], %(aspects)s::float8[], %(quadrants1)s::float8[], %(quadrants2)s::float8[],
                %(quadrants3)s::float8[], %(quadrants4)s::float8[]) AS wanted (key, aspect, one, two, three, four)
   CROSS JOIN LATERAL (
     SELECT array_agg((floor(1000 * greatest(abs(quadrants[1] - one), abs(quadrants[2] - two),
                                             abs(quadrants[3] - three), abs(quadrants[4] - four)))::bigint << 48)
                      | picture_id) FILTER (
              WHERE abs(there.aspect - wanted.aspect) <= %(window_aspect)s
                AND abs(quadrants[1] - one) <= %(window_intensity)s AND abs(quadrants[2] - two) <= %(window_intensity)s
                AND abs(quadrants[3] - three) <= %(window_intensity)s
                AND abs(quadrants[4] - four) <= %(window_intensity)s) AS near,
            count(*) AS visited
       FROM (SELECT picture_id, aspect, quadrants
               FROM dedupe_fingerprint
              WHERE searchable AND NOT low_detail AND version = %(version)s AND window_key = wanted.key
              ORDER BY picture_id LIMIT %(window_limit)s) AS there) AS place
   WHERE near IS NOT NULL OR visited >= %(window_limit)s)
"""

_CHUNK = """
hash{number}_places AS MATERIALIZED (
  SELECT near, visited >= %(probe_limit)s AS filled
    FROM unnest(%(phashes)s::bigint[]) AS wanted (phash)
   CROSS JOIN unnest(%(masks)s::int[]) AS neighbour (mask)
   CROSS JOIN LATERAL (
     SELECT array_agg((bit_count((there.phash # wanted.phash)::bit(64)) << 48) | picture_id) FILTER (
              WHERE bit_count((there.phash # wanted.phash)::bit(64)) <= %(phash_distance)s) AS near,
            count(*) AS visited
       FROM (SELECT picture_id, phash FROM dedupe_fingerprint
              WHERE searchable AND NOT low_detail AND version = %(version)s
                AND chunk{number} = ((wanted.phash >> {shift}) & 65535)::int # neighbour.mask
              ORDER BY {order} LIMIT %(probe_limit)s) AS there) AS place
   WHERE near IS NOT NULL OR visited >= %(probe_limit)s)
"""

_EQUAL_HASH = """
UNION ALL
SELECT picture_id, 'hash'
  FROM unnest(%(phashes)s::bigint[]) AS wanted (phash)
 CROSS JOIN LATERAL (
   SELECT picture_id FROM dedupe_fingerprint AS there
    WHERE searchable AND NOT low_detail AND version = %(version)s
      AND chunk0 = ((wanted.phash >> 48) & 65535)::int AND there.phash = wanted.phash
    ORDER BY picture_id LIMIT %(limit)s) AS equal
"""

_NEAREST = """
UNION ALL
SELECT picture_id, '{route}' FROM (
  SELECT each & ((1::bigint << 48) - 1) AS picture_id, min(each) AS nearest
    FROM {route}_places CROSS JOIN unnest(near) AS each GROUP BY 1 ORDER BY 2 LIMIT %(limit)s) AS nearest
"""

_FILLED = """
UNION ALL
SELECT '{route}' FROM {route}_places HAVING bool_or(filled)
"""

_SEARCH = """
WITH {places}hit AS ({hits}),
cut AS (SELECT route FROM hit GROUP BY route HAVING count(*) >= %(limit)s{filled}),
found AS (SELECT picture_id, array_agg(DISTINCT route) AS routes FROM hit GROUP BY picture_id)
SELECT NULL AS picture_id, array_agg(DISTINCT route) AS routes, NULL AS hashes FROM cut
UNION ALL
SELECT found.picture_id, found.routes,
       (SELECT array_agg(dct_hash) FROM dedupe_fingerprint AS fingerprint
         WHERE fingerprint.picture_id = found.picture_id AND fingerprint.version = %(version)s)
  FROM found
  JOIN dedupe_picture AS picture ON picture.id = found.picture_id AND picture.state = 'live'
   AND (NOT picture.matching_blocked OR 'checksum' = ANY(found.routes))
 WHERE found.picture_id <> ALL(%(leave_out)s::bigint[])
"""


def statement(query: Query, matching: Matching) -> tuple[str, list[Any]]:
    """The SQL with $1, $2, … and the values for them.

    Rows are (picture, routes, hashes); the one without a picture has the routes that were cut.
    """
    values: dict[str, Any] = {
        "checksum": query.checksum,
        "pixel_checksum": query.pixel_checksum,
        "version": ALGORITHM_VERSION,
        "limit": matching.branch_limit,
        "leave_out": array_text(query.leave_out),
    }
    wanted = _wanted(query, matching)
    by_window, by_hash = bool(wanted) and matching.window_route, bool(wanted) and matching.hash_route
    if by_window:
        values |= _window_values(wanted, matching)
    if by_hash:
        values["phashes"] = array_text(dict.fromkeys(signed(each.phash) for each in wanted))
        values |= {"phash_distance": matching.phash_distance, "probe_limit": matching.probe_limit}
    return _text(by_window, by_hash, tuple(values)), list(values.values())


@cache
def _text(by_window: bool, by_hash: bool, names: tuple[str, ...]) -> str:
    """The statement with these routes: always the same text, so that the server plans it once a connection."""
    routes = ["window"] * by_window + [f"hash{number}" for number in range(keys.CHUNKS)] * by_hash
    chunks = [
        _CHUNK.format(number=number, shift=shift, order=_order(number))
        for number, shift in enumerate(keys.SHIFTS)
    ]
    places = [_WINDOW] * by_window + chunks * by_hash
    hits = [_EXACT, *[_EQUAL_HASH] * by_hash, *(_NEAREST.format(route=route) for route in routes)]
    text = _SEARCH.format(
        places="".join(f"{each}," for each in places),
        hits="".join(hits),
        filled="".join(_FILLED.format(route=route) for route in routes),
    )
    numbered = {name: f"${number}" for number, name in enumerate(names, start=1)}
    return " ".join((text % {**numbered, "masks": f"'{array_text(keys.MASKS)}'"}).split())


def _order(number: int) -> str:
    return ", ".join({"picture": "picture_id"}.get(field, field) for field in CHUNK_ORDERS[number])


def _wanted(query: Query, matching: Matching) -> list[Oriented]:
    """What is looked for: every treatment with enough detail, the orientations of each behind it as it is."""
    pairs = zip(query.fingerprints, query.oriented, strict=True)
    detailed = [oriented for fingerprint, oriented in pairs if fingerprint.detail >= LOW_DETAIL]
    as_they_are = [first for first, *_ in detailed]
    return as_they_are + [each for _, *others in detailed for each in others if matching.turned]


def _window_values(wanted: list[Oriented], matching: Matching) -> dict[str, Any]:
    widths = {"aspect_width": matching.window_aspect, "intensity_width": matching.window_intensity}
    places: list[tuple[float, ...]] = []
    for each in wanted:
        own = (each.aspect, *each.quadrants)
        places += [(key, *own) for key in keys.window_keys(each.aspect, each.quadrants, **widths)]
    names = ("window_keys", "aspects", *(f"quadrants{number}" for number in range(1, 5)))
    arrays = {name: array_text(column) for name, column in zip(names, zip(*places, strict=True), strict=True)}
    return arrays | {
        "window_aspect": matching.window_aspect,
        "window_intensity": matching.window_intensity,
        "window_limit": matching.window_limit,
    }
