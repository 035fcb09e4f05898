"""What a search left out is said in sentences, and nothing is said when it left out nothing."""

from __future__ import annotations

import pytest

from board.bounds import limits_in_words
from dedupe.conf import Matching
from dedupe.search.completeness import EARLIER
from dedupe.search.verification import COMPARED, SHOWN

SHOWN_WORDS = "More pictures look like this than we show: these are the 10 likeliest."
COMPARED_WORDS = "More pictures look like this than we compare: we compared the 12 nearest."


@pytest.mark.parametrize(
    ("cut", "not_searched", "begin"),
    [
        ([], [], []),
        (["hash0", "hash3", "window"], [], ["More pictures look a little like this"]),
        ([COMPARED], [], [COMPARED_WORDS]),
        (["hash0", COMPARED, SHOWN], [], [SHOWN_WORDS]),
        ([], ["embedding:colour-layout"], ["A part of the search did not answer"]),
        ([], [EARLIER], ["Some earlier pictures could not be searched yet"]),
        (
            ["words"],
            [EARLIER, "embedding:x"],
            ["More pictures share", "Some earlier", "A part of the search"],
        ),
        ([], ["words"], ["Parts of pictures, such as crops and screenshots, were not looked for."]),
    ],
    ids=["nothing", "indexes", "comparison", "all of it", "an embedder", "a backfill", "several", "parts"],
)
def test_each_limit_has_its_words(cut: list[str], not_searched: list[str], begin: list[str]) -> None:
    said = limits_in_words(cut, not_searched, Matching())
    assert len(said) == len(begin)
    for sentence, beginning in zip(said, begin, strict=True):
        assert sentence.startswith(beginning)
        assert not {"hash", "window", "embedding"} & set(sentence.split())


def test_the_numbers_are_those_in_force() -> None:
    matching = Matching(shown_matches=3, verified_candidates=7)
    assert "the 3 likeliest" in limits_in_words([SHOWN], [], matching)[0]
    assert "the 7 nearest" in limits_in_words([COMPARED], [], matching)[0]
