"""Compare two pictures for real: register, align, and judge by what remains different.

Views are tried in pairs, the plainest first: over white, over black, later moments of animations. Local features
register crops, turns and pictures within pictures; where they are few, the frames themselves are laid over each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from .alignment import Alignment, align
from .belief import believe_features, believe_frame, believe_page
from .beyond import Beyond, beyond
from .boxes import WHOLE, Box
from .differences import Differences, measure_differences
from .exchange import exchanged
from .features import Features, extract
from .placement import Placement, place, refine
from .registration import Registration, inverse, register
from .rewriting import FINE_GRID, rewritten
from .steadiness import steadiness
from .trimming import trim_box

Bytes = npt.NDArray[np.uint8]

MOST_PAIRS = 10
"""At most so many pairs of views are compared for one pair of pictures."""
_SURE = 0.97
_LIKELY = 0.2  # from here on it may be shown, by some setting
_LEAST_PLACES = 5
_MANY_PLACES = 30  # with so many the frames need not be tried
_WHOLE_FRAME = 0.97
_ALIKE_AT_ONCE = 0.85  # correlation of the frames at 32 × 32
_LEAST_CORRELATION = 0.5  # of the frames at 32 × 32; below it drawing them into place is hopeless


class Method(StrEnum):
    """How two views were brought together."""

    FEATURES = "features"
    FRAME = "frame"


class View:
    """One view of a picture, uint8[h, w, 3], and what is computed of it when it is first needed."""

    def __init__(self, name: str, rgb: Bytes) -> None:
        self.name, self.rgb = name, rgb

    @cached_property
    def features(self) -> Features:
        return extract(self.rgb)

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """The whole, and the part within a border if there is one."""
        inner = trim_box(self.rgb)
        return (WHOLE,) if inner == WHOLE else (WHOLE, inner)


@dataclass(frozen=True)
class Comparison:
    """How the query picture lies on a stored one, and what differs where they overlap.

    ``views`` names the views compared, the stored one's first. ``matrix`` maps the query's places to the stored
    one's, row by row, in units of their longest sides. ``places`` counts agreeing features (0 by FRAME), ``spread``
    and ``coverage`` are shares 0–1 of the stored one's and of the query's area. ``beyond`` says what the stored one
    and the query show outside of the overlap. ``probability`` 0–1 that the one was made from the other, or both from
    a third. ``rewritten``, ``exchanged`` (0–1) and ``steady`` (−1..1, see ``steadiness``) are measured of the most
    probable comparison alone, where somebody may be asked about it; else they are 0, 0 and 1.
    """

    views: tuple[str, str]
    method: Method
    matrix: tuple[float, float, float, float, float, float]
    places: int
    spread: tuple[float, float]
    coverage: tuple[float, float]
    beyond: tuple[Beyond, Beyond]
    differences: Differences
    probability: float
    rewritten: float = 0.0
    exchanged: float = 0.0
    steady: float = 1.0


def verify(stored: Sequence[View], query: Sequence[View]) -> Comparison | None:
    """The most probable comparison of any of their views; None if none can be laid over another."""
    best = _most_probable(stored, query)
    return best if best is None or best.probability < _LIKELY else _looked_at_closely(best, stored, query)


def _most_probable(stored: Sequence[View], query: Sequence[View]) -> Comparison | None:
    best: Comparison | None = None
    for first, second in _pairs(stored, query):
        for found in _compared(first, second):
            if best is None or found.probability > best.probability:
                best = found
        if best is not None and best.probability >= _SURE:
            break
    return best


def _looked_at_closely(found: Comparison, stored: Sequence[View], query: Sequence[View]) -> Comparison:
    first, second = (
        next(view for view in views if view.name == name)
        for views, name in zip((stored, query), found.views, strict=True)
    )
    matrix = np.reshape(found.matrix, (2, 3))
    coarse, fine = align(first.rgb, second.rgb, matrix), align(first.rgb, second.rgb, matrix, FINE_GRID)
    if coarse is None or fine is None:
        return found
    both = exchanged(fine)
    return replace(
        found,
        probability=found.probability * believe_page(both),
        rewritten=rewritten(fine),
        exchanged=both,
        steady=steadiness(coarse),
    )


def _pairs(stored: Sequence[View], query: Sequence[View]) -> Iterator[tuple[View, View]]:
    """Pairs of views, those with the least numbers together first, at most MOST_PAIRS."""
    ranked = sorted((i + j, i, j) for i in range(len(stored)) for j in range(len(query)))
    for _, i, j in ranked[:MOST_PAIRS]:
        yield stored[i], query[j]


def _compared(first: View, second: View) -> Iterator[Comparison]:
    """The comparisons of one pair: frame on frame where they look alike at once, which is quick and often enough;
    then by features; and where those are few, frame on frame or on what is within a border."""
    placement = place(first.rgb, second.rgb)
    whole = _by_frame(first, second, placement) if placement.correlation >= _ALIKE_AT_ONCE else None
    if whole is not None:
        yield whole
        if whole.probability >= _SURE and min(whole.coverage) >= _WHOLE_FRAME:
            return
    registration = register(first.features, second.features)
    if registration is not None and registration.places >= _LEAST_PLACES:
        found = _by_features(first, second, registration)
        if found is not None:
            yield found
    if registration is None or registration.places < _MANY_PLACES:
        within = place(first.rgb, second.rgb, first.boxes, second.boxes)
        found = _by_frame(first, second, within) if within.correlation >= _LEAST_CORRELATION else None
        if found is not None:
            yield found


def _by_features(first: View, second: View, registration: Registration) -> Comparison | None:
    alignment = align(first.rgb, second.rgb, registration.matrix)
    if alignment is None:
        return None
    differences = measure_differences(alignment)
    likely = believe_features(differences, registration.places, registration.spread, alignment.coverage)
    return _comparison(first, second, registration, alignment, differences, likely)


def _by_frame(first: View, second: View, placement: Placement) -> Comparison | None:
    matrix = refine(first.rgb, second.rgb, placement.matrix)
    alignment = align(first.rgb, second.rgb, matrix)
    if alignment is None:
        return None
    differences = measure_differences(alignment)
    likely = believe_frame(differences, alignment.coverage, int(alignment.overlap.sum()))
    return _comparison(first, second, Registration(matrix, 0, (0.0, 0.0)), alignment, differences, likely)


def _comparison(
    first: View,
    second: View,
    registration: Registration,
    alignment: Alignment,
    differences: Differences,
    likely: float,
) -> Comparison:
    matrix = registration.matrix
    a, b, c, d, e, f = (float(value) for value in matrix.ravel())
    return Comparison(
        views=(first.name, second.name),
        method=Method.FEATURES if registration.places else Method.FRAME,
        matrix=(a, b, c, d, e, f),
        places=registration.places,
        spread=registration.spread,
        coverage=alignment.coverage,
        beyond=(beyond(first.rgb, second.rgb, matrix), beyond(second.rgb, first.rgb, inverse(matrix))),
        differences=differences,
        probability=likely,
    )
