"""Pictures to ask for, and their look-alikes, planted at known distances among the library."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from dedupe.conf import Matching
from dedupe.imaging import Fingerprint, Oriented, Treatment, orientations
from dedupe.imaging.fingerprints import measure
from dedupe.imaging.miniature import SIDE, Bytes
from dedupe.scale.population import Fingerprints, Hashes, flips, joined
from dedupe.search import Query

FARTHEST = 14
"""Look-alikes are planted at 0 to so many differing bits of the perceptual hash."""
TURNED, WINDOW, TURNED_WINDOW = "turned, 3 bits", "brightness and shape", "turned, brightness and shape"
KINDS = (*(f"{bits} bits" for bits in range(FARTHEST + 1)), TURNED, WINDOW, TURNED_WINDOW)
_WITHIN = 0.8  # of the windows on each side


@dataclass(frozen=True)
class Question:
    """A query, and the pictures planted for it by kind."""

    query: Query
    planted: dict[str, int]

    @property
    def upright(self) -> Query:
        """The whole picture alone."""
        return replace(self.query, fingerprints=self.query.fingerprints[:1])


def questions(count: int, first: int, seed: int, matching: Matching) -> tuple[list[Question], Fingerprints]:
    """So many questions, and the fingerprints to store for them, of pictures from ``first`` on."""
    rng = np.random.default_rng([seed, 1 << 32])
    asked, planted = [], []
    for number in range(count):
        pictures = np.arange(len(KINDS)) + first + number * len(KINDS)
        query = query_for(texture(rng), texture(rng), number)
        planted.append(_look_alikes(query.fingerprint, pictures, rng, matching))
        asked.append(Question(query, dict(zip(KINDS, pictures.tolist(), strict=True))))
    return asked, joined(*planted)


def query_for(whole: Bytes, trimmed: Bytes, number: int) -> Query:
    """A picture with a border, of these two miniatures; nothing else is known of it."""
    width, height = [(1500, 1000), (1200, 900), (1000, 1000)][number % 3]
    full = measure(_grey(whole), width, height)
    inner = measure(_grey(trimmed), width, height, Treatment.TRIMMED)
    return Query(
        (full, inner), checksum=f"asked {number}", pixel_checksum=f"asked {number}", size=(width, height)
    )


def texture(rng: np.random.Generator) -> Bytes:
    """uint8[64, 64] with the spectrum of natural images, amplitude 1/frequency."""
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(SIDE), np.fft.fftfreq(SIDE), indexing="ij"))
    frequency[0, 0] = np.inf
    field = np.fft.ifft2(np.fft.fft2(rng.standard_normal((SIDE, SIDE))) / frequency).real
    level, contrast = rng.uniform(90, 160), rng.uniform(25, 55)
    return np.asarray((level + contrast * field / field.std()).clip(0, 255).astype(np.uint8))


def _grey(luma: Bytes) -> Bytes:
    return np.repeat(luma[:, :, None], 3, axis=2)


def _look_alikes(
    full: Fingerprint, pictures: np.ndarray, rng: np.random.Generator, matching: Matching
) -> Fingerprints:
    """One for each of the KINDS; whatever its kind does not say is drawn at random."""
    turned = list(orientations(full))[1:]
    aside: list[Oriented] = [turned[index] for index in rng.integers(0, len(turned), 2)]
    count = len(pictures)
    phash = rng.integers(0, 1 << 64, count, np.uint64, endpoint=False)
    phash[: FARTHEST + 1] = np.uint64(full.phash) ^ flips(np.arange(FARTHEST + 1), rng)
    phash[KINDS.index(TURNED)] = np.uint64(aside[0].phash) ^ flips(np.array([3]), rng)[0]
    apart, wider = _WITHIN * matching.window_intensity, _WITHIN * matching.window_aspect
    quadrants, aspect = rng.uniform(0, 1, (count, 4)), rng.choice([-1.0, 1.0], count)
    for kind, like in ((WINDOW, full), (TURNED_WINDOW, aside[1])):
        place = KINDS.index(kind)
        quadrants[place] = np.clip(like.quadrants + rng.uniform(-apart, apart, 4), 0, 1)
        aspect[place] = like.aspect + rng.uniform(-wider, wider)
    no = np.zeros(count, bool)
    return Fingerprints(pictures, phash, quadrants, aspect, trimmed=no, low_detail=no)


def hashes_of(query: Query) -> Hashes:
    """Its perceptual hashes in every orientation that is looked for, uint64[n]."""
    found = [each.phash for fingerprint in query.fingerprints for each in orientations(fingerprint)]
    return np.array(found, np.uint64)
