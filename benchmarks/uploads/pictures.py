"""Pictures made in code, each unlike the others, and how quickly they can be decoded and no more."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO

import numpy as np
from PIL import Image

_SCALES = (3, 5, 9, 17, 33, 65)


def photograph(seed: int, width: int, height: int, quality: int = 90) -> bytes:
    """A JPEG of noise at six scales, strong below and weak above, as photographs have it."""
    rng = np.random.default_rng(seed)
    total = np.zeros((height, width, 3), np.float32)
    for cells in _SCALES:
        grid = rng.uniform(0, 255, (cells, cells, 3)).astype(np.uint8)
        layer = Image.fromarray(grid).resize((width, height), Image.Resampling.BICUBIC)
        total += np.asarray(layer, np.float32) / cells**0.5
    total -= total.min()
    out = BytesIO()
    Image.fromarray((total * (255 / total.max())).astype(np.uint8)).save(out, "JPEG", quality=quality)
    return out.getvalue()


def _made(job: tuple[int, int, int]) -> bytes:
    return photograph(*job)


def photographs(count: int, width: int, height: int, first_seed: int) -> list[bytes]:
    """So many of them, made on all cores."""
    jobs = [(first_seed + number, width, height) for number in range(count)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(_made, jobs, chunksize=8))


def _decoded(data: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(data)) as image:
        image.load()
        return image.size


def decoding_rate(files: Sequence[bytes], seconds: float) -> float:
    """Files that all cores together decode in a second, with Pillow, and nothing else done with them."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(_decoded, files[:8]))
        began, done = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            done += len(list(pool.map(_decoded, files, chunksize=4)))
        return done / (time.perf_counter() - began)
