"""Pairs of files of which somebody has said how they are related, and the chains that pairs make."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

COLUMNS = ("set", "path_a", "path_b", "relation", "class", "note")
_REQUIRED = COLUMNS[:-1]
MUST_NOT_MATCH = "must_not_match"
"""The class of pairs that are known to be different pictures."""


class PairsError(Exception):
    """The list of pairs cannot be used; the message says why and in which line."""


@dataclass(frozen=True)
class Pair:
    """One line of the list: would an upload of ``path_b`` show ``path_a``? Paths are relative to the folder."""

    group: str
    """The column ``set``."""
    path_a: str
    path_b: str
    relation: str
    expected: str
    """The column ``class``: ``must_match``, ``policy``, ``must_not_match``, or a word of the list's own."""
    note: str = ""


def read_pairs(file: Path, folder: Path) -> tuple[Pair, ...]:
    """Read a CSV file in UTF-8 with the columns ``COLUMNS`` (``note`` may be missing, others are ignored).

    Raises PairsError when it cannot be read, lacks a column or a value, or names a file that is not in ``folder``.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            _check_columns(file, reader.fieldnames or ())
            return tuple(_pair(f"{file.name}, line {reader.line_num}", row, folder) for row in reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise PairsError(f"{file} cannot be read as a CSV file: {error}.") from error


def _check_columns(file: Path, names: Iterable[str]) -> None:
    missing = [column for column in _REQUIRED if column not in names]
    if missing:
        raise PairsError(
            f"{file.name} lacks the columns {', '.join(missing)}. Its first line must name {', '.join(COLUMNS)}."
        )


def _pair(place: str, row: Mapping[str, str | None], folder: Path) -> Pair:
    values = {column: (row.get(column) or "").strip() for column in COLUMNS}
    for column in _REQUIRED:
        if not values[column]:
            raise PairsError(f"{place}: {column} is empty.")
    path_a, path_b = (_file(place, values[column], folder) for column in ("path_a", "path_b"))
    if path_a == path_b:
        raise PairsError(f"{place}: both paths name {path_a!r}.")
    return Pair(values["set"], path_a, path_b, values["relation"], values["class"], values["note"])


def _file(place: str, name: str, folder: Path) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise PairsError(f"{place}: {name!r} leads out of the folder.")
    if not (folder / path).is_file():
        raise PairsError(f"{place}: there is no file {name!r} in {folder}.")
    return str(path)


class Chains:
    """Which names are connected by a chain of pairs (union-find with path halving)."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}

    def join(self, first: str, second: str) -> None:
        """Connect two names, and with them all that each is connected to."""
        self._parents[self._root(first)] = self._root(second)

    def connect(self, first: str, second: str) -> bool:
        """Whether a chain leads from one name to the other; every name is connected to itself."""
        return self._root(first) == self._root(second)

    def _root(self, name: str) -> str:
        parents = self._parents
        while (parent := parents.get(name, name)) != name:
            parents[name] = parents.get(parent, parent)
            name = parents[name]
        return name


def chains_of(pairs: Iterable[Pair], twins: Iterable[tuple[str, ...]] = ()) -> Chains:
    """The chains of listed pairs; ``twins`` are names of files with equal bytes, which are one picture anyway."""
    chains = Chains()
    for first, second in _links(pairs, twins):
        chains.join(first, second)
    return chains


def _links(pairs: Iterable[Pair], twins: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    for pair in pairs:
        yield pair.path_a, pair.path_b
    for first, *others in twins:
        for other in others:
            yield first, other
