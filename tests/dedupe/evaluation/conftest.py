"""A folder of pictures with a list of pairs, and leave to make scratch databases."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from dedupe.evaluation.pairs import COLUMNS
from script.supervisor.postgres import Postgres
from tests.pictures import encoded, landscape


@pytest.fixture
def server(postgres: Postgres, django_db_blocker: Any) -> Iterator[Postgres]:
    """The database server, and leave to use it outside the test database."""
    with django_db_blocker.unblock():
        yield postgres


def picture(seed: int, quality: int = 90, size: tuple[int, int] = (320, 240)) -> bytes:
    """A JPEG of a landscape; the same seed gives the same landscape at every size and quality."""
    image = landscape(seed, 320, 240).resize(size, Image.Resampling.LANCZOS)
    return encoded(image, "JPEG", quality=quality)


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def write_pairs(file: Path, *rows: Sequence[str]) -> Path:
    """Rows of set, path_a, path_b, relation, class."""
    with file.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows([*row, "a note"] for row in rows)
    return file


def write_folder(parent: Path) -> Path:
    """Twelve files of which `write_listed` says how they are related."""
    folder = parent / "pictures"
    write_files(
        folder,
        {
            "photos/a.jpg": picture(1),
            "photos/a small.jpg": picture(1, 80, (160, 120)),
            "photos/a poor.jpg": picture(1, 30),
            "photos/b.jpg": picture(2),
            "photos/b twin.jpg": picture(2),
            "photos/c.jpg": picture(3),
            "photos/d.jpg": picture(4),
            "loose/e.jpg": picture(5),
            "loose/e again.jpg": picture(5, 60),
            "loose/f.jpg": picture(6),
            "loose/f twin.jpg": picture(6),
            "loose/broken.jpg": picture(7)[:600],
        },
    )
    return folder


def write_listed(folder: Path) -> Path:
    """a → a small → a poor is a chain; b and its twin have equal bytes; c and d are different."""
    return write_pairs(
        folder / "pairs.csv",
        ("photos", "photos/a.jpg", "photos/a small.jpg", "resize", "must_match"),
        ("photos", "photos/a small.jpg", "photos/a poor.jpg", "re_encode", "must_match"),
        ("photos", "photos/b.jpg", "photos/b twin.jpg", "exact_bytes", "must_match"),
        ("photos", "photos/c.jpg", "photos/d.jpg", "other", "must_not_match"),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path)


@pytest.fixture
def listed(folder: Path) -> Path:
    return write_listed(folder)
