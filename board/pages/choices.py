"""The answers to a question: what each is called, its key, and what follows from it, said before it is given."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from board.offering import Offer
from board.pages import wording
from board.pages.likeness import Pair
from dedupe.imaging import Relation
from dedupe.models import Verdict

REASONS = {
    Verdict.VARIANT: (
        gettext_noop("Other text"),
        gettext_noop("Other colours"),
        gettext_noop("Edited by somebody"),
        gettext_noop("Another part of it"),
    ),
    Verdict.DIFFERENT: (
        gettext_noop("Another moment"),
        gettext_noop("Another subject"),
        gettext_noop("Only the layout is alike"),
        gettext_noop("Made from the same template"),
    ),
}
STAFF_IDENTICAL = gettext_noop("Identical, decided with others")
BY_MACHINE = gettext_noop("Identical bytes")
_READY = frozenset([STAFF_IDENTICAL, BY_MACHINE, *(each for reasons in REASONS.values() for each in reasons)])
_KEYS = {Verdict.SAME: "S", Verdict.BETTER: "B", Verdict.VARIANT: "V", Verdict.DIFFERENT: "D"}
_TITLES = {
    Verdict.SAME: gettext_lazy("It’s the same picture"),
    Verdict.BETTER: gettext_lazy("Mine is the better copy"),
    Verdict.VARIANT: gettext_lazy("It’s a variant"),
    Verdict.DIFFERENT: gettext_lazy("It’s a different picture"),
}


def reason_in_words(reason: str) -> str:
    """A reason as it is shown: ready-made ones are kept in English, own words stay as they are."""
    return _(reason) if reason in _READY else reason


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
            str(title),
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
    variant = _("All of them stay and the upload is published, linked to each.")
    different = _("The upload is published. We won’t ask about it and any of these again.")
    return [
        Choice(
            Verdict.VARIANT,
            _("A variant of all {count}").format(count=how_many),
            _KEYS[Verdict.VARIANT],
            _sentences(variant, _to_staff(confident)),
            reasons=REASONS[Verdict.VARIANT],
        ),
        Choice(
            Verdict.DIFFERENT,
            _("Different from all {count}").format(count=how_many),
            _KEYS[Verdict.DIFFERENT],
            _sentences(different, _to_staff(confident)),
            reasons=REASONS[Verdict.DIFFERENT],
        ),
    ]


def _consequence(verdict: Verdict, asked: Asked) -> str:
    staff = _to_staff(asked.confident)
    if verdict is Verdict.SAME:
        return _same(asked)
    if verdict is Verdict.BETTER:
        return _(
            "Staff compare both and may put this file in the place of the other. Until then the upload waits."
        )
    if verdict is Verdict.VARIANT:
        kept = _("Other text, colours or version: both stay, linked to each other.")
        return _sentences(kept, _published(asked.others), staff)
    return _sentences(_published(asked.others), _("We won’t ask about these two again."), staff)


def _same(asked: Asked) -> str:
    owner = asked.pair.theirs.owner
    led = _("The upload is withdrawn and its address leads to the picture that is here.")
    if owner:
        words = _("The upload is withdrawn and its address leads to {name}’s picture.")
        led = words.format(name=owner.get_username())
    kept = ngettext(
        "The file is kept for {count} day, in case you undo this, then deleted.",
        "The file is kept for {count} days, in case you undo this, then deleted.",
        asked.days,
    )
    added = _("What is ticked below is added to that picture.") if asked.offer else ""
    return _sentences(led, kept.format(count=asked.days), added)


def _published(others: int) -> str:
    if not others:
        return _("The upload is published, with its own words.")
    return ngettext(
        "The upload is published once the other look-alike is answered.",
        "The upload is published once the other {count} look-alikes are answered.",
        others,
    ).format(count=others)


def _to_staff(confident: bool) -> str:
    return _("We were fairly sure, so staff may look at it.") if confident else ""


def _sentences(*sentences: str) -> str:
    return " ".join(each for each in sentences if each)
