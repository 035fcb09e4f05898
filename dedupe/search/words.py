"""Finding pictures by the words they share: large crops, screenshots, collages, caption bars.

Three rounds, each bounded. The words of the query that few pictures have are looked up in the posting lists, and
every picture there is given the sum of log(library / pictures with the word) (Spärck Jones, "A statistical
interpretation of term specificity", 1972); of the best, the live ones are taken; these are ranked by how many words
stand in the same arrangement (``dedupe.imaging.voting``). The query in a mirror is looked up along with the query.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
from django.db import DatabaseError, connection, transaction

from dedupe.imaging.voting import vote_each
from dedupe.imaging.words import WORDS_VERSION, WordPoints
from dedupe.search.failures import SearchFailed
from dedupe.search.postings import key, list_lengths, read_postings

_COMMON = 0.005  # a word that so great a share of the library has says little and costs much
_NEVER_COMMON = 50  # pictures; a small library has no common words
_MOST_POSTINGS = 200_000  # read by one query, the rarest words first
_MOST_NEW = 20_000
_MOST_VOTED_ON = 300
_LEAST_VOTES = 2  # small drawings often have no third; the verification decides, and `limit` bounds its work

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Points = tuple[WordPoints, WordPoints]


@dataclass(frozen=True)
class WordCandidate:
    """A picture that shares words with the query in one arrangement: to be verified, not to be shown.

    ``score`` is the sum of the rarities of the shared words, in nats. ``votes`` counts the distinct words that
    agree. ``mirrored`` says that it was found by the query in a mirror.
    """

    picture_id: int
    score: float
    votes: int
    mirrored: bool


@dataclass(frozen=True)
class _Scored:
    """Pictures by falling score, and which of the two queries scored."""

    pictures: Ids
    scores: Floats
    mirrored: npt.NDArray[np.bool_]


def find_by_words(
    points: WordPoints,
    mirrored_points: WordPoints,
    *,
    leave_out: Collection[int] = (),
    limit: int = 10,
    statement_timeout_ms: int,
) -> list[WordCandidate]:
    """The live pictures that share an arrangement of words with the query, most votes first, at most ``limit``.

    Raises SearchFailed when a statement exceeds ``statement_timeout_ms``.
    """
    queries = (points, mirrored_points)
    with _limited(statement_timeout_ms):
        library = _library_size()
        parts = _postings(queries, library)
        scored = _scored(queries, parts, library)
        stored = _live_points(scored, leave_out)
    return _voted(queries, scored, stored)[:limit]


@contextmanager
def _limited(statement_timeout_ms: int) -> Iterator[None]:
    """One transaction whose statements have a time limit, which ends with it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(statement_timeout_ms)])
            yield
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except DatabaseError as error:
        raise SearchFailed(str(error)) from error


def _library_size() -> int:
    """About how many pictures have words, never too few: counting them would read them all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(picture_id), 0) FROM dedupe_visualwords")
        (greatest,) = cursor.fetchone()
    return int(greatest)


def _postings(queries: Points, library: int) -> list[tuple[int, list[int]]]:
    """The lists of the query's words, the shortest first until enough was read; common words are left out."""
    wanted = sorted({key(word) for query in queries for word in query.words.tolist()})
    lengths = list_lengths(wanted)
    longest = max(_NEVER_COMMON, _COMMON * library)
    by_length = sorted((lengths.get(each, 0), each) for each in wanted)
    total, chosen = 0, []
    for length, each in by_length:
        total += length
        if length > longest or total > _MOST_POSTINGS:
            break
        chosen.append(each)
    return read_postings(chosen, most_new=_MOST_NEW)


def _scored(queries: Points, parts: list[tuple[int, list[int]]], library: int) -> _Scored:
    """Every picture of the lists with the better of its two scores."""
    keys = np.array([each for each, _ in parts], np.int64)
    sizes = np.array([len(pictures) for _, pictures in parts], np.int64)
    listed = np.fromiter(chain.from_iterable(pictures for _, pictures in parts), np.int64, int(sizes.sum()))
    of_key, owner = np.unique(keys, return_inverse=True)
    lengths = np.bincount(owner, weights=sizes, minlength=len(of_key))
    rarity = np.log1p(library / np.maximum(lengths, 1))[owner]
    pictures, place = np.unique(listed, return_inverse=True)
    scores = np.stack(
        [
            np.bincount(place, np.repeat(rarity * np.isin(keys, _keys(query)), sizes), len(pictures))
            for query in queries
        ]
    )
    best = scores.max(axis=0)
    order = np.lexsort((pictures, -best))
    return _Scored(pictures[order], best[order], (scores[1] > scores[0])[order])


def _keys(query: WordPoints) -> Ids:
    return np.array([key(word) for word in query.words.tolist()], np.int64)


def _live_points(scored: _Scored, leave_out: Collection[int]) -> dict[int, WordPoints]:
    """The stored points of the best live pictures, at most _MOST_VOTED_ON.

    Asked for in growing helpings: often the first are all live, but a thousand withdrawn copies must not hide the
    one that is.
    """
    wanted = scored.pictures[~np.isin(scored.pictures, list(leave_out))]
    stored: dict[int, WordPoints] = {}
    start, helping = 0, _MOST_VOTED_ON
    while start < len(wanted) and len(stored) < _MOST_VOTED_ON:
        rows = _fetched(wanted[start : start + helping].tolist())
        for picture_id in wanted[start : start + helping].tolist():
            if picture_id in rows and len(stored) < _MOST_VOTED_ON:
                stored[picture_id] = WordPoints.from_bytes(rows[picture_id])
        start, helping = start + helping, helping * 4
    return stored


def _fetched(pictures: list[int]) -> dict[int, bytes]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT words.picture_id, words.points FROM dedupe_visualwords AS words"
            "  JOIN dedupe_picture AS picture ON picture.id = words.picture_id AND picture.state = 'live'"
            " WHERE words.picture_id = ANY(%s) AND words.version = %s",
            [pictures, WORDS_VERSION],
        )
        return dict(cursor.fetchall())


def _voted(queries: Points, scored: _Scored, stored: dict[int, WordPoints]) -> list[WordCandidate]:
    """The pictures with enough votes, most first; each is asked by the query that scored better."""
    found = []
    for mirrored, query in enumerate(queries):
        chosen = np.isin(scored.pictures, list(stored)) & (scored.mirrored == bool(mirrored))
        pictures, scores = scored.pictures[chosen].tolist(), scored.scores[chosen].tolist()
        if not pictures:
            continue
        votes = vote_each(query, [stored[each] for each in pictures])
        found += [
            WordCandidate(picture_id, score, each.count, bool(mirrored))
            for picture_id, score, each in zip(pictures, scores, votes, strict=True)
            if each.count >= _LEAST_VOTES
        ]
    return sorted(found, key=lambda each: (-each.votes, -each.score, each.picture_id))
