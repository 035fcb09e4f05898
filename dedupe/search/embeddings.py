"""A route for each embedder: keep its values, and find the pictures whose values lie near.

One bounded statement an embedder reads the index of sketches; the exact distances of the few that it gives are then
measured by the embedder itself. Only live pictures are candidates, as in the one candidate query.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from dedupe.embedding import CHUNKS, EmbedderFailed, Sketch, Value, decode, encode, sketch
from dedupe.models import Embedding, Picture, State
from dedupe.models.fingerprints import signed
from dedupe.search.embedders import ROUTE, Embedded, Embeddings, configured
from dedupe.search.limits import limited

log = logging.getLogger(__name__)

_MEASURED = 200
"""So many values are fetched and measured exactly for each embedder, at most: those of the nearest sketches."""
_SCANNED = 50_000
"""So many entries of the index are read in each of the four branches, at most: a crowd of like pictures, such as
ten thousand blank pages, must not slow down the search of its next member."""


@dataclass(frozen=True)
class EmbeddingCandidate:
    """A picture from the index of sketches, and its exact distance by the measure of the embedder ``name``."""

    picture_id: int
    name: str
    distance: float

    @property
    def route(self) -> str:
        return ROUTE + self.name


@dataclass(frozen=True)
class EmbeddingCandidates:
    """What the embedders found, nearest first for each, and the routes that could not be searched."""

    found: tuple[EmbeddingCandidate, ...]
    not_searched: tuple[str, ...]


def keep_embeddings(picture_id: int, embeddings: Embeddings) -> None:
    """Write down what the embedders made of a picture; what stood there for the same versions is replaced.

    The picture is locked meanwhile, so that ``searchable`` cannot miss a move of the picture.
    """
    if not embeddings.made:
        return
    with transaction.atomic():
        locked = Picture.objects.select_for_update(no_key=True).get(pk=picture_id)
        for embedded in embeddings.made:
            Embedding.objects.update_or_create(
                picture=locked,
                name=embedded.embedder.name,
                version=embedded.embedder.version,
                defaults=_columns(embedded) | {"searchable": locked.state == State.LIVE},
            )


def _columns(embedded: Embedded) -> dict[str, Any]:
    if embedded.value is None:
        return {"data": b"", "sketch": None} | {f"chunk{number}": None for number in range(CHUNKS)}
    made = sketch(embedded.value)
    chunks = {f"chunk{number}": chunk for number, chunk in enumerate(made.chunks())}
    return {"data": encode(embedded.value), "sketch": signed(made.bits), **chunks}


def embeddings_of(picture_id: int) -> Embeddings:
    """What is kept of a picture for the configured embedders. One without a usable row counts as failed."""
    rows = {(row.name, row.version): row for row in Embedding.objects.filter(picture=picture_id)}
    made: list[Embedded] = []
    failed = [each.route for each in configured().broken]
    for embedder in configured().embedders:
        row = rows.get((embedder.name, embedder.version))
        try:
            if row is None:
                raise EmbedderFailed(f"picture {picture_id} has no value of {embedder.name}")
            made.append(Embedded(embedder, decode(embedder, bytes(row.data)) if row.data else None))
        except EmbedderFailed as error:
            log.info("A route is not searched: %s", error)
            failed.append(ROUTE + embedder.name)
    return Embeddings(tuple(made), tuple(failed))


def find_by_embeddings(
    embeddings: Embeddings, *, leave_out: tuple[int, ...], limit: int, statement_timeout_ms: int
) -> EmbeddingCandidates:
    """Find the live pictures whose values lie within each embedder's ``ask_distance`` (inclusive).

    At most ``limit`` for each embedder, nearest first. An embedder that fails is logged and named in
    ``not_searched``. Raises SearchFailed when a statement exceeds the time.
    """
    found: list[EmbeddingCandidate] = []
    not_searched = list(embeddings.failed)
    for embedded in embeddings.made:
        if embedded.value is None:
            continue
        rows = _nearest_sketches(embedded, leave_out, statement_timeout_ms)
        try:
            near = sorted(_measured(embedded, rows), key=lambda each: (each.distance, each.picture_id))
            found += near[:limit]
        except EmbedderFailed as error:
            log.warning("Embedder %s failed: %s", embedded.embedder.name, error)
            not_searched.append(embedded.route)
    return EmbeddingCandidates(tuple(found), tuple(dict.fromkeys(not_searched)))


_BRANCH = """
(SELECT picture_id, bit_count((sketch # %(sketch)s)::bit(64)) AS bits
   FROM (SELECT picture_id, sketch FROM dedupe_embedding
          WHERE searchable AND sketch IS NOT NULL AND name = %(name)s AND version = %(version)s
            AND chunk{number} = ANY(%(probes{number})s) AND picture_id <> ALL(%(leave_out)s)
          LIMIT %(scanned)s) AS branch
  ORDER BY bits, picture_id LIMIT %(measured)s)
"""

_SEARCH = """
WITH hit AS ({branches}),
nearest AS (
  SELECT hit.picture_id, min(hit.bits) AS bits
    FROM hit
    JOIN dedupe_picture AS picture
      ON picture.id = hit.picture_id AND picture.state = 'live' AND NOT picture.matching_blocked
   GROUP BY hit.picture_id
   ORDER BY bits, hit.picture_id
   LIMIT %(measured)s)
SELECT nearest.picture_id, embedding.data
  FROM nearest
  JOIN dedupe_embedding AS embedding
    ON embedding.picture_id = nearest.picture_id AND embedding.name = %(name)s AND embedding.version = %(version)s
"""

_STATEMENT = _SEARCH.format(
    branches="UNION ALL".join(_BRANCH.format(number=number) for number in range(CHUNKS))
)


def _nearest_sketches(
    embedded: Embedded, leave_out: tuple[int, ...], statement_timeout_ms: int
) -> list[tuple[int, bytes]]:
    """The pictures of the nearest sketches with their stored values. Raises SearchFailed."""
    assert embedded.value is not None, "a picture without a value has no sketch"
    parameters = _parameters(embedded, sketch(embedded.value)) | {"leave_out": list(leave_out)}
    with limited(statement_timeout_ms) as cursor:
        cursor.execute(_STATEMENT, parameters)
        rows = cursor.fetchall()
    return [(picture_id, bytes(data)) for picture_id, data in rows]


def _parameters(embedded: Embedded, looked_for: Sketch) -> dict[str, Any]:
    return {
        "name": embedded.embedder.name,
        "version": embedded.embedder.version,
        "sketch": signed(looked_for.bits),
        "scanned": _SCANNED,
        "measured": _MEASURED,
        **{f"probes{number}": looked_for.probes(number) for number in range(CHUNKS)},
    }


def _measured(embedded: Embedded, rows: list[tuple[int, bytes]]) -> Iterator[EmbeddingCandidate]:
    """The stored values near enough, with their exact distances. Raises EmbedderFailed.

    Stored bytes that cannot be a value of this embedder are passed over with a log line.
    """
    embedder = embedded.embedder
    for picture_id, data in rows:
        try:
            stored = decode(embedder, data)
        except EmbedderFailed as error:
            log.warning("Picture %d is passed over: %s", picture_id, error)
            continue
        distance = _distance(embedded, stored)
        if distance <= embedder.ask_distance:
            yield EmbeddingCandidate(picture_id, embedder.name, distance)


def _distance(embedded: Embedded, stored: Value) -> float:
    assert embedded.value is not None
    try:
        distance = float(embedded.embedder.distance(embedded.value, stored))
    except Exception as error:  # an embedder is a stranger's code
        raise EmbedderFailed(f"its distance raised {error!r}") from error
    if not math.isfinite(distance) or distance < 0:
        raise EmbedderFailed(f"its distance was {distance}")
    return distance
