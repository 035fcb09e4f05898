"""Finding pictures by the words they share: large crops, screenshots, collages, caption bars.

Three rounds, each bounded. The words of the query that few pictures have are looked up in the posting lists, and
the pictures there are scored by the words they share (``dedupe.search.scoring``); of the best, the live ones are
taken; these are ranked by how many words stand in the same arrangement (``dedupe.imaging.voting``). The query in a
mirror is looked up along with the query.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from django.db import connection

from dedupe.conf import Matching
from dedupe.imaging import ViewWords
from dedupe.imaging.voting import vote_each
from dedupe.imaging.words import WORDS_VERSION, WordPoints
from dedupe.search.arrays import array_text
from dedupe.search.limits import limited
from dedupe.search.postings import key, library_size, list_lengths, read_postings
from dedupe.search.scoring import Points, Scored, scored

_COMMON = 0.005  # a word that so great a share of the library has says little and costs much
_NEVER_COMMON = 50  # pictures; a small library has no common words
_MOST_NEW = 50_000  # postings not yet merged: several times what waits under the words of one query
_MOST_VOTED_ON = 300
_LEAST_VOTES = 2  # small drawings often have no third; the verification decides, and bounds its work


# Two look-ups for each picture: the limits keep the planner from any other order.
_POINTS = """
SELECT wanted.picture, words.points
  FROM unnest(%s::bigint[]) AS wanted (picture)
 CROSS JOIN LATERAL (
   SELECT FROM dedupe_picture WHERE id = wanted.picture AND state = 'live' AND NOT matching_blocked LIMIT 1) AS live
 CROSS JOIN LATERAL (
   SELECT points FROM dedupe_visualwords WHERE picture_id = wanted.picture AND version = %s LIMIT 1) AS words
"""


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


def find_by_words(words: ViewWords, matching: Matching, leave_out: Collection[int] = ()) -> WordCandidates:
    """The live pictures that share an arrangement of words with the query, most votes first.

    At most ``matching.verified_candidates``. A library with more pictures than ``matching.words_library`` is not
    searched. Raises SearchFailed when a statement exceeds the time.
    """
    queries = (words.plain, words.mirrored)
    with limited(matching.statement_timeout_ms):
        library = library_size()
        if library > matching.words_library:
            return WordCandidates((), searched=False)
        chosen, cut = _chosen(queries, library, matching.words_postings)
        lists = read_postings(chosen, most_new=_MOST_NEW)
        live, points = _live(scored(queries, lists, library).without(leave_out))
    found = _voted(queries, live, points)[: matching.verified_candidates]
    return WordCandidates(tuple(found), cut=cut or lists.cut)


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


def _live(sharing: Scored) -> tuple[Scored, list[WordPoints]]:
    """The best live pictures, at most _MOST_VOTED_ON, and their stored points.

    Asked for in growing helpings: often the first are all live, but a thousand withdrawn copies must not hide the
    one that is.
    """
    places: list[int] = []
    packed: list[bytes] = []
    start, helping = 0, _MOST_VOTED_ON
    while start < len(sharing.pictures) and len(places) < _MOST_VOTED_ON:
        asked = sharing.pictures[start : start + helping].tolist()
        rows = _fetched(asked)
        live = [place for place, picture in enumerate(asked) if picture in rows][
            : _MOST_VOTED_ON - len(places)
        ]
        places += [start + place for place in live]
        packed += [rows[asked[place]] for place in live]
        start, helping = start + helping, helping * 4
    return sharing.taken(np.array(places, np.intp)), WordPoints.each_from_bytes(packed)


def _fetched(pictures: list[int]) -> dict[int, bytes]:
    with connection.cursor() as cursor:
        cursor.execute(_POINTS, [array_text(pictures), WORDS_VERSION])
        return dict(cursor.fetchall())


def _voted(queries: Points, live: Scored, points: list[WordPoints]) -> list[WordCandidate]:
    """The pictures with enough votes, most first; each is asked by the query that scored better."""
    found = []
    for mirrored, query in enumerate(queries):
        places = np.flatnonzero(live.mirrored == bool(mirrored)).tolist()
        votes = vote_each(query, [points[place] for place in places])
        found += [
            WordCandidate(int(live.pictures[place]), float(live.scores[place]), each.count, bool(mirrored))
            for place, each in zip(places, votes, strict=True)
            if each.count >= _LEAST_VOTES
        ]
    return sorted(found, key=lambda each: (-each.votes, -each.score, each.picture_id))
