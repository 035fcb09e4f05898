"""Counting the trials: recall by edit and method, and false suggestions among novel pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from benchmarks.edits import EDITS
from benchmarks.recall.peers import Numbers, Peer, peers
from benchmarks.recall.sample import File, Kind
from benchmarks.recall.trials import Answer, Described, Outcome
from dedupe.evaluation.pairs import Chains
from dedupe.evaluation.tables import table

DOPPEL = "Doppel"


@dataclass(frozen=True)
class Score:
    """One method on one kind of pictures."""

    recall: dict[str, float]
    """Share of the originals that are shown, 0 to 1, by edit."""
    novel: int
    false: tuple[tuple[str, str], ...]
    """The false suggestions: the novel file and what is suggested for it."""

    @property
    def falsely_asked(self) -> int:
        """Novel pictures with at least one false suggestion."""
        return len({query for query, _ in self.false})

    @property
    def mean(self) -> float:
        return mean(self.recall.values()) if self.recall else 0.0

    @property
    def worst(self) -> float:
        return min(self.recall.values(), default=0.0)

    @property
    def falsely_asked_per_1000(self) -> float:
        return 1000 * self.falsely_asked / self.novel if self.novel else 0.0


class Library:
    """The stored files as each method knows them, and which files are one picture."""

    def __init__(
        self, described: Iterable[Described], files: Mapping[int, tuple[str, ...]], chains: Chains
    ) -> None:
        self._files = files
        self._chains = chains
        self._peers = peers()
        self._paths: dict[str, list[str]] = {}
        self._numbers: dict[str, Numbers] = {}
        known = list(described)
        for name in self._peers:
            rows = [each for each in known if name in each.numbers]
            self._paths[name] = [str(each.path) for each in rows]
            self._numbers[name] = np.array([each.numbers[name] for each in rows])

    @property
    def methods(self) -> list[str]:
        """Their names, the product first."""
        return [DOPPEL, *(label for peer in self._peers.values() for label in peer.thresholds)]

    def found_by(self, answer: Answer) -> dict[str, set[str]]:
        """The stored files that each method suggests."""
        ours = {file for picture_id in answer.shown for file in self._files[picture_id]}
        theirs = {
            label: found
            for name, peer in self._peers.items()
            for label, found in self._within(name, peer, answer).items()
        }
        return {DOPPEL: ours} | theirs

    def _within(self, name: str, peer: Peer, answer: Answer) -> dict[str, set[str]]:
        paths, numbers = self._paths[name], answer.numbers.get(name)
        if numbers is None or not paths:
            return {label: set() for label in peer.thresholds}
        distances = peer.distances(numbers, self._numbers[name])
        return {
            label: {paths[index] for index in np.flatnonzero(distances <= most)}
            for label, most in peer.thresholds.items()
        }

    def is_same(self, path: Path, found: str) -> bool:
        """Whether a file that was suggested is known to be the picture of this path."""
        return self._chains.connect(str(path), found)


def scores(
    kind: Kind, outcomes: Sequence[Outcome], novel: Sequence[tuple[File, Answer]], library: Library
) -> dict[str, Score]:
    """The scores of one kind by method."""
    recall = _recall([each for each in outcomes if each.original.kind is kind], library)
    asked = [(file, answer) for file, answer in novel if file.kind is kind and not answer.problem]
    suggested = [(file, library.found_by(answer)) for file, answer in asked]
    result = {}
    for method in library.methods:
        false = [
            (str(file.path), each)
            for file, found in suggested
            for each in sorted(found[method])
            if not library.is_same(file.path, each)
        ]
        result[method] = Score(recall[method], len(asked), tuple(false))
    return result


def _recall(outcomes: Sequence[Outcome], library: Library) -> dict[str, dict[str, float]]:
    hits: dict[str, dict[str, int]] = {method: dict.fromkeys(EDITS, 0) for method in library.methods}
    for outcome in outcomes:
        for edit, answer in outcome.answers.items():
            for method, found in library.found_by(answer).items():
                hits[method][edit] += any(library.is_same(outcome.original.path, each) for each in found)
    if not outcomes:
        return {method: {} for method in hits}
    return {
        method: {edit: count / len(outcomes) for edit, count in by_edit.items()}
        for method, by_edit in hits.items()
    }


def lines(kind: Kind, by_method: Mapping[str, Score], originals: int) -> Iterator[str]:
    """The table of one kind: recall in per cent."""
    if not originals:
        return
    novel = next(iter(by_method.values())).novel
    yield f"{kind}: {originals} originals, {novel} novel pictures; shown, in per cent"
    rows: list[tuple[object, ...]] = [
        (edit, *(_percent(score.recall[edit]) for score in by_method.values())) for edit in EDITS
    ]
    rows.append(("mean", *(_percent(score.mean) for score in by_method.values())))
    rows.append(("minimum", *(_percent(score.worst) for score in by_method.values())))
    rows.append(
        ("novel falsely asked, per 1,000", *(f"{each.falsely_asked_per_1000:.1f}" for each in by_method.values()))
    )  # fmt: skip
    yield from table(("edit", *by_method), rows)


def document(by_method: Mapping[str, Score]) -> dict[str, Any]:
    """The scores of one kind for JSON; shares from 0 to 1."""
    return {
        method: {
            "recall": {edit: round(share, 4) for edit, share in score.recall.items()},
            "mean": round(score.mean, 4),
            "minimum": round(score.worst, 4),
            "novel": score.novel,
            "false_suggestions": len(score.false),
            "falsely_asked": score.falsely_asked,
            "falsely_asked_per_1000": round(score.falsely_asked_per_1000, 2),
        }
        | ({"false": score.false} if method == DOPPEL else {})
        for method, score in by_method.items()
    }


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"
