"""Do the words that two pictures share stand in the same arrangement?

Each shared word proposes, by the places, sizes and directions of its two points, one similarity (shift, turn and
change of size) from picture to picture; the others vote for it if they agree. This is the exhaustive form of the
single-correspondence hypotheses of Philbin et al. ("Object Retrieval with Large Vocabularies and Fast Spatial
Matching", CVPR 2007): no chance, the same answer every time.

Votes rank candidates. They accuse nobody: an icon and a drawing may agree in a dozen words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from .words import WORD_BITS, WordPoints

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]
Indices = npt.NDArray[np.int64]

_TOLERANCE = 0.05  # of the longest side of the picture that is shown smaller
_TURN_TOLERANCE = 25.0  # degrees
_SIZE_TOLERANCE = 0.6  # octaves
_MOST_PAIRS = 64  # of one stored picture: work grows with their square
_MOST_COMPARED = 65_536  # at once, at some 200 bytes each


@dataclass(frozen=True)
class Votes:
    """How many distinct words at distinct places agree, 0 to 64, and on what.

    ``similarity`` is float64[2, 3]: it takes (x, y, 1) of the query to x and y of the stored picture, both in units
    of the longest side. None without votes.
    """

    count: int
    similarity: Floats | None


@dataclass(frozen=True)
class _Pairs:
    """Points of the query and of stored pictures under the same word, all of one ``owner`` beside each other.

    Places are x + iy; ``change`` is growth and turn from here to there as one number. ``weight`` is 1 shared by all
    pairs of the owner under one word. The keys are equal where word or place are.
    """

    owner: Indices
    here: Complexes
    there: Complexes
    change: Complexes
    weight: Floats
    keys: tuple[Indices, Indices, Indices]

    def taken(self, part: slice) -> _Pairs:
        """Those of this part."""
        word, here, there = self.keys
        return _Pairs(
            self.owner[part],
            self.here[part],
            self.there[part],
            self.change[part],
            self.weight[part],
            (word[part], here[part], there[part]),
        )


def vote(query: WordPoints, stored: WordPoints) -> Votes:
    """The best arrangement that the shared words agree on; count is 0 where no word is shared."""
    return vote_each(query, [stored])[0]


def vote_each(query: WordPoints, stored: Sequence[WordPoints]) -> list[Votes]:
    """The votes for each of the stored pictures, in their order, at a small part of the price of one by one."""
    if not stored:
        return []
    pairs = _pairs(query, stored)
    if not len(pairs.owner):
        return [Votes(0, None) for _ in stored]
    voters = np.concatenate([each.start + _voters(pairs.taken(each)) for each in _helpings(pairs.owner)])
    counts = _distinct(pairs, voters, len(stored))
    similarities = _similarities(pairs, voters, len(stored))
    return [
        Votes(count, similarity if count else None)
        for count, similarity in zip(counts.tolist(), similarities, strict=True)
    ]


def _helpings(owner: Indices) -> list[slice]:
    """Whole owners beside each other, who stand in order, with about _MOST_COMPARED comparisons in each helping."""
    _, starts, counts = np.unique(owner, return_index=True, return_counts=True)
    helping = np.cumsum(counts**2) // _MOST_COMPARED
    bounds = [*starts[np.flatnonzero(np.diff(helping, prepend=-1))].tolist(), len(owner)]
    return [slice(start, end) for start, end in pairwise(bounds)]


def _voters(pairs: _Pairs) -> Indices:
    """Which pairs agree with the proposal of their owner that has most support."""
    first, second = _side_by_side(pairs.owner)
    agreeing = _agree(pairs, first, second)
    first, second = first[agreeing], second[agreeing]
    support = np.bincount(first, pairs.weight[second], len(pairs.owner))
    by_support = np.lexsort((-support, pairs.owner))
    _, leading = np.unique(pairs.owner[by_support], return_index=True)
    return second[np.isin(first, by_support[leading])]


def _pairs(query: WordPoints, stored: Sequence[WordPoints]) -> _Pairs:
    """All pairs under one word, the least ambiguous of each stored picture first, at most _MOST_PAIRS of each."""
    words = np.concatenate([each.words for each in stored])
    places = np.concatenate([each.places for each in stored])
    owners = np.repeat(np.arange(len(stored)), [len(each) for each in stored])
    by_word = np.argsort(query.words, kind="stable")
    ordered = query.words[by_word]
    start, end = np.searchsorted(ordered, words, "left"), np.searchsorted(ordered, words, "right")
    there = np.repeat(np.arange(len(words)), end - start)
    here = by_word[np.repeat(start, end - start) + _ramps(end - start)]
    owner = owners[there]
    _, same, uses = np.unique(owner << WORD_BITS | words[there], return_inverse=True, return_counts=True)
    order = np.lexsort((uses[same], owner))
    order = order[_ramps(np.unique(owner, return_counts=True)[1]) < _MOST_PAIRS]
    pairs = query.taken(here[order]), WordPoints(words, places).taken(there[order])
    return _paired(owner[order], *pairs, weight=1 / uses[same][order])


def _paired(owner: Indices, query: WordPoints, stored: WordPoints, weight: Floats) -> _Pairs:
    """The numbers of pairs, from the query's point and the stored one of each."""
    here, there = query.points().astype(float), stored.points().astype(float)
    of_owner = owner << WORD_BITS
    return _Pairs(
        owner=owner,
        here=here[:, 0] + 1j * here[:, 1],
        there=there[:, 0] + 1j * there[:, 1],
        change=there[:, 2] / here[:, 2] * np.exp(1j * np.radians(there[:, 3] - here[:, 3])),
        weight=weight,
        keys=(of_owner | stored.words, of_owner | _place_keys(query), of_owner | _place_keys(stored)),
    )


