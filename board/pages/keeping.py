"""Which of two or more pictures we would keep, and why, in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from board.pages.likeness import pixels
from board.pages.wording import dimensions, format_words
from dedupe.imaging import ASK_PROBABILITY, Relation
from dedupe.models import Match, Picture
from dedupe.workflow import Resolution

_LOSSLESS = {"png", "gif"}
_CLEARLY = 1.02
_NOT_MUCH_BETTER = 5  # of 100, JPEG quality


@dataclass(frozen=True)
class Suggestion:
    """What we would say of a pair, and why."""

    resolution: Resolution
    why: str


def suggestion_for(match: Match, older: Picture, newer: Picture) -> Suggestion | None:
    """What to outline among the ways to close a case; None where we would rather not say."""
    if match.probability < ASK_PROBABILITY:
        return None
    if not Relation(match.relation).same_picture:
        return Suggestion(Resolution.VARIANT, _("We would call it a variant: more than the file differs."))
    return _keeper(older, newer)


def best_of(pictures: Sequence[Picture]) -> tuple[Picture, str]:
    """The one of several that we would keep, and why; ``pictures`` from the oldest to the newest, at least two."""
    best = _best(pictures)
    second = _best([each for each in pictures if each.pk != best.pk])
    for gain in _GAINS:
        if why := gain(best, second):
            return best, why
    return best, _("the others are no better, and it has been here longest")


def _best(pictures: Sequence[Picture]) -> Picture:
    best = pictures[0]
    for picture in pictures[1:]:
        if _keeper(best, picture).resolution is Resolution.KEEP_NEWER:
            best = picture
    return best


def _keeper(older: Picture, newer: Picture) -> Suggestion:
    """The newer only where it is clearly better: addresses and comments have grown on the older."""
    for gain in _GAINS:
        better = gain(newer, older)
        if better:
            return Suggestion(Resolution.KEEP_NEWER, _("We would keep the newer: {why}.").format(why=better))
        worse = gain(older, newer)
        if worse:
            return Suggestion(Resolution.KEEP_OLDER, _("We would keep the older: {why}.").format(why=worse))
    return Suggestion(
        Resolution.KEEP_OLDER, _("We would keep the older: both are as good, and it has been here longer.")
    )


def _whole(one: Picture, other: Picture) -> str:
    return _("the other file is damaged") if other.damaged and not one.damaged else ""


def _larger(one: Picture, other: Picture) -> str:
    if pixels(one) <= pixels(other) * _CLEARLY:
        return ""
    return _("it is larger, {one} against {other}").format(one=dimensions(one), other=dimensions(other))


def _lossless(one: Picture, other: Picture) -> str:
    if one.format in _LOSSLESS and other.format not in _LOSSLESS:
        words = _("it is lossless, {one} against {other}")
        return words.format(one=format_words(one), other=format_words(other))
    return ""


def _less_compressed(one: Picture, other: Picture) -> str:
    if not one.quality or not other.quality or one.quality <= other.quality + _NOT_MUCH_BETTER:
        return ""
    words = _("it is less compressed, quality {one} against {other}")
    return words.format(one=one.quality, other=other.quality)


_GAINS: tuple[Callable[[Picture, Picture], str], ...] = (_whole, _larger, _lossless, _less_compressed)
