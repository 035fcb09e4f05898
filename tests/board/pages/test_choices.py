"""The answers to a question and what each says will happen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from board.models import User
from board.offering import Offer
from board.pages.choices import Asked, Choice, choices, choices_for_all
from board.pages.likeness import Pair
from dedupe.imaging import Relation
from dedupe.models import Picture, Verdict

ASKED = Asked(
    pair=Pair(Relation.RE_ENCODED, Picture(), Picture(owner=User(username="bob"))),
    probability=0.99,
    confident=True,
    others=0,
    days=30,
    offer=Offer(),
)


def says(asked: Asked, verdict: Verdict) -> str:
    return next(choice for choice in choices(asked) if choice.verdict == verdict).consequence


def test_there_are_four_and_one_is_expected() -> None:
    found = choices(ASKED)
    assert [choice.key for choice in found] == ["S", "B", "V", "D"]
    assert [choice.verdict for choice in found if choice.is_guess] == [Verdict.SAME]


def test_identical_bytes_leave_one() -> None:
    (only,) = choices(replace(ASKED, pair=Pair(Relation.IDENTICAL_BYTES, Picture(), Picture())))
    assert only.verdict is Verdict.SAME
    assert "the picture that is here" in only.consequence


def test_same_says_what_becomes_of_address_file_and_words() -> None:
    words = says(ASKED, Verdict.SAME)
    assert "its address leads to bob’s picture" in words
    assert "kept for 30 days, in case you undo this, then deleted" in words
    assert "ticked" not in words
    with_words = replace(ASKED, offer=Offer(tags=("lake",)))
    assert "What is ticked below is added to that picture." in says(with_words, Verdict.SAME)


def test_only_same_carries_the_offer() -> None:
    found: list[Choice] = choices(replace(ASKED, offer=Offer(tags=("lake",))))
    assert [choice.verdict for choice in found if choice.offer] == [Verdict.SAME]


@pytest.mark.parametrize("verdict", [Verdict.VARIANT, Verdict.DIFFERENT])
def test_an_override_of_a_sure_match_may_go_to_staff(verdict: Verdict) -> None:
    assert "staff may look at it" in says(ASKED, verdict)
    assert "staff" not in says(replace(ASKED, confident=False), verdict)


@pytest.mark.parametrize(
    ("others", "words"),
    [
        (0, "The upload is published, with its own words."),
        (1, "once the other look-alike is answered."),
        (3, "once the other 3 look-alikes are answered."),
    ],
)
def test_it_is_published_when_nothing_else_is_asked(others: int, words: str) -> None:
    assert words in says(replace(ASKED, others=others), Verdict.DIFFERENT)


def test_of_all_at_once_two_things_can_be_said() -> None:
    variant, different = choices_for_all(4, confident=True)
    assert (variant.title, variant.key) == ("A variant of all 4", "V")
    assert (different.title, different.key) == ("Different from all 4", "D")
    assert "staff may look at it" in different.consequence
    assert variant.reasons
    assert different.reasons
