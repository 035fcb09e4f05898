"""How far a comparison is to be believed: the probability that one picture was made from the other.

Products of logistic curves, so that each condition can veto alone. The conditions are of two kinds: enough must
agree (places, extent), and what is laid over each other must be alike (edges, luma), the more strictly the less
there is to compare. The constants were set by hand on edited pictures, half of the collections that were to hand,
chosen by name; the other half was kept for reports. They are no frequencies: decisions of staff calibrate them.
"""

from __future__ import annotations

import math

from .differences import Differences

_FULL_FRAME = 0.93
"""Share of both pictures from which they count as laid frame on frame."""

_NO_SMALL_PART = 0.2  # half of either side is a quarter
_MOST_OF_BOTH = 0.75
_OTHER_TONE, _OTHER_COLOUR = 10.0, 0.1  # levels of 255; share of the blocks
_CLEARLY_OTHER_TONE, _CLEARLY_OTHER_COLOUR = 30.0, 0.4  # coarse coding leaves less, of icons too

_PLACES, _FEW_PLACES, _PLACES_SLOPE = 7.5, 4.4, 0.6
_MANY_PLACES = 25
# An emblem that two pictures share covers less.
_EXTENT_OF_FEW, _EXTENT_OF_MANY, _EXTENT_SLOPE = 0.075, 0.045, 0.006
_SLOPE = 0.03

_ROUGH, _SMOOTH = (
    4.0,
    1.5,
)  # texture, levels per pixel: from the first on pictures are rich, below the second bare

_EVERY_EDGE, _NEARLY_EVERY_EDGE = 0.95, 0.965
_ALL_OF_IT, _MOST_OF_IT, _NEARLY_HALF = 0.85, 0.56, 0.44  # shares of the blocks with structure
_PLACES_ALL_OVER, _EXTENT_ALL_OVER = 50, 0.2

_EXCHANGED, _EXCHANGED_SLOPE = 0.0015, 0.0002  # share of the structure of a page

_SCANT, _AMPLE = 1_600, 6_400  # pixels of the overlap: an emblem of 40 × 40, a picture of 80 × 80
_FEWEST, _SMALLEST_OF_NOTE = 256, 900  # an icon of 16 × 16, one of 30 × 30


def believe_features(
    differences: Differences, places: int, spread: tuple[float, float], coverage: tuple[float, float]
) -> float:
    """Probability 0–1 of a registration by features.

    ``places``, ``spread`` and ``coverage`` are as in ``Comparison``. Lettering over a picture spoils its luma and
    half of its edges, so many places need little else; a few must be borne out by what they align.
    """
    few = min(1.0, max(0.0, (_MANY_PLACES - places) / (_MANY_PLACES - 10)))
    wide = _rising(max(spread), _EXTENT_OF_MANY + few * (_EXTENT_OF_FEW - _EXTENT_OF_MANY), _EXTENT_SLOPE)
    framed = _rising(min(coverage), _FULL_FRAME, 0.01) * _rising(differences.edges, 0.85, _SLOPE)
    if places >= _MANY_PLACES:
        alike = _rising(differences.edges, 0.2, _SLOPE)
    else:
        alike = _rising(differences.edges, _needed(differences.texture, 0.3, 0.85), _SLOPE) * _rising(
            differences.luma, 0.5, _SLOPE
        )
    within = _within(differences, coverage)
    enough = _enough(differences, places, within)
    kept = _kept(differences, places, coverage)
    all_over = _rising(places, _PLACES_ALL_OVER, 4.0) * _rising(max(spread), _EXTENT_ALL_OVER, 0.02)
    agreement = _agreement(differences, _MOST_OF_IT - all_over * (_MOST_OF_IT - _NEARLY_HALF))
    return enough * max(wide, framed, within, kept) * max(alike, kept) * max(agreement, kept)


def _kept(differences: Differences, places: int, coverage: tuple[float, float]) -> float:
    """How far one, which lies within the other as a whole, is found there in all that it shows.

    Lettering over a bare picture has more structure than the picture; still all of the picture is there, in the same
    frame, on the same ground, or in many places. Two pages of one program have their head in common, and each has
    something that the other has not.
    """
    return (
        _rising(differences.kept, _ALL_OF_IT, 0.02)
        * _rising(max(coverage), _FULL_FRAME, 0.01)
        * _rising(min(coverage), _NO_SMALL_PART, 0.01)
        * max(
            _rising(min(coverage), _FULL_FRAME, 0.01),
            _rising(places, _MANY_PLACES, 2.0),
            _same_colours(differences, _OTHER_TONE, _CLEARLY_OTHER_COLOUR),
        )
    )


