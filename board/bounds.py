"""What a search did not look at, in words for people: once, for the pages and for the API."""

from __future__ import annotations

from collections.abc import Iterable

from dedupe.conf import Matching
from dedupe.search.candidates import WORDS_ROUTE
from dedupe.search.completeness import EARLIER
from dedupe.search.verification import COMPARED, SHOWN

_PART_SILENT = "A part of the search did not answer: there may be more."
_EARLIER = "Some earlier pictures could not be searched yet: there may be more. We look for them again later."
_NO_PARTS = "Parts of pictures, such as crops and screenshots, were not looked for."
_TOO_MANY_DETAILS = "More pictures share details with this one than we look through: there may be more."
_TOO_MANY = "More pictures look a little like this than we look through: we compared the nearest that we saw."


def limits_in_words(cut: Iterable[str], not_searched: Iterable[str], matching: Matching) -> list[str]:
    """A sentence for each thing that a search left out; none when it left out nothing."""
    cut, silent = set(cut), set(not_searched)
    sentences = []
    if SHOWN in cut:
        sentences.append(
            f"More pictures look like this than we show: these are the {matching.shown_matches} likeliest."
        )
    elif COMPARED in cut:
        sentences.append(
            f"More pictures look like this than we compare: we compared the {matching.verified_candidates} nearest."
        )
    elif cut:
        sentences.append(_TOO_MANY_DETAILS if cut == {WORDS_ROUTE} else _TOO_MANY)
    if EARLIER in silent:
        sentences.append(_EARLIER)
    if WORDS_ROUTE in silent:
        sentences.append(_NO_PARTS)
    if silent - {EARLIER, WORDS_ROUTE}:
        sentences.append(_PART_SILENT)
    return sentences
