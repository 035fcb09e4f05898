"""Do the words that two pictures share stand in the same arrangement?

Each shared word proposes, by the places, sizes and directions of its two points, one similarity (shift, turn and
change of size) from picture to picture; the others vote for it if they agree. This is the exhaustive form of the
single-correspondence hypotheses of Philbin et al. ("Object Retrieval with Large Vocabularies and Fast Spatial
Matching", CVPR 2007): no chance, the same answer every time.

Votes rank candidates. They accuse nobody: an icon and a drawing may agree in a dozen words.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .words import WordPoints

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]
Indices = npt.NDArray[np.intp]

_TOLERANCE = 0.05  # of the longest side of the picture that is shown smaller
_TURN_TOLERANCE = 25.0  # degrees
_SIZE_TOLERANCE = 0.6  # octaves
_MOST_PAIRS = 96


@dataclass(frozen=True)
class Votes:
    """How many distinct words agree, and on what.

    ``similarity`` is float64[2, 3]: it takes (x, y, 1) of the query to x and y of the stored picture, both in units
    of the longest side. None without votes.
    """

    count: int
    similarity: Floats | None


@dataclass(frozen=True)
class _Pairs:
    """Points of query and stored picture under the same word; places as x + iy, turn and growth as one number."""

    words: npt.NDArray[np.int32]
    here: Complexes
    there: Complexes
    change: Complexes
    weight: Floats


def vote(query: WordPoints, stored: WordPoints) -> Votes:
    """The best arrangement that the shared words agree on; count is 0 where no word is shared."""
    pairs = _pairs(query, stored)
    if not len(pairs.words):
        return Votes(0, None)
    agreeing = _agreeing(pairs)
    best = int((agreeing @ pairs.weight).argmax())
    voters = np.flatnonzero(agreeing[best])
    distinct = min(len(np.unique(each[voters])) for each in (pairs.words, pairs.here, pairs.there))
    return Votes(distinct, _similarity(pairs, voters, best))


def _pairs(query: WordPoints, stored: WordPoints) -> _Pairs:
    """All pairs under one word, the least ambiguous first, at most _MOST_PAIRS."""
    of_query, of_stored = np.nonzero(query.words[:, None] == stored.words[None, :])
    words, position, uses = np.unique(query.words[of_query], return_inverse=True, return_counts=True)
    order = np.argsort(uses[position], kind="stable")[:_MOST_PAIRS]
    here, there = (
        query.points()[of_query[order]].astype(float),
        stored.points()[of_stored[order]].astype(float),
    )
    turn = np.radians(there[:, 3] - here[:, 3])
    return _Pairs(
        words=words[position[order]],
        here=here[:, 0] + 1j * here[:, 1],
        there=there[:, 0] + 1j * there[:, 1],
        change=there[:, 2] / here[:, 2] * np.exp(1j * turn),
        weight=1 / uses[position[order]],
    )


def _agreeing(pairs: _Pairs) -> npt.NDArray[np.bool_]:
    """Whether pair j agrees with the similarity that pair i proposes, bool[i, j]."""
    here = pairs.here[None, :] - pairs.here[:, None]
    there = pairs.there[None, :] - pairs.there[:, None]
    growth = np.abs(pairs.change)
    near = np.abs(pairs.change[:, None] * here - there) <= _TOLERANCE * np.minimum(1, growth)[:, None]
    difference = np.log(pairs.change[None, :] / pairs.change[:, None])
    alike = np.abs(difference.real) <= _SIZE_TOLERANCE * np.log(2)
    return np.asarray(near & alike & (np.abs(difference.imag) <= np.radians(_TURN_TOLERANCE)))


def _similarity(pairs: _Pairs, voters: Indices, best: int) -> Floats:
    """Least squares over the voters: there = a · here + b, with complex a and b."""
    here, there = pairs.here[voters], pairs.there[voters]
    centred = here - here.mean()
    spread = float((np.abs(centred) ** 2).sum())
    a = (centred.conj() * (there - there.mean())).sum() / spread if spread > 1e-6 else pairs.change[best]
    b = there.mean() - a * here.mean()
    return np.array([[a.real, -a.imag, b.real], [a.imag, a.real, b.imag]])
