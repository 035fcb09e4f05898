"""What the search costs an upload: storing the numbers of a picture while the indexes are large."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from django.db import transaction

from dedupe.imaging.features import LIBRARY_POINTS
from dedupe.imaging.words import WORD_BITS, WordPoints
from dedupe.models import Fingerprint
from dedupe.scale.clock import Times
from dedupe.scale.library import fill
from dedupe.scale.population import drawn
from dedupe.search.postings import merge_postings, post_words


@dataclass(frozen=True)
class Inserts:
    """Milliseconds a picture: its fingerprint stored and published, its words stored, and these merged later."""

    fingerprints: Times
    words: Times
    merge_ms: float

    @property
    def whole(self) -> float:
        """The medians and the merge together."""
        return self.fingerprints.p50 + self.words.p50 + self.merge_ms


def insert(count: int, first: int, seed: int) -> Inserts:
    """Store so many more pictures one by one, from ``first`` on, with statements like those of an analysis."""
    rng = np.random.default_rng([seed, 1 << 34])
    fresh = drawn(np.arange(first, first + count), rng)
    fill([fresh], lambda _: None)
    fingerprints, words = [], []
    rows = Fingerprint.objects.filter(picture__gte=first, picture__lt=first + count).order_by("picture")
    for row in list(rows):
        row.delete()
        row.pk, row.searchable, row.luma = None, False, rng.bytes(4096)
        fingerprints.append(_published(row))
        words.append(_posted(row.picture_id, rng))
    started = time.perf_counter()
    merged = merge_postings(most=count * LIBRARY_POINTS)
    merge_ms = 1000 * (time.perf_counter() - started) / count if merged else 0.0
    return Inserts(Times.of(fingerprints), Times.of(words), merge_ms)


def _published(row: Fingerprint) -> float:
    """Seconds for the two writes that a fingerprint meets: it is stored, and later its picture is published."""
    started = time.perf_counter()
    with transaction.atomic():
        row.save(force_insert=True)
    with transaction.atomic():
        Fingerprint.objects.filter(picture=row.picture_id).update(searchable=True)
    return time.perf_counter() - started


def _posted(picture: int, rng: np.random.Generator) -> float:
    words = rng.integers(0, 1 << WORD_BITS, LIBRARY_POINTS).astype(np.int32)
    points = WordPoints(words, rng.integers(0, 256, (LIBRARY_POINTS, 4)).astype(np.uint16))
    started = time.perf_counter()
    post_words(picture, points)
    return time.perf_counter() - started