def _within(differences: Differences, coverage: tuple[float, float]) -> float:
    """How far one lies within the other as a whole, no small part of it, and agrees with it in everything.

    Or both have most in common, as a picture and its copy that a turn has cut the corners off. Then it matters little
    where the places are: of a drawing on a plain ground they stand close together. An emblem that two pictures share
    mostly stands on another ground in each.
    """
    lies_within = _rising(max(coverage), _FULL_FRAME, 0.01) * _rising(min(coverage), _NO_SMALL_PART, 0.01)
    return (
        max(lies_within, _rising(min(coverage), _MOST_OF_BOTH, 0.02))
        * _rising(differences.edges, 0.9, _SLOPE)
        * _rising(differences.luma, 0.9, _SLOPE)
        * _rising(differences.agreeing, 0.85, _SLOPE)
        * _same_colours(differences, _OTHER_TONE, _OTHER_COLOUR)
    )


def _enough(differences: Differences, places: int, within: float) -> float:
    """How far so many places suffice; five do where a rich picture then agrees in every edge, or a bare one wholly."""
    borne_out = (
        _rising(differences.edges, 0.85, _SLOPE)
        * _rising(differences.luma, 0.85, _SLOPE)
        * max(_rising(differences.texture, 3.0, 0.3), _wholly(differences, within))
    )
    return _rising(places, _PLACES + borne_out * (_FEW_PLACES - _PLACES), _PLACES_SLOPE)


def _wholly(differences: Differences, within: float) -> float:
    """How far what lies within the other so far agrees with it in every edge."""
    return within * _rising(differences.edges, _EVERY_EDGE, 0.01)


def believe_frame(differences: Differences, coverage: tuple[float, float], pixels: int) -> float:
    """Probability 0–1 of frames laid over each other on so many pixels, where there are too few features.

    One of the two must lie within the other as a whole, bare ones frame on frame unless they are large and agree in
    everything, and luma and edges agree all over.
    At sixteen pixels any emblem resembles any other: little ones must agree in every edge, as bare ones must, and
    the tiniest wholly, frame on frame, if their colours are others. So must what is alike only when both are soft:
    blurred, many an emblem is but a blot.
    """
    small, tiny = _short_of(pixels, _AMPLE, _SCANT), _short_of(pixels, _SMALLEST_OF_NOTE, _FEWEST)
    edges = max(_needed(differences.texture, 0.55, 0.88), 0.55 + small * (0.88 - 0.55))
    wholly = _wholly(differences, _within(differences, coverage))
    return (
        _rising(max(coverage), _FULL_FRAME, 0.01)
        * max(
            _rising(min(coverage), _needed(differences.texture, 0.0, _FULL_FRAME), 0.01), wholly * (1 - small)
        )
        * _rising(differences.edges, edges, _SLOPE)
        * _rising(differences.luma, 0.85, _SLOPE)
        * _rising(-differences.changed, -0.1, 0.01)
        * max(_plainly(differences, tiny), _frame_on_frame(differences, coverage))
        * _agreement(differences, _MOST_OF_IT)
    )


def believe_page(exchanged: float) -> float:
    """Probability 0–1 that two pages are states of one picture, by what each shows where the other is bare; 1 at 0.

    Edits leave nothing of the kind; other words, rows or values in a form of one program a hundredth and more.
    """
    kept, whole = (_rising(-each, -_EXCHANGED, _EXCHANGED_SLOPE) for each in (exchanged, 0.0))
    return kept / whole


def _short_of(pixels: int, ample: int, scant: int) -> float:
    """0 from ``ample`` pixels on, 1 below ``scant``."""
    return min(1.0, max(0.0, (ample - pixels) / (ample - scant)))


def _plainly(differences: Differences, tiny: float) -> float:
    """How far likeness is owed neither to a blur nor, of the tiniest, to leaving the colours out of it."""
    clearly = _same_colours(differences, _CLEARLY_OTHER_TONE, _CLEARLY_OTHER_COLOUR)
    return 0.0 if differences.blur else 1 - tiny * (1 - clearly)


def _same_colours(differences: Differences, tone: float, colour: float) -> float:
    return _rising(-abs(differences.brighter), -tone, tone / 10) * _rising(
        -differences.recoloured, -colour, colour / 5
    )


def _frame_on_frame(differences: Differences, coverage: tuple[float, float]) -> float:
    """How far all of both lies on each other and agrees in nearly every edge."""
    return _rising(differences.edges, _NEARLY_EVERY_EDGE, 0.006) * _rising(min(coverage), _FULL_FRAME, 0.01)


def _agreement(differences: Differences, share: float) -> float:
    """How far as much as this share of what has structure agrees.

    Two pages of one program share their head, two memes their letters, and most of the rest is different. A scene in
    another light agrees in many places all over, and may lose half of its faint lines.
    """
    return _rising(differences.agreeing, share, _SLOPE)


def _needed(texture: float, rich: float, bare: float) -> float:
    """What is asked of a picture by its texture: ``bare`` of an emblem on a plain ground, ``rich`` of a photograph."""
    share = min(1.0, max(0.0, (texture - _SMOOTH) / (_ROUGH - _SMOOTH)))
    return bare + share * (rich - bare)


def _rising(value: float, half_way: float, slope: float) -> float:
    """Logistic curve from 0 to 1, one half at ``half_way``."""
    return 1 / (1 + math.exp(max(-500.0, min(500.0, (half_way - value) / slope))))
