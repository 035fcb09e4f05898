"""The answers to a question: what each is called, its key, and what follows from it, said before it is given."""

from __future__ import annotations

from dataclasses import dataclass

from board.offering import Offer
from board.pages import wording
from board.pages.likeness import Pair
from dedupe.imaging import Relation
from dedupe.models import Verdict

REASONS = {
    Verdict.VARIANT: ("Other text", "Other colours", "Edited by somebody", "Another part of it"),
    Verdict.DIFFERENT: (
        "Another moment",
        "Another subject",
        "Only the layout is alike",
        "Made from the same template",
    ),
}
_KEYS = {Verdict.SAME: "S", Verdict.BETTER: "B", Verdict.VARIANT: "V", Verdict.DIFFERENT: "D"}
_TITLES = {
    Verdict.SAME: "It’s the same picture",
    Verdict.BETTER: "Mine is the better copy",
    Verdict.VARIANT: "It’s a variant",
    Verdict.DIFFERENT: "It’s a different picture",
}


@dataclass(frozen=True)
class Choice:
    """One answer: what it is called, its key, what follows from it, ready-made reasons, words that may go along."""

    verdict: Verdict
    title: str
    key: str
    consequence: str
    is_guess: bool = False
    reasons: tuple[str, ...] = ()
    offer: Offer | None = None


@dataclass(frozen=True)
class Asked:
    """What the consequences depend on.

    ``others`` counts the further look-alikes of the upload that wait for an answer, ``confident`` says that an
    override goes to staff, ``days`` how long an answer can be undone and a withdrawn file is kept.
    """

    pair: Pair
    probability: float
    confident: bool
    others: int
    days: int
    offer: Offer


def choices(asked: Asked) -> list[Choice]:
    """The answers that make sense, the expected one marked. Identical bytes leave only one."""
    expected = wording.guess(asked.pair, asked.probability)
    identical = asked.pair.relation is Relation.IDENTICAL_BYTES
    return [
        Choice(
            verdict,
            title,
            _KEYS[verdict],
            _consequence(verdict, asked),
            verdict == expected,
            REASONS.get(verdict, ()),
            asked.offer if verdict is Verdict.SAME and asked.offer else None,
        )
        for verdict, title in _TITLES.items()
        if verdict is Verdict.SAME or not identical
    ]


def choices_for_all(how_many: int, *, confident: bool) -> list[Choice]:
    """What can be said of all look-alikes of an upload at once."""
    staff = _to_staff(confident)
    return [
        Choice(
            Verdict.VARIANT,
            f"A variant of all {how_many}",
            _KEYS[Verdict.VARIANT],
            f"All of them stay and the upload is published, linked to each.{staff}",
            reasons=REASONS[Verdict.VARIANT],
        ),
        Choice(
            Verdict.DIFFERENT,
            f"Different from all {how_many}",
            _KEYS[Verdict.DIFFERENT],
            f"The upload is published. We won’t ask about it and any of these again.{staff}",
            reasons=REASONS[Verdict.DIFFERENT],
        ),
    ]


def _consequence(verdict: Verdict, asked: Asked) -> str:
    staff = _to_staff(asked.confident)
    if verdict is Verdict.SAME:
        return _same(asked)
    if verdict is Verdict.BETTER:
        return (
            "Staff compare both and may put this file in the place of the other. Until then the upload waits."
        )
    if verdict is Verdict.VARIANT:
        kept = "Other text, colours or version: both stay, linked to each other."
        return f"{kept} {_published(asked.others)}{staff}"
    return f"{_published(asked.others)} We won’t ask about these two again.{staff}"


def _same(asked: Asked) -> str:
    owner = asked.pair.theirs.owner
    holder = f"{owner.get_username()}’s picture" if owner else "the picture that is here"
    kept = f"The file is kept for {asked.days} days, in case you undo this, then deleted."
    words = " What is ticked below is added to that picture." if asked.offer else ""
    return f"The upload is withdrawn and its address leads to {holder}. {kept}{words}"


def _published(others: int) -> str:
    if not others:
        return "The upload is published, with its own words."
    rest = "look-alike is" if others == 1 else f"{others} look-alikes are"
    return f"The upload is published once the other {rest} answered."


def _to_staff(confident: bool) -> str:
    return " We were fairly sure, so staff may look at it." if confident else ""
