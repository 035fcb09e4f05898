"""A report as a document of plain values, for JSON. docs/operating.md names its fields."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dedupe.conf import conf
from dedupe.evaluation.report import (
    FalseSuggestion,
    JudgedPair,
    Queries,
    Report,
    Tally,
    all_queries,
    queries,
    tallies,
    times,
)
from dedupe.imaging import ALGORITHM_VERSION

FORMAT = 1
"""Raised whenever a field changes its meaning."""
_NAMES = {"group": "set", "expected": "class", "relation": "relation"}


def document(report: Report) -> dict[str, Any]:
    """Everything of the report, in the order in which a person would read it."""
    return {
        "format": FORMAT,
        "algorithm_version": ALGORITHM_VERSION,
        "settings": asdict(conf().matching),
        "files": _files(report),
        "queries": _queries(report),
        "times_ms": times_in_ms(report),
        "confusion": confusion(report),
        "by_set": _tallies(report, "group"),
        "by_class": _tallies(report, "expected"),
        "by_relation": _tallies(report, "relation"),
        "by_set_class_relation": _tallies(report, "group", "expected", "relation"),
        "pairs": [_pair(each) for each in report.pairs],
        "false_suggestions": [_false(each) for each in report.false_suggestions],
        "connected_by_must_not_match_only": [_false(each) for each in report.by_negatives_only],
        "unreadable": [{"path": path, "reason": reason} for path, reason in report.unreadable().items()],
        "failed": [{"path": path, "reason": reason} for path, reason in report.failed().items()],
    }


def times_in_ms(report: Report) -> dict[str, Any]:
    """Milliseconds of one query (wall, and processor time of the asking process), and of what comes before."""
    asked = report.measurement.asked.values()
    stored = {laid.name: laid for laid in report.measurement.library.laid.values() if not laid.reason}
    measured = {
        "search_wall": times(each.search_seconds for each in asked),
        "search_cpu": times(each.search_cpu_seconds for each in asked),
        "analysis_wall": times(each.analysis_seconds for each in asked),
        "storing_wall": times(laid.seconds for laid in stored.values()),
    }
    return {name: asdict(value) if value else None for name, value in measured.items()}


def confusion(report: Report) -> dict[str, dict[str, int]]:
    """For each class how many of its pairs were not shown, or shown and called the same or a variant."""
    return {
        expected: {"not_shown": tally.pairs - tally.shown, "same": tally.same, "variant": tally.variant}
        for (expected,), tally in tallies(report, "expected").items()
    }


def _files(report: Report) -> dict[str, int]:
    library = report.measurement.library
    return {
        "stored": sum(not laid.reason for laid in library.laid.values()),
        "live_pictures": len(library.files),
        "asked": len(report.measurement.asked),
        "unreadable": len(report.unreadable()),
    }


def _queries(report: Report) -> dict[str, Any]:
    return {
        "all": _suggestions(all_queries(report)),
        "by_set": {name: _suggestions(each) for name, each in queries(report).items()},
    }


def _suggestions(asked: Queries) -> dict[str, Any]:
    return asdict(asked) | {"false_per_query": round(asked.false_per_query, 5)}


def _tallies(report: Report, *columns: str) -> list[dict[str, Any]]:
    return [
        {_NAMES[column]: value for column, value in zip(columns, key, strict=True)} | _tally(tally)
        for key, tally in tallies(report, *columns).items()
    ]


def _tally(tally: Tally) -> dict[str, Any]:
    return asdict(tally) | {"share_shown": round(tally.share_shown, 4)}


def _pair(judged: JudgedPair) -> dict[str, Any]:
    pair = judged.pair
    return {
        "set": pair.group,
        "path_a": pair.path_a,
        "path_b": pair.path_b,
        "relation": pair.relation,
        "class": pair.expected,
        "kind": judged.kind,
        "found": asdict(judged.found) if judged.found else None,
        "problem": judged.problem,
    }


def _false(suggestion: FalseSuggestion) -> dict[str, Any]:
    return {"query": suggestion.query, "files": suggestion.files, "shown": asdict(suggestion.shown)}
