"""Trials: every edit of an original, and every novel file, put to the product's search and to the peers."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.edits import EDITS, dice
from benchmarks.recall.peers import Numbers, describe
from benchmarks.recall.sample import File, open_upright
from dedupe.evaluation.asking import Question, ask


@dataclass(frozen=True)
class Trial:
    """An original, the picture in its background, and the seed of the run."""

    original: File
    background: Path
    seed: int


@dataclass(frozen=True)
class Answer:
    """What the product shows for one file (ids of pictures), and the numbers of the file for the peers."""

    shown: tuple[int, ...]
    numbers: dict[str, Numbers]
    problem: str = ""


@dataclass(frozen=True)
class Outcome:
    """The answers for one original, by edit."""

    original: File
    answers: dict[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True)
class Described:
    """A stored file with its numbers; none when Pillow alone cannot read it."""

    path: Path
    numbers: dict[str, Numbers]


def answer(name: str, data: bytes) -> Answer:
    """Ask about the bytes of a file."""
    with tempfile.NamedTemporaryFile(prefix="doppel-edit-") as file:
        file.write(data)
        file.flush()
        asked = ask(Question(name, Path(file.name)))
    shown = tuple(each.picture_id for each in asked.shown)
    return Answer(shown, _numbers(data), asked.problem)


def put_to_trial(trial: Trial) -> Outcome:
    """Make the 33 edits of an original and ask about each."""
    image, background = open_upright(trial.original.path), open_upright(trial.background)
    answers = {}
    for name, edit in EDITS.items():
        rng = dice(trial.original.name, name, trial.seed)
        answers[name] = answer(name, edit.apply(image, rng, background).data)
    return Outcome(trial.original, answers)


def ask_novel(file: File) -> tuple[File, Answer]:
    """Ask about a file that is not stored."""
    try:
        return file, answer(file.name, file.path.read_bytes())
    except OSError as error:
        return file, Answer((), {}, str(error))


def describe_stored(path: Path) -> Described:
    """The numbers of a stored file for the peers."""
    return Described(path, _numbers(path.read_bytes()))


def _numbers(data: bytes) -> dict[str, Numbers]:
    try:
        return describe(data)
    except (OSError, ValueError, SyntaxError):
        return {}  # of a file that Pillow cannot read a peer knows nothing, and finds nothing
