"""The numbers behind a question in plain words, against the settings that they are held to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
            [Figure("Found by", routes_words(found.routes), "ways that look at millions at once")]
            if found.routes
            else []
        ),
        Figure(
            "Score",
            f"{found.probability:.2f} of 1",
            f"we ask from {matching.ask_probability:g}, and are fairly sure from {matching.confident_probability:g}",
        ),
        *_laid(evidence),
        *_hashes(found, evidence, matching),
    ]


def people_said(relation: Relation, confirmed: Confirmed) -> list[Figure]:
    """How often people confirmed matches like this one, or nothing where too few have answered."""
    if confirmed.of < ENOUGH_ANSWERS:
        return []
    said = "the same picture" if relation.same_picture else "the same picture or a variant of it"
    return [
        Figure("People said", f"{said}, {confirmed.right} times of {confirmed.of}", "matches like this one")
    ]


def _laid(evidence: Mapping[str, float]) -> list[Figure]:
    """What was seen when the one was laid over the other."""
    shown = [_places(evidence["places"])] if "places" in evidence else []
    if "mine_covered" in evidence and "theirs_covered" in evidence:
        both = f"{_percent(evidence['mine_covered'])} of the newer, {_percent(evidence['theirs_covered'])} of the older"
        shown.append(Figure("In common", both, "of their areas"))
    shown += [
        Figure(label, say(evidence[name]), bound) for name, label, say, bound in _MEASURED if name in evidence
    ]
    return shown


def _places(count: float) -> Figure:
    if count:
        return Figure(
            "Agreeing places", f"{count:.0f}", "corners and spots that lie on one another; below 5 is chance"
        )
    return Figure("Agreeing places", "not used", "too few distinct places, so frame was laid on frame")


def _percent(share: float) -> str:
    return f"{max(0.0, share) * 100:.0f} %"


def _levels(value: float) -> str:
    return f"{abs(value):.0f} of 255"


def _light(value: float) -> str:
    return (
        "equal" if abs(value) < 0.5 else f"{_levels(value)}, the newer {'lighter' if value > 0 else 'darker'}"
    )


_MEASURED = (
    (
        "luma",
        "Light and dark agree",
        _percent,
        "after brightness and contrast are evened out; 100 % is equal",
    ),
    ("edges", "Outlines agree", _percent, "100 % is equal"),
    ("changed", "Changed", _percent, "of what both show; a caption or a retouch shows here"),
    ("brighter", "Brightness differs by", _light, "on average over what both show"),
    ("colour", "Colours differ by", _levels, "on average over what both show"),
)


def _hashes(found: Found, evidence: Mapping[str, float], matching: Matching) -> list[Figure]:
    shown = []
    if found.distance is not None:
        bound = f"by structure alone we compare up to {matching.candidate_distance}; 128 is chance"
        shown.append(Figure("Structure", f"{found.distance} of 256 marks differ", bound))
    if "phash" in evidence:
        bound = f"looked at up to {matching.phash_distance}, or by another way"
        shown.append(Figure("Coarse structure", f"{evidence['phash']:.0f} of 64 marks differ", bound))
    return shown


_ROUTES = {
    "checksum": "the same bytes",
    "pixels": "the same points",
    "window": "like brightness and shape",
    "hash": "like structure",
    "words": "shared details",
}


def routes_words(routes: Sequence[str]) -> str:
    """The routes by which a picture was found, each once."""
    return ", ".join(dict.fromkeys(_route(route) for route in routes))


def _route(route: str) -> str:
    if route.startswith("embedding:"):
        return f"the measure “{route.partition(':')[2]}”"
    return _ROUTES.get(route.rstrip("0123456789"), route)
