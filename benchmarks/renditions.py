"""Formats for display: bytes, processor time and likeness to what they show, on pictures of one's own.

    python -m benchmarks.renditions FILE...

Each picture is brought to 1200 pixels by Lanczos alone: that is what it should look like. Ways of reducing are measured
against it, and encoders by the structural similarity of their luma (Wang et al. 2004, a Gaussian of 1.5 pixels). Their
quality is the least at which they are as like as the JPEG that an analysis writes, so bytes and times compare at equal
quality. Medians over the files, with one thread.
"""

import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from dedupe.imaging import Analysis, Limits, analyse
from dedupe.imaging.containers import inspect
from dedupe.imaging.decoding import decode
from dedupe.imaging.finer import Finer, avif_renditions, full_rendition
from dedupe.imaging.renditions import displayable

Luma = npt.NDArray[np.float64]

_LONGEST, _JPEG_QUALITY = 1200, 82
ENCODERS: dict[str, tuple[str, dict[str, Any]]] = {
    "JPEG": ("JPEG", {"subsampling": 2}),
    **{f"WebP, method {method}": ("WEBP", {"method": method}) for method in (2, 3, 4)},
    **{f"AVIF, speed {speed}": ("AVIF", {"speed": speed, "max_threads": 1}) for speed in (10, 8)},
}


def likeness(one: Luma, other: Luma) -> float:
    """The mean structural similarity of two lumas of 0 to 255."""

    def blurred(values: Luma) -> Luma:
        return np.asarray(cv2.GaussianBlur(values, (11, 11), 1.5), np.float64)

    a, b = blurred(one), blurred(other)
    aa, bb, ab = blurred(one * one) - a * a, blurred(other * other) - b * b, blurred(one * other) - a * b
    c, d = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    return float(np.mean((2 * a * b + c) * (2 * ab + d) / ((a * a + b * b + c) * (aa + bb + d))))


def luma(image: Image.Image) -> Luma:
    return np.asarray(image.convert("L"), np.float64)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of processor time, and what was made."""
    since = time.process_time()
    made = work()
    return 1000 * (time.process_time() - since), made


def encoded(image: Image.Image, kind: str, quality: int, options: dict[str, Any]) -> bytes:
    file = BytesIO()
    image.save(file, kind, quality=quality, **options)
    return file.getvalue()


def least_quality(image: Image.Image, kind: str, options: dict[str, Any], wanted: float) -> int:
    """The least quality at which a format is as like as ``wanted``."""
    goal, low, high = luma(image), 50, 96
    while low < high:
        middle = (low + high) // 2
        shown = Image.open(BytesIO(encoded(image, kind, middle, options)))
        low, high = (low, middle) if likeness(goal, luma(shown)) >= wanted else (middle + 1, high)
    return low


def measure(data: bytes, table: dict[str, list[tuple[float, ...]]]) -> None:
    """Add one picture's numbers: (milliseconds, kilobytes, likeness, quality)."""
    limits = Limits()
    decode_ms, decoded = timed(lambda: decode(data, inspect(data, limits), limits))
    table["decode"].append((decode_ms,))
    image = decoded.image.convert("RGB")
    box_ms, boxed = timed(lambda: displayable(decoded))
    scale = _LONGEST / max(image.size)
    size = (round(image.width * scale), round(image.height * scale))
    lanczos_ms, goal = timed(lambda: image.resize(size, Image.Resampling.LANCZOS))
    gap_ms, gap = timed(lambda: image.resize(size, Image.Resampling.LANCZOS, reducing_gap=1.5))
    table["to 1200: Lanczos alone"].append((lanczos_ms, 0, 1))
    table["to 1200: box, then Lanczos"].append((gap_ms, 0, likeness(luma(goal), luma(gap))))
    if boxed.size == goal.size:
        table["to 1200: box, then Hamming"].append((box_ms, 0, likeness(luma(goal), luma(boxed))))
    first = encoded(goal, "JPEG", _JPEG_QUALITY, {"subsampling": 2})
    wanted = likeness(luma(goal), luma(Image.open(BytesIO(first))))
    for name, (kind, options) in ENCODERS.items():
        quality = least_quality(goal, kind, options, wanted)
        spent, file = timed(partial(encoded, goal, kind, quality, options))
        table[name].append((spent, len(file) / 1000, wanted, quality))
    jobs: dict[str, Callable[[bytes], Analysis | Finer]] = {
        "analyse": analyse,
        "both AVIF": avif_renditions,
        "full size": full_rendition,
    }
    for name, make in jobs.items():
        spent, made = timed(partial(make, data))
        kept = [each for each in made.renditions if not each.kind.is_view]
        table[f"whole: {name}"].append((spent, sum(len(each.data) for each in kept) / 1000))


def main(paths: list[str]) -> None:
    """Print the medians."""
    table: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for path in paths:
        measure(Path(path).read_bytes(), table)
    print(f"{len(paths)} pictures\n{'':30}{'CPU ms':>8}{'kB':>9}{'SSIM':>8}{'quality':>9}")
    for name, rows in table.items():
        middles = [statistics.median(column) for column in zip(*rows, strict=True)]
        shown = [f"{v:{w}.{d}f}" for v, w, d in zip(middles, (8, 9, 8, 9), (0, 1, 4, 0), strict=False)]
        print(f"{name:30}{''.join(shown)}")


if __name__ == "__main__":
    main(sys.argv[1:])
