"""Which part of a picture, and how much of it, in words."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from board.prose import listed, number
from dedupe.imaging import CommonPart, Geometry
from dedupe.imaging.geometry import Points

_ALL = 0.96
"""From this share of a picture on it counts as the whole of it."""
_NEARLY_ALL = 0.85
_ASIDE = 0.1  # by so much of a side must the margins differ for the part to lie on one side
_NARROW = 0.008  # of a side; what is cut off less is not worth a word


class Sides(NamedTuple):
    """How far a part stays away from the edges of its picture, each 0–1 of that side."""

    left: float
    top: float
    right: float
    bottom: float


def sides_of(part: Points) -> Sides:
    """The margins around a polygon."""
    across, down = zip(*part, strict=True)
    return Sides(min(across), min(down), 1 - max(across), 1 - max(down))


def about(share: float) -> str:
    """A share 0–1 as people say it: in steps of five from ten per cent on."""
    percent = share * 100
    rounded = 5 * round(percent / 5) if percent >= 10 else max(1, round(percent))
    return _("about {number} %").format(number=number(rounded))


def cut_clause(geometry: Geometry | None, part: CommonPart | None, mine: str) -> str:
    """Which of the two shows which part of the other; ``mine`` is how the sentence calls the one."""
    if geometry is None or part is None:
        return _("one of the two showing more of it")
    on_theirs, on_mine = geometry.covered
    if on_mine >= _ALL > on_theirs:
        return _smaller(part.theirs, on_theirs, mine)
    if on_theirs >= _ALL > on_mine:
        return _larger(part.mine, on_mine, mine)
    return _("each showing a part that the other does not")


def _smaller(part: Points, share: float, mine: str) -> str:
    if share >= _NEARLY_ALL:
        return _("{mine} cut a little {edges}").format(mine=mine, edges=_edges(part))
    return _("{mine} only the {part} of it, {share}").format(mine=mine, part=where(part), share=about(share))


def _larger(part: Points, share: float, mine: str) -> str:
    if share >= _NEARLY_ALL:
        return _("{mine} showing a little more {edges}").format(mine=mine, edges=_edges(part))
    return _("{mine} showing more of it: the other is the {part} of {mine}, {share}").format(
        mine=mine, part=where(part), share=about(share)
    )


def where(part: Points) -> str:
    """The place of a part: upper left part, right part, middle."""
    sides = sides_of(part)
    down = _aside(sides.top, sides.bottom, "upper", "lower")
    across = _aside(sides.left, sides.right, "left", "right")
    return str(_PLACES[down, across])


_PLACES = {
    ("upper", "left"): gettext_lazy("upper left part"),
    ("upper", ""): gettext_lazy("upper part"),
    ("upper", "right"): gettext_lazy("upper right part"),
    ("", "left"): gettext_lazy("left part"),
    ("", ""): gettext_lazy("middle"),
    ("", "right"): gettext_lazy("right part"),
    ("lower", "left"): gettext_lazy("lower left part"),
    ("lower", ""): gettext_lazy("lower part"),
    ("lower", "right"): gettext_lazy("lower right part"),
}


def _aside(before: float, behind: float, first: str, second: str) -> str:
    if behind - before > _ASIDE:
        return first
    return second if before - behind > _ASIDE else ""


def _edges(part: Points) -> str:
    sides = sides_of(part)
    cut = [str(name) for name, margin in zip(_EDGES, sides, strict=True) if margin > _NARROW]
    if len(cut) in {0, len(_EDGES)}:
        return _("all round")
    return _("at {edges}").format(edges=listed(cut))


_EDGES = (
    pgettext_lazy("cut at", "the left"),
    pgettext_lazy("cut at", "the top"),
    pgettext_lazy("cut at", "the right"),
    pgettext_lazy("cut at", "the bottom"),
)
