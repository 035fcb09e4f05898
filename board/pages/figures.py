"""The numbers behind a question in plain words, against the settings that they are held to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from board.prose import number, percent, plain
from dedupe.conf import Matching
from dedupe.imaging import Relation
from dedupe.models import Match
from dedupe.statistics import Confirmed

ENOUGH_ANSWERS = 20
"""From fewer answers no share is said: it would be chance, and might tell of single people."""


@dataclass(frozen=True)
class Figure:
    """One number behind the question, with the bound that it is held against."""

    label: str
    value: str
    bound: str


@dataclass(frozen=True)
class Found:
    """How a match was found: its probability 0–1, the distance of the nearest hashes 0–256, and its routes."""

    probability: float
    distance: int | None
    routes: Sequence[str]

    @classmethod
    def of(cls, match: Match) -> Found:
        return cls(match.probability, match.distance, match.routes)


def figures(found: Found, evidence: Mapping[str, float], matching: Matching) -> list[Figure]:
    """The numbers of a match against the settings in force, each left out when it was not measured."""
    if not evidence and not found.routes:
        return []
    return [
        *(
            [Figure(_("Found by"), routes_words(found.routes), _("ways that look at millions at once"))]
            if found.routes
            else []
        ),
        Figure(
            _("Score"),
            _("{score} of 1").format(score=number(found.probability, 2)),
            _("we ask from {ask}, and are fairly sure from {sure}").format(
                ask=plain(matching.ask_probability), sure=plain(matching.confident_probability)
            ),
        ),
        *_laid(evidence),
        *_hashes(found, evidence, matching),
    ]


def people_said(relation: Relation, confirmed: Confirmed) -> list[Figure]:
    """How often people confirmed matches like this one, or nothing where too few have answered."""
    if confirmed.of < ENOUGH_ANSWERS:
        return []
    said = _("the same picture") if relation.same_picture else _("the same picture or a variant of it")
    words = _("{said}, {right} times of {total}").format(said=said, right=confirmed.right, total=confirmed.of)
    return [Figure(_("People said"), words, _("matches like this one"))]


def _laid(evidence: Mapping[str, float]) -> list[Figure]:
    """What was seen when the one was laid over the other."""
    shown = [_places(evidence["places"])] if "places" in evidence else []
    if "mine_covered" in evidence and "theirs_covered" in evidence:
        both = _("{mine} of the newer, {theirs} of the older").format(
            mine=_percent(evidence["mine_covered"]), theirs=_percent(evidence["theirs_covered"])
        )
        shown.append(Figure(_("In common"), both, _("of their areas")))
    shown += [
        Figure(str(label), say(evidence[name]), str(bound))
        for name, label, say, bound in _MEASURED
        if name in evidence
    ]
    return shown


def _places(count: float) -> Figure:
    if count:
        return Figure(
            _("Agreeing places"),
            f"{count:.0f}",
            _("corners and spots that lie on one another; below 5 is chance"),
        )
    return Figure(
        _("Agreeing places"), _("not used"), _("too few distinct places, so frame was laid on frame")
    )


def _percent(share: float) -> str:
    return percent(max(0.0, share))


def _levels(value: float) -> str:
    return _("{levels} of 255").format(levels=number(abs(value)))


def _light(value: float) -> str:
    if abs(value) < 0.5:
        return _("equal")
    words = _("{levels}, the newer lighter") if value > 0 else _("{levels}, the newer darker")
    return words.format(levels=_levels(value))


_MEASURED = (
    (
        "luma",
        gettext_lazy("Light and dark agree"),
        _percent,
        gettext_lazy("after brightness and contrast are evened out; 100 % is equal"),
    ),
    ("edges", gettext_lazy("Outlines agree"), _percent, gettext_lazy("100 % is equal")),
    (
        "steady",
        gettext_lazy("All in its place"),
        _percent,
        gettext_lazy("in another moment of a scene it is below 96 %"),
    ),
    (
        "changed",
        gettext_lazy("Changed"),
        _percent,
        gettext_lazy("of what both show; a caption or a retouch shows here"),
    ),
    (
        "brighter",
        gettext_lazy("Brightness differs by"),
        _light,
        gettext_lazy("on average over what both show"),
    ),
    ("colour", gettext_lazy("Colours differ by"), _levels, gettext_lazy("on average over what both show")),
)


def _hashes(found: Found, evidence: Mapping[str, float], matching: Matching) -> list[Figure]:
    shown = []
    if found.distance is not None:
        bound = _("by structure alone we compare up to {distance}; 128 is chance")
        words = _("{distance} of 256 marks differ").format(distance=found.distance)
        shown.append(Figure(_("Structure"), words, bound.format(distance=matching.candidate_distance)))
    if "phash" in evidence:
        bound = _("looked at up to {distance}, or by another way").format(distance=matching.phash_distance)
        words = _("{distance} of 64 marks differ").format(distance=number(evidence["phash"]))
        shown.append(Figure(_("Coarse structure"), words, bound))
    return shown


_ROUTES = {
    "checksum": gettext_lazy("the same bytes"),
    "pixels": gettext_lazy("the same points"),
    "window": gettext_lazy("like brightness and shape"),
    "hash": gettext_lazy("like structure"),
    "words": gettext_lazy("shared details"),
}


def routes_words(routes: Sequence[str]) -> str:
    """The routes by which a picture was found, each once."""
    return ", ".join(dict.fromkeys(_route(route) for route in routes))


def _route(route: str) -> str:
    if route.startswith("embedding:"):
        return _("the measure “{name}”").format(name=route.partition(":")[2])
    return str(_ROUTES.get(route.rstrip("0123456789"), route))
