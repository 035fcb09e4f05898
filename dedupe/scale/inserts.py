"""What the search costs an upload: storing the numbers of a picture while the indexes are large."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from dedupe.imaging.features import LIBRARY_POINTS
from dedupe.imaging.words import WORDS_VERSION, WordPoints
from dedupe.scale.clock import Times
from dedupe.scale.copying import Block, copy_in, numbers
from dedupe.scale.indexes import freshen
from dedupe.scale.library import fill
from dedupe.scale.population import Ids, drawn
from dedupe.scale.word_population import word_blocks
from dedupe.search import postings

_MERGES = 10
_COLUMNS = (
    "picture_id, version, treatment, intensity, quadrants, aspect, detail, phash, dct_hash, luma, box, searchable,"
    " low_detail, window_key, chunk0, chunk1, chunk2, chunk3"
)
_STORE = f"INSERT INTO dedupe_fingerprint ({_COLUMNS}) SELECT {_COLUMNS} FROM taken WHERE picture_id = %s"  # noqa: S608
_PUBLISH = "UPDATE dedupe_fingerprint SET searchable = true WHERE picture_id = %s"
_KEEP = "INSERT INTO dedupe_visualwords (picture_id, version, points) VALUES (%s, %s, %s)"
_POST = """
INSERT INTO dedupe_newposting (word, picture)
SELECT word, %s FROM unnest(%s::int[]) AS fresh (word) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Inserts:
    """Milliseconds a picture in the database: fingerprint stored and published, words stored, and merged later."""

    fingerprints: Times
    words: Times
    merge_ms: float

    @property
    def words_and_merge(self) -> float:
        """The median and the merge together."""
        return self.words.p50 + self.merge_ms


def insert(count: int, first: int, seed: int) -> Inserts:
    """Store so many more pictures one by one, from ``first`` on, by the statements of an analysis and a publication.

    Timed is what Postgres takes for planning and running them; transactions and the way there an upload has anyway.
    """
    rng = np.random.default_rng([seed, 1 << 34])
    fill([drawn(np.arange(first, first + count), rng)])
    (block,) = word_blocks(count, seed + 1)
    fingerprints, words = [], []
    with transaction.atomic(), connection.cursor() as cursor:
        _take_back(cursor, first, rng)
        for picture, own in zip((first - 1 + block[0]).tolist(), block[1], strict=True):
            stored = _seconds(cursor, _STORE, [picture])
            fingerprints.append(stored + _seconds(cursor, _PUBLISH, [picture]))
            words.append(_posted(cursor, picture, own, rng))
        cursor.execute("DROP TABLE taken")
    return Inserts(Times.of(fingerprints), Times.of(words), _merge_ms(first + count, seed))


def _take_back(cursor: CursorWrapper, first: int, rng: np.random.Generator) -> None:
    """Put the last fingerprints aside, as they are before their publication, with as many bytes as real ones have."""
    cursor.execute(
        "CREATE TEMP TABLE taken AS SELECT * FROM dedupe_fingerprint WHERE picture_id >= %s", [first]
    )
    cursor.execute("UPDATE taken SET searchable = false, luma = %s", [rng.bytes(4096)])
    cursor.execute("DELETE FROM dedupe_fingerprint WHERE picture_id >= %s", [first])


def _posted(
    cursor: CursorWrapper, picture: int, words: npt.NDArray[np.int32], rng: np.random.Generator
) -> float:
    places = rng.integers(0, 256, (len(words), 4)).astype(np.uint16)
    kept = _seconds(cursor, _KEEP, [picture, WORDS_VERSION, WordPoints(words, places).to_bytes()])
    return kept + _seconds(
        cursor, _POST, [picture, [postings.key(word) for word in sorted(set(words.tolist()))]]
    )


def _seconds(cursor: CursorWrapper, order: str, values: Sequence[Any]) -> float:
    """What Postgres says that it took for planning and running a statement."""
    cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {order}", values)
    (said,) = cursor.fetchone()
    (plan,) = json.loads(said) if isinstance(said, str) else said
    return float(plan["Planning Time"] + plan["Execution Time"]) / 1000


def _merge_ms(library: int, seed: int) -> float:
    """Milliseconds a picture of a merge that begins when it is due."""
    waiting = postings.backlog_when_due(library) // LIBRARY_POINTS + 1
    blocks = word_blocks(waiting, seed + 2)
    copy_in("dedupe_newposting", (_new_postings(library + pictures, words) for pictures, words in blocks))
    freshen("dedupe_newposting")
    started, merged = time.perf_counter(), 0
    for _ in range(_MERGES):
        merged += postings.merge_postings()
    return 1000 * (time.perf_counter() - started) / merged * LIBRARY_POINTS


def _new_postings(pictures: Ids, words: npt.NDArray[np.int32]) -> Block:
    """Each word of each picture once."""
    pairs = np.unique(words.astype(np.int64) << 32 | pictures[:, None])
    return {
        "word": numbers((pairs >> 32) + postings.key(0), "i4"),
        "picture": numbers(pairs & 0xFFFFFFFF, "i4"),
    }
