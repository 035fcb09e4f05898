"""A made-up library: fingerprints that crowd together as those of real pictures do, without the pictures.

What it is modelled on was measured on some 1,400 files, half photographs and half graphics:

- The coefficients behind a perceptual hash lean towards those of one of 64 scenes, three in four pictures a little,
  as photographs do, and one in four much, as graphics do; they are compared with their median as the hash does. So two
  pictures that have nothing to do with one another have a chunk of the hash in common, give or take a bit, about
  twice as often as chance would have it, and two graphics four to eight times.
- One picture in ten is a near relative of an earlier one, 0 to 12 bits away.
- The brightness of the quarters has mean 0.47 and spread 0.16; quarters side by side correlate by 0.75, above one
  another by 0.55.
- Most pictures have one of a few shapes, give or take 2 %.
- One picture in four has a second fingerprint, without its border; one in thirty has too little detail for either
  index.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

BLOCK = 100_000
"""So many pictures are made at a time."""

_COLUMNS = ("picture", "phash", "quadrants", "aspect", "trimmed", "low_detail")
_SHAPES = np.log([3 / 2, 4 / 3, 1, 16 / 9, 2 / 3, 3 / 4, 9 / 16])
_SHARES = np.array([0.3, 0.2, 0.12, 0.14, 0.12, 0.08, 0.04])
_SCENES = 64
# Their spread falls with the frequency: Field, "Relations between the statistics of natural images", 1987.
_FALL = (1 + np.add.outer(np.arange(8), np.arange(8))).ravel().astype(np.float32)


@dataclass(frozen=True)
class Fingerprints:
    """Columns of n fingerprints.

    ``picture`` is int64[n]; ``phash`` uint64[n]; ``quadrants`` float64[n, 4], 0 to 1; ``aspect`` float64[n], the
    logarithm of width / height; ``trimmed`` and ``low_detail`` bool[n].
    """

    picture: Ids
    phash: Hashes
    quadrants: Floats
    aspect: Floats
    trimmed: Flags
    low_detail: Flags

    def __len__(self) -> int:
        return len(self.picture)

    def taken(self, indices: Ids) -> Fingerprints:
        """Those of these indices, in their order."""
        return Fingerprints(**{name: getattr(self, name)[indices] for name in _COLUMNS})


def population(count: int, seed: int) -> Iterator[Fingerprints]:
    """The fingerprints of pictures 1 to ``count``, in blocks; equal seeds give equal libraries."""
    for number, start in enumerate(range(0, count, BLOCK)):
        rng = np.random.default_rng([seed, number])
        pictures = np.arange(start + 1, min(start + BLOCK, count) + 1)
        whole = drawn(pictures, rng)
        again = pictures[rng.random(len(pictures)) < 1 / 4]
        yield joined(whole, drawn(again, rng, trimmed=True))


def drawn(pictures: Ids, rng: np.random.Generator, *, trimmed: bool = False) -> Fingerprints:
    """One fingerprint for each of the pictures."""
    count = len(pictures)
    phash, quadrants = _hashes(count, rng), _quadrants(count, rng)
    relatives = np.flatnonzero(rng.random(count) < 0.1)
    models = (relatives * rng.random(len(relatives))).astype(np.int64)
    phash[relatives] = phash[models] ^ flips(rng.integers(0, 13, len(relatives)), rng)
    quadrants[relatives] = (quadrants[models] + rng.normal(0, 0.01, (len(relatives), 4))).clip(0, 1)
    return Fingerprints(
        picture=pictures,
        phash=phash,
        quadrants=quadrants,
        aspect=rng.choice(_SHAPES, count, p=_SHARES) + rng.normal(0, 0.02, count),
        trimmed=np.full(count, trimmed),
        low_detail=rng.random(count) < 1 / 30,
    )


def _hashes(count: int, rng: np.random.Generator) -> Hashes:
    graphic = rng.random((count, 1)) < 1 / 4
    scenes = np.random.default_rng(_SCENES).standard_normal((_SCENES, 64), np.float32)
    lean = np.where(graphic, 1.4, 0.8).astype(np.float32) * scenes[rng.integers(0, _SCENES, count)]
    coefficients = (rng.standard_normal((count, 64), np.float32) + lean) / _FALL
    coefficients[:, 0] = 9
    bits = coefficients > np.median(coefficients, axis=1, keepdims=True)
    return np.packbits(bits, axis=1).view(">u8").ravel().astype(np.uint64)


def _quadrants(count: int, rng: np.random.Generator) -> Floats:
    whole = rng.normal(0.47, 0.115, (count, 1))
    upright = rng.normal(0, 0.075, (count, 1)) * np.array([1, 1, -1, -1])
    return np.asarray((whole + upright + rng.normal(0, 0.08, (count, 4))).clip(0, 1))


def flips(bits: npt.NDArray[np.int64], rng: np.random.Generator) -> Hashes:
    """For each number from 0 to 64 a mask with so many of the 64 bits set, at random places."""
    places = rng.random((len(bits), 64)).argsort(axis=1)
    return np.packbits(places < bits[:, None], axis=1).view(">u8").ravel().astype(np.uint64)


def joined(*parts: Fingerprints) -> Fingerprints:
    """One after the other."""
    return Fingerprints(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS}
    )
