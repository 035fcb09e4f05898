"""Crops of real pictures, to be found by their words among a made-up library."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from django.db import connection
from PIL import Image, UnidentifiedImageError

from dedupe.conf import Matching
from dedupe.imaging import RenditionKind, ViewWords
from dedupe.imaging.features import extract
from dedupe.imaging.views import words_of
from dedupe.imaging.words import WordPoints
from dedupe.scale.clock import Times
from dedupe.scale.indexes import size_of
from dedupe.search.words import find_by_words

_LONGEST = RenditionKind.VIEW.longest
_LEAST_SIDE = 128  # pixels: a smaller picture is an icon, of which a crop shows next to nothing


@dataclass(frozen=True)
class Crop:
    """The words of a part of a picture, and the picture's number in the library."""

    words: ViewWords
    original: int


@dataclass(frozen=True)
class CropsFound:
    """What became of the crops.

    Shares from 0 to 1: originals found first and among the first ten, searches that a limit cut short, searches left
    out. Wall time of a search, processor milliseconds of the client, bytes a picture.
    """

    first: float
    first_ten: float
    cut: float
    not_searched: float
    times: Times
    cpu_ms: float
    bytes_per_picture: float


def crops(
    files: Sequence[Path], most: int, first: int, seed: int
) -> tuple[list[Crop], list[tuple[int, WordPoints]]]:
    """One crop of each picture that can be read, 50 to 80 % of either side, and the words of the pictures themselves.

    The pictures get the numbers from ``first`` on.
    """
    rng = np.random.default_rng([seed, 1 << 37])
    cropped: list[Crop] = []
    originals: list[tuple[int, WordPoints]] = []
    for image in _opened(files):
        if len(originals) == most:
            break
        number = first + len(originals)
        originals.append((number, _words(image).plain))
        cropped.append(Crop(_words(_part(image, rng)), number))
    return cropped, originals


def _opened(files: Sequence[Path]) -> Iterator[Image.Image]:
    for file in files:
        try:
            with Image.open(file) as image:
                plain = image.convert("RGB")
        except (OSError, UnidentifiedImageError, ValueError, SyntaxError):
            continue
        if min(plain.size) >= _LEAST_SIDE:
            yield plain


def _part(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    width, height = (max(1, round(side * rng.uniform(0.5, 0.8))) for side in image.size)
    left, top = rng.integers(0, image.width - width + 1), rng.integers(0, image.height - height + 1)
    return image.crop((int(left), int(top), int(left) + width, int(top) + height))


def _words(image: Image.Image) -> ViewWords:
    view = image.copy()
    view.thumbnail((_LONGEST, _LONGEST), Image.Resampling.HAMMING)
    return words_of(extract(np.asarray(view)))


def find(cropped: Sequence[Crop], matching: Matching, pictures: int) -> CropsFound:
    """Look for the originals of at least one crop."""
    seconds, cpu, ranks, cut, left_out = [], [], [], 0, 0
    for each in cropped:
        started, used = time.perf_counter(), time.process_time()
        answer = find_by_words(each.words, matching)
        seconds.append(time.perf_counter() - started)
        cpu.append(time.process_time() - used)
        found = [candidate.picture_id for candidate in answer.found]
        ranks.append(found.index(each.original) + 1 if each.original in found else len(found) + 100)
        cut += answer.cut
        left_out += not answer.searched
    count = len(cropped)
    return CropsFound(
        first=sum(rank == 1 for rank in ranks) / count,
        first_ten=sum(rank <= 10 for rank in ranks) / count,
        cut=cut / count,
        not_searched=left_out / count,
        times=Times.of(seconds),
        cpu_ms=1000 * float(np.median(cpu)),
        bytes_per_picture=_bytes() / pictures,
    )


def _bytes() -> int:
    """Of the lists, the points, and their indexes."""
    relations = ["dedupe_posting", "dedupe_visualwords"]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = ANY(%s::regclass[])",
            [relations],
        )
        relations += [name for (name,) in cursor.fetchall()]
    return sum(size_of(name) for name in relations)
