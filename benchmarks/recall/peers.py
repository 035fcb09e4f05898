"""The other methods, each with the threshold that its own documentation names.

- imagehash: pHash and dHash of 64 bits. imagehash names no threshold; imagededup, which offers the same two, asks at
  ``max_distance_threshold=10`` by default.
- pdqhash: 256 bits; Meta's paper on PDQ recommends at most 31 differing bits. It is fed at most 512 pixels, as
  Meta's own tools do. 64 is told too, for comparison with the product's own distance.
- window: mean intensity and aspect alike within 1.25 %, the method of the board that this project began with.

Peers are treated generously: they get each picture upright and over white, which their own examples leave to the
caller, and all that lies within a threshold counts, where the product shows five.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageStat

from benchmarks.recall.sample import open_upright

Numbers = npt.NDArray[np.float64]
_PDQ_SIDE = 512
_WINDOW = 0.0125


@dataclass(frozen=True)
class Peer:
    """Numbers of a picture, float64[n], how far two such are apart, and what counts as near (inclusive)."""

    describe: Callable[[Image.Image], Numbers]
    distances: Callable[[Numbers, Numbers], Numbers]
    """From one picture, float64[n], to a library, float64[m, n]: float64[m]."""
    thresholds: Mapping[str, float]
    """By the name under which the method is told."""


def differing(one: Numbers, library: Numbers) -> Numbers:
    """Hamming distances of rows of 0 and 1."""
    return np.asarray(np.abs(library - one).sum(axis=1))


def furthest(one: Numbers, library: Numbers) -> Numbers:
    """The largest difference of any number."""
    return np.asarray(np.abs(library - one).max(axis=1))


def _bits(hash_: object) -> Numbers:
    return np.asarray(hash_, dtype=np.float64).reshape(-1)


def _phash(image: Image.Image) -> Numbers:
    return _bits(import_module("imagehash").phash(image).hash)


def _dhash(image: Image.Image) -> Numbers:
    return _bits(import_module("imagehash").dhash(image).hash)


def _pdq(image: Image.Image) -> Numbers:
    small = image.copy()
    small.thumbnail((_PDQ_SIDE, _PDQ_SIDE))
    return _bits(import_module("pdqhash").compute(np.asarray(small))[0])


def _window(image: Image.Image) -> Numbers:
    """Mean luma from 0 to 1, and ln(width / height)."""
    mean = ImageStat.Stat(image.convert("L")).mean[0] / 255
    return np.array([mean, math.log(image.width / image.height)])


def peers() -> dict[str, Peer]:
    """Those whose packages are installed."""
    found = {"window": Peer(_window, furthest, {"window ±1.25 %": _WINDOW})}
    if find_spec("imagehash"):
        found["phash"] = Peer(_phash, differing, {"pHash ≤ 10": 10})
        found["dhash"] = Peer(_dhash, differing, {"dHash ≤ 10": 10})
    if find_spec("pdqhash"):
        found["pdq"] = Peer(_pdq, differing, {"PDQ ≤ 31": 31, "PDQ ≤ 64": 64})
    return found


def describe(data: bytes) -> dict[str, Numbers]:
    """The numbers of a file for each peer. Raises what Pillow raises of a file that it cannot read."""
    image = open_upright(BytesIO(data))
    return {name: peer.describe(image) for name, peer in peers().items()}