def _place_keys(points: WordPoints) -> Indices:
    x, y = points.places[:, :2].T.astype(np.int64)
    return np.asarray(x << (WORD_BITS // 2) | y)


def _ramps(counts: Indices) -> Indices:
    """0, 1, … below each of the counts, one after the other."""
    ends = np.cumsum(counts)
    return np.asarray(np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts))


def _side_by_side(owner: Indices) -> tuple[Indices, Indices]:
    """Every pair beside every pair of the same owner, itself among them; owners stand in order."""
    _, starts, position, counts = np.unique(owner, return_index=True, return_inverse=True, return_counts=True)
    each = counts[position]
    return np.repeat(np.arange(len(owner)), each), np.repeat(starts[position], each) + _ramps(each)


def _agree(pairs: _Pairs, first: Indices, second: Indices) -> npt.NDArray[np.bool_]:
    """Whether the second pair agrees with the similarity that the first proposes."""
    here = pairs.here[second] - pairs.here[first]
    there = pairs.there[second] - pairs.there[first]
    change = pairs.change[first]
    near = np.abs(change * here - there) <= _TOLERANCE * np.minimum(1, np.abs(change))
    ratio = pairs.change[second] / change
    alike = np.abs(np.log2(np.abs(ratio))) <= _SIZE_TOLERANCE
    return np.asarray(near & alike & (np.abs(np.angle(ratio)) <= np.radians(_TURN_TOLERANCE)))


def _distinct(pairs: _Pairs, voters: Indices, count: int) -> Indices:
    """For each owner the distinct words of the voters, or their distinct places if these are fewer."""
    by_key = [np.bincount(np.unique(keys[voters]) >> WORD_BITS, minlength=count) for keys in pairs.keys]
    return np.asarray(np.minimum.reduce(by_key))


def _similarities(pairs: _Pairs, voters: Indices, count: int) -> Floats:
    """Least squares over each owner's voters, there = a · here + b with complex a and b, as float64[count, 2, 3]."""
    owner = pairs.owner[voters]

    def mean(values: Complexes) -> Complexes:
        sums = np.bincount(owner, values.real, count) + 1j * np.bincount(owner, values.imag, count)
        return np.asarray(sums / np.maximum(np.bincount(owner, minlength=count), 1))

    middle_here, middle_there = mean(pairs.here[voters]), mean(pairs.there[voters])
    here, there = pairs.here[voters] - middle_here[owner], pairs.there[voters] - middle_there[owner]
    spread = mean(here * here.conj()).real
    # Voters in one spot tell nothing about size and turn; their points do.
    fitted = mean(here.conj() * there) / np.maximum(spread, 1e-12)
    a = np.where(spread > 1e-4, fitted, mean(pairs.change[voters]))
    b = middle_there - a * middle_here
    return np.stack([a.real, -a.imag, b.real, a.imag, a.real, b.imag], axis=1).reshape(count, 2, 3)
