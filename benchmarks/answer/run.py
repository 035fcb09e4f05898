"""One run in the scratch site: store, grow, ask, and put the times into lines."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
from PIL import Image, UnidentifiedImageError

from benchmarks.answer.crowd import grow
from benchmarks.edits import EDITS, dice
from dedupe.conf import conf
from dedupe.evaluation.laying import ToLay, lay_in
from dedupe.jail.client import analyse_file
from dedupe.models import Picture
from dedupe.search import find_candidates, query_of_analysis
from dedupe.search.comparisons import Comparisons
from dedupe.search.shortlist import shortlist

_PIXELS = 2_000_000
_EDITS = ("JPEG 30", "crop 20 %", "caption bar 22 %", "frame 4 %", "screenshot", "mirror", "brightness 1.4")


class TooFewFiles(Exception):
    """No picture is left that was not stored."""


def run(files: Sequence[Path], models: int, stored: int, asked: int, seed: int) -> Iterator[str]:
    """Yield the lines of the report. Raises TooFewFiles."""
    rng = np.random.default_rng(seed)
    readable = (file for file in files if _opened(file) is not None)
    kept = [file for _, file in zip(range(models), readable, strict=False)]
    novel = [(file.name, _upload(file, None)) for _, file in zip(range(asked // 2), readable, strict=False)]
    if not novel:
        raise TooFewFiles(
            f"More than {models} readable pictures are needed: {len(kept)} would be stored, others are asked about."
        )
    laid = [lay_in(ToLay(file.name, file)).picture_id for file in kept]
    rows = list(Picture.objects.filter(pk__in=[pk for pk in laid if pk]).prefetch_related("renditions"))
    grow(rows, stored - len(rows), rng)
    edited = [
        (file.name, _upload(file, _EDITS[number % len(_EDITS)]))
        for number, file in enumerate(kept[: asked // 2])
    ]
    yield f"{Picture.objects.live().count()} pictures stored, {len(rows)} of them real files."
    yield f"{'ms, median / p95':24}{'analyse':>16}{'candidates':>16}{'compare':>16}{'whole':>16}{'compared':>10}"
    both = []
    for name, uploads in (("novel", novel), ("edited copies", edited)):
        both.append(np.array([_timed(data) for _, data in uploads]))
        yield _line(name, both[-1])
    yield _line("all", np.concatenate(both))


def _opened(file: Path) -> Image.Image | None:
    try:
        with Image.open(file) as image:
            return image.convert("RGB")
    except (OSError, UnidentifiedImageError, ValueError, SyntaxError):
        return None


def _upload(file: Path, edit: str | None) -> bytes:
    """A JPEG of about two megapixels: the picture, or an edit of it."""
    image = _opened(file)
    assert image is not None, "it was readable a moment ago"
    if edit is not None:
        background = Image.new("RGB", image.size, "grey")
        made = EDITS[edit].apply(image, dice(file.name, edit), background)
        image = Image.open(BytesIO(made.data)).convert("RGB")
    scale = (_PIXELS / (image.width * image.height)) ** 0.5
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    out = BytesIO()
    image.resize(size, Image.Resampling.LANCZOS).save(out, "JPEG", quality=90)
    return out.getvalue()


def _timed(data: bytes) -> tuple[float, float, float, int]:
    """Seconds of analysing, of looking for candidates, of comparing; and how many were compared."""
    matching = conf().matching
    with NamedTemporaryFile(prefix="doppel-benchmark-") as file:
        file.write(data)
        file.flush()
        started = time.perf_counter()
        analysis = analyse_file(Path(file.name)).analysis
    analysed = time.perf_counter()
    query = query_of_analysis(analysis)
    few = shortlist(find_candidates(query, matching).found, matching)
    searched = time.perf_counter()
    Comparisons(query).with_pictures([each.picture_id for each in few])
    compared = time.perf_counter()
    return analysed - started, searched - analysed, compared - searched, len(few)


def _line(name: str, times: np.ndarray) -> str:
    whole = times[:, :3].sum(axis=1)
    columns = [*(times[:, number] for number in range(3)), whole]
    told = "".join(f"{np.median(c) * 1e3:>8.0f}/{np.quantile(c, 0.95) * 1e3:>7.0f}" for c in columns)
    return f"{name:24}{told}{np.mean(times[:, 3]):>10.1f}"
