"""Crowds: what a library holds by the ten thousand when somebody scans blank pages, or uploads one picture for ever."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dedupe.imaging import orientations
from dedupe.imaging.miniature import SIDE, Bytes
from dedupe.scale.population import Fingerprints, flips, joined
from dedupe.scale.questions import Question, query_for

NEAR_WHITE, COPIES = 100_000, 50_000
"""Pictures of the two crowds, unless told otherwise."""
_PAGES = 40


def crowds(
    near: Question, near_white: int, copies: int, first: int, seed: int
) -> tuple[list[Question], Fingerprints]:
    """A crowd of near-white pages and one of copies of ``near``, from picture ``first`` on; and questions into both.

    The pages have enough detail to be looked for: a few dark strokes on white. Theirs are the hashes of some pages in
    all orientations, with up to four bits changed.
    """
    rng = np.random.default_rng([seed, 1 << 33])
    pages = [query_for(_page(rng), _page(rng), number) for number in range(_PAGES)]
    asked = [Question(page, {}) for page in pages]
    seen = [each for page in pages for each in orientations(page.fingerprint)]
    chosen = rng.integers(0, len(seen), near_white)
    white = Fingerprints(
        picture=np.arange(first, first + near_white),
        phash=np.array([each.phash for each in seen], np.uint64)[chosen]
        ^ flips(rng.integers(0, 5, near_white), rng),
        quadrants=np.array([each.quadrants for each in seen])[chosen],
        aspect=np.array([each.aspect for each in seen])[chosen],
        trimmed=np.zeros(near_white, bool),
        low_detail=np.zeros(near_white, bool),
    )
    return [replace(near, planted={}), *asked], joined(white, _copies(near, copies, first + near_white))


def _page(rng: np.random.Generator) -> Bytes:
    """uint8[64, 64], white but for some strokes."""
    page = np.full((SIDE, SIDE), 250, np.uint8)
    for top, left in rng.integers(4, SIDE - 20, (6, 2)):
        page[top : top + 2, left : left + rng.integers(6, 16)] = rng.integers(0, 120)
    return page


def _copies(near: Question, copies: int, first: int) -> Fingerprints:
    full = near.query.fingerprint
    no = np.zeros(copies, bool)
    return Fingerprints(
        picture=np.arange(first, first + copies),
        phash=np.full(copies, full.phash, np.uint64),
        quadrants=np.tile(np.array(full.quadrants), (copies, 1)),
        aspect=np.full(copies, full.aspect),
        trimmed=no,
        low_detail=no,
    )
