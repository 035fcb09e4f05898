"""Comparisons as JSON, for crossing the border of the jail; nothing that comes back is believed (``wire``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from .beyond import Beyond
from .differences import Differences
from .renditions import RenditionKind
from .verification import Comparison, Method
from .wire import checked_count, checked_real

_SHARES = {"agreeing", "kept", "changed", "recoloured"}
_CORRELATIONS = {"luma", "edges"}
_MOST_PLACES = 1000
_LEAST_AREA = 1e-6  # what a map leaves of an area of 1; views have 1 to 480 pixels a side


def comparison_to_json(comparison: Comparison) -> dict[str, Any]:
    """The comparison as JSON values."""
    return asdict(comparison)


def comparison_from_json(value: Mapping[str, Any]) -> Comparison:
    """The comparison back from ``comparison_to_json``. Raises ValueError for whatever that cannot have written."""
    try:
        stored_view, query_view = (_view(each) for each in value["views"])
        stored_beyond, query_beyond = (Beyond(each) for each in value["beyond"])
        return Comparison(
            views=(stored_view, query_view),
            method=Method(value["method"]),
            matrix=_matrix(value["matrix"]),
            places=checked_count(value["places"] + 1, _MOST_PLACES) - 1,
            spread=_two_shares(value["spread"]),
            coverage=_two_shares(value["coverage"]),
            beyond=(stored_beyond, query_beyond),
            differences=_differences(value["differences"]),
            probability=checked_real(value["probability"], 0, 1),
            rewritten=checked_real(value["rewritten"], 0, 1),
            exchanged=checked_real(value["exchanged"], 0, 1),
            steady=checked_real(value["steady"], -1, 1),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a comparison: {type(error).__name__}") from error


def _view(value: str) -> str:
    kind = RenditionKind(value)
    if not kind.is_view:
        raise ValueError("not a view")
    return kind.value


def _matrix(value: Any) -> tuple[float, float, float, float, float, float]:
    a, b, x, c, d, y = (checked_real(each, -1000, 1000) for each in value)
    if abs(a * d - b * c) < _LEAST_AREA:
        raise ValueError("a map that cannot be undone")
    return a, b, x, c, d, y


def _two_shares(value: Any) -> tuple[float, float]:
    first, second = (checked_real(each, 0, 1.5) for each in value)
    return min(1.0, first), min(1.0, second)


def _differences(value: Mapping[str, Any]) -> Differences:
    return Differences(**{each.name: _level(each.name, value[each.name]) for each in fields(Differences)})


def _level(name: str, value: object) -> float:
    if name in _SHARES:
        return checked_real(value, 0, 1)
    if name in _CORRELATIONS:
        return max(-1.0, min(1.0, checked_real(value, -1.001, 1.001)))
    return checked_real(value, -400, 400)
