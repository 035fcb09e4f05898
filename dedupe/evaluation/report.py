"""Counting: what was shown for the listed pairs, and what was suggested falsely."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from dedupe.evaluation.asking import Asked, Suggestion
from dedupe.evaluation.measuring import Measurement
from dedupe.evaluation.pairs import MUST_NOT_MATCH, Chains, Pair, chains_of


@dataclass(frozen=True)
class JudgedPair:
    """A listed pair, and ``path_a`` as the search for ``path_b`` found it: None when it did not."""

    pair: Pair
    found: Suggestion | None
    problem: str
    """Why the question could not be put, or "" when it could."""

    @property
    def shown(self) -> Suggestion | None:
        """``path_a`` as the uploader sees it, or None."""
        return self.found if self.found and self.found.visible else None

    @property
    def kind(self) -> str:
        """``same`` or ``variant`` as it is said to the uploader, or ``not shown``."""
        return self.shown.kind if self.shown else "not shown"


@dataclass(frozen=True)
class FalseSuggestion:
    """A picture shown for a file to which no chain of listed pairs leads from any file that it stands for."""

    query: str
    shown: Suggestion
    files: tuple[str, ...]


@dataclass(frozen=True)
class Tally:
    """Pairs of one kind, counted."""

    pairs: int
    found: int
    """Found at any rank, also behind those that an uploader is shown."""
    shown: int
    same: int
    variant: int
    first: int
    """Shown at rank 1."""
    median_rank: float | None

    @property
    def share_shown(self) -> float:
        """0 to 1."""
        return self.shown / self.pairs


@dataclass(frozen=True)
class Queries:
    """The files of one set that were asked about, and what was suggested falsely among them."""

    asked: int
    suggestions: int
    false_suggestions: int
    with_false_suggestion: int

    @property
    def false_per_query(self) -> float:
        return self.false_suggestions / self.asked if self.asked else 0.0


@dataclass(frozen=True)
class Times:
    """Milliseconds: median and 95th percentile of ``count`` values."""

    count: int
    median: float
    p95: float


@dataclass(frozen=True)
class Report:
    """A measurement, judged."""

    measurement: Measurement
    pairs: tuple[JudgedPair, ...]
    false_suggestions: tuple[FalseSuggestion, ...]
    by_negatives_only: tuple[FalseSuggestion, ...]
    """Suggestions that are not false only because a chain leads over a pair of the class must_not_match."""

    def unreadable(self) -> dict[str, str]:
        """Files that could not be read, and why."""
        laid = {laid_: each.reason for laid_, each in self.measurement.library.laid.items() if each.reason}
        asked = {name: each.problem for name, each in self.measurement.asked.items() if each.unreadable}
        return dict(sorted((laid | asked).items()))

    def failed(self) -> dict[str, str]:
        """Files whose search failed, and why."""
        answers = self.measurement.asked.values()
        return {each.name: each.problem for each in answers if each.problem and not each.unreadable}


def judge(measurement: Measurement, pairs: Sequence[Pair]) -> Report:
    """Put the answers beside the list."""
    every = chains_of(pairs, measurement.twins)
    positive = chains_of((pair for pair in pairs if pair.expected != MUST_NOT_MATCH), measurement.twins)
    false = tuple(_false_suggestions(measurement, every))
    listed = {(each.query, each.shown.rank) for each in false}
    strictly = _false_suggestions(measurement, positive)
    return Report(
        measurement=measurement,
        pairs=tuple(_judged(measurement, pair) for pair in pairs),
        false_suggestions=false,
        by_negatives_only=tuple(each for each in strictly if (each.query, each.shown.rank) not in listed),
    )


def _judged(measurement: Measurement, pair: Pair) -> JudgedPair:
    laid = measurement.library.laid
    for name in (pair.path_a, pair.path_b):
        if name in laid and laid[name].picture_id is None:
            return JudgedPair(pair, None, f"{name} could not be stored: {laid[name].reason}")
    asked = measurement.asked[pair.path_b]
    there = laid[pair.path_a].picture_id
    found = next((each for each in asked.found if each.picture_id == there), None)
    return JudgedPair(pair, found, asked.problem)


def _false_suggestions(measurement: Measurement, chains: Chains) -> Iterator[FalseSuggestion]:
    for asked in measurement.asked.values():
        for shown in asked.shown:
            files = measurement.library.files[shown.picture_id]
            if not any(chains.connect(asked.name, file) for file in files):
                yield FalseSuggestion(asked.name, shown, files)


def tally(pairs: Iterable[JudgedPair]) -> Tally:
    """Count some pairs, at least one."""
    judged = list(pairs)
    shown = [each.shown for each in judged if each.shown]
    return Tally(
        pairs=len(judged),
        found=sum(each.found is not None for each in judged),
        shown=len(shown),
        same=sum(each.kind == "same" for each in shown),
        variant=sum(each.kind == "variant" for each in shown),
        first=sum(each.rank == 1 for each in shown),
        median_rank=float(median(each.rank for each in shown)) if shown else None,
    )


def tallies(report: Report, *columns: str) -> dict[tuple[str, ...], Tally]:
    """Tallies by attributes of the pairs (``group``, ``expected``, ``relation``), in the order of their values."""
    groups: dict[tuple[str, ...], list[JudgedPair]] = {}
    for each in report.pairs:
        groups.setdefault(tuple(getattr(each.pair, column) for column in columns), []).append(each)
    return {key: tally(groups[key]) for key in sorted(groups)}


def queries(report: Report) -> dict[str, Queries]:
    """What was asked, by set: that of the file's first pair, or of an unlisted file its topmost folder."""
    groups: dict[str, list[Asked]] = {}
    for asked in report.measurement.asked.values():
        if not asked.problem:
            groups.setdefault(report.measurement.collection.groups[asked.name], []).append(asked)
    return {name: _queries(groups[name], report.false_suggestions) for name in sorted(groups)}


def all_queries(report: Report) -> Queries:
    """What was asked, in whole."""
    answers = [asked for asked in report.measurement.asked.values() if not asked.problem]
    return _queries(answers, report.false_suggestions)


def _queries(asked: Sequence[Asked], false: Sequence[FalseSuggestion]) -> Queries:
    names = {each.name for each in asked}
    ours = [each.query for each in false if each.query in names]
    return Queries(len(asked), sum(len(each.shown) for each in asked), len(ours), len(set(ours)))


def times(seconds: Iterable[float | None]) -> Times | None:
    """Median and 95th percentile of what was measured, or None when nothing was."""
    values = [1000 * each for each in seconds if each is not None]
    if not values:
        return None
    p95 = quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]
    return Times(len(values), round(median(values), 2), round(p95, 2))
