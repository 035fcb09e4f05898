"""The posting lists: which pictures have a word. Written at two speeds, read as one.

A new picture's words go into ``NewPosting``, one row each. From time to time ``merge_postings`` moves them into the
lists of ``Posting``. It moves in one statement, and ``read_postings`` reads both tables in one statement, so that a
search sees each posting in exactly one place, whenever it comes.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction

from dedupe.imaging.features import LIBRARY_POINTS
from dedupe.imaging.words import WORD_BITS, WORDS_VERSION, WordPoints
from dedupe.models import VisualWords
from dedupe.search.arrays import array_text

FULL = 400
"""Pictures in a full part of a list: with them its row stays below the two kilobytes where Postgres moves it out."""

_POSTING_BYTES = 4
_MERGE_LOCK = 0x776F726473  # "words": the number of the advisory lock under which one process merges

_BACKLOG_SHARE = 0.05  # of the pictures of the library
_BACKLOG_POSTINGS = 5_000_000  # at most: a search reads what waits under its words, too

_KEEP = """
INSERT INTO dedupe_visualwords (picture_id, version, points) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING
"""

_POST = """
INSERT INTO dedupe_newposting (word, picture)
SELECT word, %(picture)s FROM unnest(%(words)s::int[]) AS fresh (word) ON CONFLICT DO NOTHING
"""

_MERGE = """
WITH moved AS (
  DELETE FROM dedupe_newposting
   WHERE ctid = ANY(ARRAY(SELECT ctid FROM dedupe_newposting ORDER BY word, picture LIMIT %(most)s))
  RETURNING word, picture),
ending AS MATERIALIZED (
  SELECT touched.word, part.chunk * %(full)s + length(part.pictures) / 4 AS length
    FROM (SELECT DISTINCT word FROM moved) AS touched
   CROSS JOIN LATERAL (SELECT chunk, pictures FROM dedupe_posting
                        WHERE word = touched.word ORDER BY chunk DESC LIMIT 1) AS part),
numbered AS (
  SELECT word, picture, coalesce(length, 0) + row_number() OVER (PARTITION BY word ORDER BY picture) - 1 AS place
    FROM moved LEFT JOIN ending USING (word)),
written AS (
  INSERT INTO dedupe_posting (word, chunk, pictures)
  SELECT word, place / %(full)s, string_agg(int4send(picture), ''::bytea ORDER BY picture) FROM numbered GROUP BY 1, 2
      ON CONFLICT (word, chunk) DO UPDATE SET pictures = dedupe_posting.pictures || excluded.pictures)
SELECT count(*) FROM moved
"""

_WAITING = "SELECT EXISTS (SELECT FROM dedupe_newposting OFFSET %s)"

_LENGTHS = """
SELECT wanted.word, part.chunk * %(full)s + length(part.pictures) / 4
  FROM unnest(%(words)s::int[]) AS wanted (word)
 CROSS JOIN LATERAL (SELECT chunk, pictures FROM dedupe_posting
                      WHERE word = wanted.word ORDER BY chunk DESC LIMIT 1) AS part
"""

_READ = """
SELECT word, pictures, false FROM dedupe_posting WHERE word = ANY(%(words)s::int[])
UNION ALL
SELECT word, string_agg(int4send(picture), ''::bytea), true
  FROM (SELECT word, picture FROM dedupe_newposting WHERE word = ANY(%(words)s::int[]) LIMIT %(most_new)s) AS recent
 GROUP BY word
"""


def key(word: int) -> int:
    """The word as the tables know it: words of two versions stand beside one another and never meet."""
    return WORDS_VERSION << WORD_BITS | word


def post_words(picture_id: int, points: WordPoints) -> None:
    """Keep the best LIBRARY_POINTS points of a picture and make it findable by them.

    Belongs into the transaction that commits the fingerprint. The same points a second time change nothing. The
    row of the picture's words is locked.
    """
    kept = points.first(LIBRARY_POINTS)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(_KEEP, [picture_id, WORDS_VERSION, kept.to_bytes()])
        posted = set() if cursor.rowcount else _replaced(picture_id, kept)
        fresh = sorted(set(kept.words.tolist()) - posted)
        cursor.execute(_POST, {"picture": picture_id, "words": array_text(key(word) for word in fresh)})


def _replaced(picture_id: int, points: WordPoints) -> set[int]:
    """Keep these points instead of those that are there, and return the words that are posted already."""
    row = VisualWords.objects.select_for_update().get(pk=picture_id)
    posted = set(row.word_points().words.tolist()) if row.version == WORDS_VERSION else set()
    row.version, row.points = WORDS_VERSION, points.to_bytes()
    row.save()
    return posted


def library_size() -> int:
    """About how many pictures have words, never too few: counting them would read them all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(picture_id), 0) FROM dedupe_visualwords")
        (greatest,) = cursor.fetchone()
    return int(greatest)


def backlog_when_due(library: int) -> int:
    """After so many waiting postings they are merged, in a library of so many pictures."""
    return int(min(_BACKLOG_POSTINGS, _BACKLOG_SHARE * library * LIBRARY_POINTS))


def merge_backlog(*, seconds: float = 30) -> int:
    """Move new postings into the lists when enough of them wait, for about so long; returns how many were moved.

    Every part of a list to which something is added is written anew. The more wait, the more of them share a part.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [backlog_when_due(library_size())])
        (due,) = cursor.fetchone()
    moved, until = 0, time.monotonic() + seconds
    while due and time.monotonic() < until and (more := merge_postings()):
        moved += more
    return moved


def merge_postings(*, most: int = 100_000) -> int:
    """Move at most ``most`` new postings into the lists and return how many were moved.

    Does nothing while another process merges.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_MERGE_LOCK])
        (alone,) = cursor.fetchone()
        if not alone:
            return 0
        cursor.execute(_MERGE, {"most": most, "full": FULL})
        (moved,) = cursor.fetchone()
    return int(moved)


def list_lengths(keys: Iterable[int]) -> dict[int, int]:
    """How many pictures stand in the merged list of each key; one row is read for each, however long the list."""
    with connection.cursor() as cursor:
        cursor.execute(_LENGTHS, {"words": array_text(keys), "full": FULL})
        return dict(cursor.fetchall())


@dataclass(frozen=True)
class PostingLists:
    """Lists in parts: of each part its key and its length, int64[n]; the pictures of all parts in a row, int64.

    ``cut`` says that as many new postings were read as was allowed: there may be more.
    """

    keys: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]
    pictures: npt.NDArray[np.int64]
    cut: bool = False


def read_postings(keys: Sequence[int], *, most_new: int) -> PostingLists:
    """The lists of these keys, and what is new under them: at most ``most_new`` postings of that, any of them."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, {"words": array_text(keys), "most_new": most_new})
        rows = cursor.fetchall()
    packed = [bytes(pictures) for _, pictures, _ in rows]
    lengths = np.array([len(part) // _POSTING_BYTES for part in packed], np.int64)
    is_new = np.array([new for _, _, new in rows], bool)
    return PostingLists(
        np.array([word for word, _, _ in rows], np.int64),
        lengths,
        np.frombuffer(b"".join(packed), ">i4").astype(np.int64),
        cut=bool(lengths[is_new].sum() >= most_new > 0),
    )
