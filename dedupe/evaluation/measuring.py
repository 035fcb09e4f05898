"""The whole measurement: lay the collection in, ask about it, and put the answers beside what is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dedupe.evaluation.asking import Asked, Question, ask
from dedupe.evaluation.collection import Collection, twins
from dedupe.evaluation.crew import Progress, spread
from dedupe.evaluation.laying import Laid, ToLay, lay_in

Announce = Callable[[str], Progress]
"""Told what begins; gives whom to tell of its progress."""


@dataclass(frozen=True)
class Library:
    """The live pictures of the scratch site, and the files that each stands for."""

    laid: dict[str, Laid]
    """For every stored file what became of it; files with equal bytes share their first one's row."""
    files: dict[int, tuple[str, ...]]
    """The files that a live picture stands for, by its id."""

    def own_picture(self, name: str) -> int | None:
        """The picture that stands for this file and no other, which is left out of the file's own search."""
        laid = self.laid.get(name)
        if laid is None or laid.picture_id is None:
            return None
        return laid.picture_id if len(self.files[laid.picture_id]) == 1 else None


@dataclass(frozen=True)
class Measurement:
    """Everything that was found out, before anything is counted."""

    collection: Collection
    library: Library
    asked: dict[str, Asked]
    twins: tuple[tuple[str, ...], ...]
    """The files by equal bytes, stored or not; most stand alone."""


def measure(collection: Collection, jobs: int, announce: Announce) -> Measurement:
    """Lay in and ask, in the scratch site that this process was led to."""
    names = dict.fromkeys((*collection.stored, *collection.asked))
    same_bytes = twins(collection.folder, names)
    stored = set(collection.stored)
    groups = [tuple(name for name in group if name in stored) for group in same_bytes]
    library = lay_in_all(collection.folder, filter(None, groups), jobs, announce)
    asked = ask_all(questions_about(collection, library), jobs, announce)
    return Measurement(collection, library, asked, tuple(same_bytes))


def lay_in_all(folder: Path, groups: Iterable[tuple[str, ...]], jobs: int, announce: Announce) -> Library:
    """Store the first file of each group; the others of a group have the same bytes."""
    wanted = list(groups)
    tasks = [ToLay(group[0], folder / group[0]) for group in wanted]
    results = {laid.name: laid for laid in spread(lay_in, tasks, jobs, announce("Storing"))}
    return Library(
        laid={name: results[group[0]] for group in wanted for name in group},
        files={pk: group for group in wanted if (pk := results[group[0]].picture_id) is not None},
    )


def questions_about(collection: Collection, library: Library) -> list[Question]:
    """A question about every file that can be read; what could not be stored is not asked about again."""
    return [
        Question(name, collection.folder / name, library.own_picture(name))
        for name in collection.asked
        if name not in library.laid or library.laid[name].picture_id is not None
    ]


def ask_all(questions: Sequence[Question], jobs: int, announce: Announce) -> dict[str, Asked]:
    """The answers by file name, in the order of the questions."""
    answers = {asked.name: asked for asked in spread(ask, questions, jobs, announce("Asking"))}
    return {question.name: answers[question.name] for question in questions}
