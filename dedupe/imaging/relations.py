"""Name how two pictures are related."""

from __future__ import annotations

import math
from enum import StrEnum

import numpy as np

from .beyond import Beyond
from .differences import Differences
from .verification import Comparison


class Relation(StrEnum):
    """What was done to the one picture to get the other, as far as pixels tell; the greatest change gives the name."""

    IDENTICAL_BYTES = "identical_bytes"
    SAME_PIXELS = "same_pixels"
    RE_ENCODED = "re_encoded"
    RESIZED = "resized"
    RECOLOURED = "recoloured"
    """The same drawing in other colours, or in another brightness."""
    GREYSCALE = "greyscale"
    """One of the two has lost its colours."""
    CROPPED = "cropped"
    """One of the two shows more of the scene."""
    FRAMED = "framed"
    """One of the two has a plain border."""
    CAPTIONED = "captioned"
    """One of the two has a strip of text above or below."""
    MIRRORED = "mirrored"
    ROTATED = "rotated"
    CONTAINS = "contains"
    """The query shows the stored picture among other things."""
    CONTAINED = "contained"
    """The stored picture shows the query among other things."""
    VARIANT = "variant"
    """A part differs: other text, another light, a retouch; or all of it, a little: another moment."""

    @property
    def same_picture(self) -> bool:
        """Whether this relation claims one picture, rather than two versions of one."""
        return self in _SAME


_SAME = frozenset(
    {
        Relation.IDENTICAL_BYTES,
        Relation.SAME_PIXELS,
        Relation.RE_ENCODED,
        Relation.RESIZED,
        Relation.GREYSCALE,
        Relation.FRAMED,
    }
)

ASK_PROBABILITY = 0.5
"""The probability from which an uploader is asked (inclusive)."""

STEADY = 0.96
"""The steadiness from which two pictures may be one (inclusive). Another moment of the scene stays below, and nearly no
coding, scaling or noise does."""

# Set by hand on our own sample pairs: what coding, scaling and small marks leave stays below.
_CHANGED_PART = 0.02
_UNLIKE_EDGES = 0.7
_REWRITTEN = 0.012  # share of the structure of a page; of coded and scaled pages a hundredth stays below
_EXCHANGED = 0.001  # likewise
_RECOLOURED_BLOCKS = 0.02
_BRIGHTER = 4.5
_COLOUR_SHIFT, _COLOUR_OVER_NOISE = 3.2, 3.0
_GREY_BRIGHTER, _GREY_TINT = 2.5, 0.6
_LOST = 0.05
_MOST_OF_IT = 0.5
_LITTLE_OF_QUERY = 0.6  # a picture in a window of text; a crop seldom loses so much
_LITTLE_OF_STORED = 0.2  # half of either side, a quarter of it, is a crop still
_SHOWING = frozenset({Beyond.BUSY, Beyond.LETTERED})
_TURNED = 2.0
_SIZE_RESIZED = 0.01


def relation_of(
    comparison: Comparison,
    *,
    same_checksum: bool = False,
    same_pixels: bool = False,
    size_stored: tuple[int, int],
    size_query: tuple[int, int],
) -> Relation:
    """The relation of a query to a stored picture; sizes are (width, height) in pixels, upright.

    It presumes that they match and names how.
    """
    if same_checksum:
        return Relation.IDENTICAL_BYTES
    if same_pixels:
        return Relation.SAME_PIXELS
    turned, mirrored = turn_of(comparison)
    if mirrored:
        return Relation.MIRRORED
    if abs(turned) > _TURNED:
        return Relation.ROTATED
    named = _by_extent(comparison) or _by_content(comparison) or _by_size(size_stored, size_query)
    return Relation.VARIANT if named.same_picture and comparison.steady < STEADY else named


def turn_of(comparison: Comparison) -> tuple[float, bool]:
    """How far the query is turned against the stored picture, in degrees (−180, 180], and whether it is mirrored."""
    a, b, _, c, d, _ = comparison.matrix
    linear = np.array([[a, b], [c, d]])
    mirrored = bool(np.linalg.det(linear) < 0)
    if mirrored:
        linear = linear @ np.diag([-1.0, 1.0])
    # The rotation nearest to the map: the orthogonal factor of its polar decomposition.
    left, _, right = np.linalg.svd(linear)
    nearest = left @ right
    return math.degrees(math.atan2(nearest[1, 0], nearest[0, 0])), mirrored


def _by_extent(comparison: Comparison) -> Relation | None:
    """What one picture shows beyond the other, if that is the greater change; None if both show the same."""
    of_stored, of_query = comparison.coverage
    if Beyond.LETTERED in comparison.beyond and _MOST_OF_IT <= min(comparison.coverage) < 1 - _LOST:
        return Relation.CAPTIONED
    if _has_changed(comparison.differences):
        return Relation.VARIANT
    if min(comparison.coverage) >= 1 - _LOST:
        return None
    stored_beyond, query_beyond = comparison.beyond
    if not _SHOWING.intersection(comparison.beyond):
        return Relation.FRAMED if not _is_recoloured(comparison.differences) else Relation.RECOLOURED
    if query_beyond in _SHOWING and of_query < _LITTLE_OF_QUERY and of_stored >= _MOST_OF_IT:
        return Relation.CONTAINS
    if stored_beyond in _SHOWING and of_stored < _LITTLE_OF_STORED <= of_query:
        return Relation.CONTAINED
    return Relation.CROPPED


def _by_content(comparison: Comparison) -> Relation | None:
    differences = comparison.differences
    if _has_changed(differences) or _other_words(comparison):
        return Relation.VARIANT
    if _has_lost_colour(differences):
        return Relation.GREYSCALE
    return Relation.RECOLOURED if _is_recoloured(differences) else None


def _other_words(comparison: Comparison) -> bool:
    return comparison.rewritten > _REWRITTEN or comparison.exchanged > _EXCHANGED


def _has_changed(differences: Differences) -> bool:
    return differences.changed > _CHANGED_PART or differences.edges < _UNLIKE_EDGES


def _has_lost_colour(differences: Differences) -> bool:
    """All chroma explained by none, at the same brightness: no palette does that."""
    return (
        differences.recoloured > _RECOLOURED_BLOCKS
        and differences.tint < _GREY_TINT
        and abs(differences.brighter) < _GREY_BRIGHTER
    )


def _is_recoloured(differences: Differences) -> bool:
    shift = max(_COLOUR_SHIFT, _COLOUR_OVER_NOISE * differences.error)
    return (
        differences.recoloured > _RECOLOURED_BLOCKS
        or abs(differences.brighter) > _BRIGHTER
        or differences.colour > shift
    )


def _by_size(stored: tuple[int, int], query: tuple[int, int]) -> Relation:
    resized = any(abs(a - b) > _SIZE_RESIZED * max(a, b) for a, b in zip(stored, query, strict=True))
    return Relation.RESIZED if resized else Relation.RE_ENCODED
