"""Which pictures share the rarest words with a query: one pass over the posting lists that were read.

Every picture in them is given the sum of log(library / pictures with the word) over the shared words (Spärck Jones, "A
statistical interpretation of term specificity", 1972), for the query as it is and for the query in a mirror.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedupe.imaging.words import WordPoints
from dedupe.search.postings import PostingLists, key

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Points = tuple[WordPoints, WordPoints]

_PART_BITS = 24  # more parts than a query has words, and fewer bits than pictures leave
_MOST_SCORED = 20_000  # pictures that are put in order: the others share next to nothing with the query


@dataclass(frozen=True)
class Scored:
    """Pictures by falling score, in nats, and which of the two queries scored: int64[n], float64[n], bool[n]."""

    pictures: Ids
    scores: Floats
    mirrored: npt.NDArray[np.bool_]

    def taken(self, places: npt.NDArray[np.intp]) -> Scored:
        """Those at these places, in their order."""
        return Scored(self.pictures[places], self.scores[places], self.mirrored[places])

    def without(self, pictures: Collection[int]) -> Scored:
        """All but these pictures."""
        return self.taken(np.flatnonzero(~np.isin(self.pictures, list(pictures)))) if pictures else self


def scored(queries: Points, lists: PostingLists, library: int) -> Scored:
    """The pictures of the lists, each with the better of its two scores."""
    of_key, owner = np.unique(lists.keys, return_inverse=True)
    lengths = np.bincount(owner, weights=lists.lengths, minlength=len(of_key))
    rarity = np.log1p(library / np.maximum(lengths, 1))[owner]
    # Picture and part in one number: sorting numbers is several times quicker than finding the order of pictures.
    parts = np.repeat(np.arange(len(lists.keys)), lists.lengths)
    postings = np.sort(lists.pictures << _PART_BITS | parts)
    listed, part = postings >> _PART_BITS, postings & ((1 << _PART_BITS) - 1)
    starts = np.flatnonzero(np.diff(listed, prepend=-1))
    plain, mirrored = (_sums((rarity * np.isin(lists.keys, _keys(query)))[part], starts) for query in queries)
    best = np.maximum(plain, mirrored)
    order = _best_first(best)
    return Scored(listed[starts][order], best[order], (mirrored > plain)[order])


def _sums(values: Floats, starts: Ids) -> Floats:
    """The sums of the stretches that begin at ``starts``, of which the first is 0."""
    return np.asarray(np.add.reduceat(values, starts) if len(starts) else np.zeros(0))


def _best_first(scores: Floats) -> npt.NDArray[np.intp]:
    """The order by falling score, equals as they stand; what scores like the last of the best belongs to them."""
    kept = np.arange(len(scores))
    if len(scores) > _MOST_SCORED:
        kept = np.flatnonzero(scores >= np.partition(scores, -_MOST_SCORED)[-_MOST_SCORED])
    return np.asarray(kept[np.argsort(-scores[kept], kind="stable")])


def _keys(query: WordPoints) -> Ids:
    return query.words.astype(np.int64) + key(0)
