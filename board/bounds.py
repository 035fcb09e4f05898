"""What a search did not look at, in words for people: once, for the pages and for the API."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dedupe.conf import Matching
from dedupe.search.candidates import WORDS_ROUTE
from dedupe.search.completeness import EARLIER
from dedupe.search.verification import COMPARED, SHOWN

_PART_SILENT = gettext_lazy("A part of the search did not answer: there may be more.")
_EARLIER = gettext_lazy(
    "Some earlier pictures could not be searched yet: there may be more. We look for them again later."
)
_NO_PARTS = gettext_lazy("Parts of pictures, such as crops and screenshots, were not looked for.")
_TOO_MANY_DETAILS = gettext_lazy(
    "More pictures share details with this one than we look through: there may be more."
)
_TOO_MANY = gettext_lazy(
    "More pictures look a little like this than we look through: we compared the nearest that we saw."
)


def limits_in_words(cut: Iterable[str], not_searched: Iterable[str], matching: Matching) -> list[str]:
    """A sentence for each thing that a search left out; none when it left out nothing."""
    cut, silent = set(cut), set(not_searched)
    sentences = []
    if SHOWN in cut:
        sentences.append(
            _("More pictures look like this than we show: these are the {count} likeliest.").format(
                count=matching.shown_matches
            )
        )
    elif COMPARED in cut:
        sentences.append(
            _("More pictures look like this than we compare: we compared the {count} nearest.").format(
                count=matching.verified_candidates
            )
        )
    elif cut:
        sentences.append(str(_TOO_MANY_DETAILS if cut == {WORDS_ROUTE} else _TOO_MANY))
    if EARLIER in silent:
        sentences.append(str(_EARLIER))
    if WORDS_ROUTE in silent:
        sentences.append(str(_NO_PARTS))
    if silent - {EARLIER, WORDS_ROUTE}:
        sentences.append(str(_PART_SILENT))
    return sentences
