"""Which files are stored, which are held out as novel, and which are the originals that are edited."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

from PIL import Image, ImageOps

from dedupe.evaluation.collection import names_under
from dedupe.evaluation.pairs import MUST_NOT_MATCH, Chains

_MODES_WITH_ALPHA = ("RGBA", "LA", "PA")


class Kind(StrEnum):
    """What is told apart in the tables."""

    PHOTOGRAPHS = "photographs"
    GRAPHICS = "graphics"
    CROWD = "stored only"


@dataclass(frozen=True)
class File:
    """One file; ``name`` is its path below the folder that was given, and rolls its dice."""

    path: Path
    name: str
    kind: Kind

    def share(self, seed: int, purpose: str) -> float:
        """A number from 0 to 1 that this file always gets for this purpose."""
        digest = hashlib.sha256(f"{seed}\n{purpose}\n{self.name}".encode("utf-8", "surrogateescape")).digest()
        return int.from_bytes(digest[:8], "big") / 2**64


def files_of(folders: Iterable[Path], kind: Kind) -> list[File]:
    """All files below some folders."""
    return [File(folder / name, name, kind) for folder in folders for name in names_under(folder)]


def is_novel(file: File, seed: int, share: float) -> bool:
    """Whether this file is held out of the library. Files that are stored only never are."""
    return file.kind is not Kind.CROWD and file.share(seed, "novel") < share


def originals_of(
    stored: Sequence[File],
    kind: Kind,
    details: Mapping[Path, float],
    *,
    count: int,
    half: str,
    least: float,
    seed: int,
) -> list[File]:
    """The originals of one kind: with at least so much detail (inclusive), of one half of all names, by lot.

    ``half`` is ``a`` or ``b``: thresholds are fixed on the originals of one and reported on those of the other.
    ``details`` holds the readable files alone.
    """
    fit = [
        file
        for file in stored
        if file.kind is kind
        and details.get(file.path, -1) >= least
        and ("a" if file.share(0, "half") < 0.5 else "b") == half
    ]
    return sorted(fit, key=lambda file: file.share(seed, "original"))[:count]


def background_for(original: File, others: Sequence[File], seed: int) -> Path:
    """Another readable file of the same kind, preferably from the same folder; by lot."""
    strangers = [file for file in others if file.path != original.path and file.kind is original.kind]
    near = [file for file in strangers if file.path.parent == original.path.parent] or strangers
    return near[int(original.share(seed, "background") * len(near))].path if near else original.path


def open_upright(file: Path | IO[bytes]) -> Image.Image:
    """The picture as people see it: RGB, turned as its EXIF says, transparency over white, first frame."""
    with Image.open(file) as opened:
        image = ImageOps.exif_transpose(opened)
        if image.mode in _MODES_WITH_ALPHA or "transparency" in image.info:
            layer = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
        return image.convert("RGB")


def read_repeats(file: Path, chains: Chains) -> None:
    """Add the true repeats of a CSV (path_a, path_b: absolute, or from the CSV's folder) to the chains.

    A list of pairs as `evaluate_matching` takes it will do: its pairs of the class must_not_match are passed over.
    """
    with file.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            if row.get("class") != MUST_NOT_MATCH:
                first, second = ((file.parent / row[column]).resolve() for column in ("path_a", "path_b"))
                chains.join(str(first), str(second))
