"""Finding pictures by the words they share: large crops, screenshots, collages, caption bars.

Three rounds, each bounded. The words of the query that few pictures have are looked up in the posting lists, and
every picture there is given the sum of log(library / pictures with the word) (Spärck Jones, "A statistical
interpretation of term specificity", 1972); of the best, the live ones are taken; these are ranked by how many words
stand in the same arrangement (``dedupe.imaging.voting``). The query in a mirror is looked up along with the query.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt
from django.db import connection

from dedupe.conf import Matching
from dedupe.imaging import ViewWords
from dedupe.imaging.voting import vote_each
from dedupe.imaging.words import WORDS_VERSION, WordPoints
from dedupe.search.limits import limited
from dedupe.search.postings import PostingLists, key, list_lengths, read_postings

_COMMON = 0.005  # a word that so great a share of the library has says little and costs much
_NEVER_COMMON = 50  # pictures; a small library has no common words
_MOST_NEW = 50_000  # postings not yet merged: several times what waits under the words of one query
_MOST_VOTED_ON = 300
_PART_BITS = 24  # more parts than a query has words, and fewer bits than pictures leave
_LEAST_VOTES = 2  # small drawings often have no third; the verification decides, and bounds its work

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
class WordCandidates:
    """What was found; whether lists were left out because there was too much to read; whether there was a search."""

    found: tuple[WordCandidate, ...]
    cut: bool = False
    searched: bool = True


@dataclass(frozen=True)
class _Scored:
    """Pictures by falling score, and which of the two queries scored."""

    pictures: Ids
    scores: Floats
    mirrored: npt.NDArray[np.bool_]


def find_by_words(words: ViewWords, matching: Matching, leave_out: Collection[int] = ()) -> WordCandidates:
    """The live pictures that share an arrangement of words with the query, most votes first.

    At most ``matching.verified_candidates``. A library with more pictures than ``matching.words_library`` is not
    searched. Raises SearchFailed when a statement exceeds the time.
    """
    queries = (words.plain, words.mirrored)
    with limited(matching.statement_timeout_ms):
        library = _library_size()
        if library > matching.words_library:
            return WordCandidates((), searched=False)
        chosen, cut = _chosen(queries, library, matching.words_postings)
        scored = _scored(queries, read_postings(chosen, most_new=_MOST_NEW), library)
        stored = _live_points(scored, leave_out)
    found = _voted(queries, scored, stored)[: matching.verified_candidates]
    return WordCandidates(tuple(found), cut=cut)


def _library_size() -> int:
    """About how many pictures have words, never too few: counting them would read them all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(picture_id), 0) FROM dedupe_visualwords")
        (greatest,) = cursor.fetchone()
    return int(greatest)


def _chosen(queries: Points, library: int, most: int) -> tuple[list[int], bool]:
    """The keys whose lists are read, the shortest first, and whether ``most`` postings in all left any out.

    Common words are left out without a word: they hardly tell one picture from another.
    """
    wanted = sorted({key(word) for query in queries for word in query.words.tolist()})
    lengths = list_lengths(wanted)
    longest = max(_NEVER_COMMON, _COMMON * library)
    rare = sorted((length, each) for each in wanted if (length := lengths.get(each, 0)) <= longest)
    within = sum(1 for total in accumulate(length for length, _ in rare) if total <= most)
    return [each for _, each in rare[:within]], within < len(rare)


def _scored(queries: Points, lists: PostingLists, library: int) -> _Scored:
    """Every picture of the lists with the better of its two scores."""
    of_key, owner = np.unique(lists.keys, return_inverse=True)
    lengths = np.bincount(owner, weights=lists.lengths, minlength=len(of_key))
    rarity = np.log1p(library / np.maximum(lengths, 1))[owner]
    # Picture and part in one number: sorting numbers is several times quicker than finding the order of pictures.
    parts = np.repeat(np.arange(len(lists.keys)), lists.lengths)
    postings = np.sort(lists.pictures << _PART_BITS | parts)
    listed, part = postings >> _PART_BITS, postings & ((1 << _PART_BITS) - 1)
    starts = np.flatnonzero(np.diff(listed, prepend=-1))
    scores = np.stack(
        [_sums((rarity * np.isin(lists.keys, _keys(query)))[part], starts) for query in queries]
    )
    best = scores.max(axis=0)
    pictures = listed[starts]
    order = np.lexsort((pictures, -best))
    return _Scored(pictures[order], best[order], (scores[1] > scores[0])[order])


def _sums(values: Floats, starts: Ids) -> Floats:
    """The sums of the stretches that begin at ``starts``, of which the first is 0."""
    return np.asarray(np.add.reduceat(values, starts) if len(starts) else np.zeros(0))


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
