"""The files of a folder, by the part they play: stored before anybody asks, or only asked about."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dedupe.evaluation.pairs import Pair


@dataclass(frozen=True)
class Collection:
    """A folder of files, named by their paths in it, with ``/`` between the parts."""

    folder: Path
    stored: tuple[str, ...]
    """Files that are stored; a file that stands in the pairs only as ``path_b`` is not."""
    asked: tuple[str, ...]
    """Files that are asked about: each ``path_b``, and each file that no pair names."""
    groups: dict[str, str]
    """For every file the set of its first pair, or of an unlisted one its topmost folder."""


def collect(folder: Path, pairs: Sequence[Pair], leave_out: Iterable[Path] = ()) -> Collection:
    """Give every file below a folder its part. Links are passed over unless a pair names them."""
    strangers = {path.resolve() for path in leave_out}
    firsts = {pair.path_a for pair in pairs}
    seconds = {pair.path_b for pair in pairs}
    others = {name for name in names_under(folder) if (folder / name).resolve() not in strangers}
    names = sorted(others | firsts | seconds)
    groups = {name: name.partition("/")[0] if "/" in name else "" for name in names}
    for pair in reversed(pairs):
        groups |= {pair.path_a: pair.group, pair.path_b: pair.group}
    return Collection(
        folder=folder,
        stored=tuple(name for name in names if name in firsts or name not in seconds),
        asked=tuple(name for name in names if name in seconds or name not in firsts),
        groups=groups,
    )


def names_under(folder: Path) -> Iterator[str]:
    """The files below a folder, in the order of their names."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(folder).as_posix()


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def twins(folder: Path, names: Iterable[str]) -> list[tuple[str, ...]]:
    """Group names by equal bytes, in their order. A file that cannot be read stands alone."""
    groups: dict[str, list[str]] = {}
    for name in names:
        try:
            key = checksum(folder / name)
        except OSError:
            key = f"unreadable {name}"
        groups.setdefault(key, []).append(name)
    return [tuple(group) for group in groups.values()]
