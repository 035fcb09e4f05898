"""What the search costs an upload: storing the numbers of a picture while the indexes are large."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.db import transaction

from dedupe.imaging.features import LIBRARY_POINTS
from dedupe.imaging.words import WORD_BITS, WordPoints
from dedupe.models import Fingerprint
from dedupe.scale.clock import Times
from dedupe.scale.copying import Block, copy_in, numbers
from dedupe.scale.indexes import freshen
from dedupe.scale.library import fill
from dedupe.scale.population import Ids, drawn
from dedupe.scale.word_population import word_blocks
from dedupe.search import postings
from dedupe.search.postings import merge_postings, post_words

_MERGES = 10


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
    """Store so many more pictures one by one, from ``first`` on, with statements like those of an analysis.

    Transactions are not timed: an upload has them anyway.
    """
    rng = np.random.default_rng([seed, 1 << 34])
    fresh = drawn(np.arange(first, first + count), rng)
    fill([fresh], lambda _: None)
    fingerprints, words = [], []
    rows = Fingerprint.objects.filter(picture__gte=first, picture__lt=first + count).order_by("picture")
    with transaction.atomic():
        for row in list(rows):
            row.delete()
            row.pk, row.searchable, row.luma = None, False, rng.bytes(4096)
            fingerprints.append(_published(row))
            words.append(_posted(row.picture_id, rng))
    return Inserts(Times.of(fingerprints), Times.of(words), _merge_ms(first + count, seed))


def _merge_ms(library: int, seed: int) -> float:
    """Milliseconds a picture of a merge that begins when it is due."""
    waiting = postings.backlog_when_due(library) // LIBRARY_POINTS + 1
    blocks = word_blocks(waiting, seed + 1)
    copy_in("dedupe_newposting", (_new_postings(library + pictures, words) for pictures, words in blocks))
    freshen("dedupe_newposting")
    started, merged = time.perf_counter(), 0
    for _ in range(_MERGES):
        merged += merge_postings()
    return 1000 * (time.perf_counter() - started) / merged * LIBRARY_POINTS


def _new_postings(pictures: Ids, words: npt.NDArray[np.int32]) -> Block:
    """Each word of each picture once."""
    pairs = np.unique(words.astype(np.int64) << 32 | pictures[:, None])
    return {
        "word": numbers((pairs >> 32) + postings.key(0), "i4"),
        "picture": numbers(pairs & 0xFFFFFFFF, "i4"),
    }


def _published(row: Fingerprint) -> float:
    """Seconds for the two writes that a fingerprint meets: it is stored, and later its picture is published."""
    started = time.perf_counter()
    row.save(force_insert=True)
    Fingerprint.objects.filter(picture=row.picture_id).update(searchable=True)
    return time.perf_counter() - started


def _posted(picture: int, rng: np.random.Generator) -> float:
    words = rng.integers(0, 1 << WORD_BITS, LIBRARY_POINTS).astype(np.int32)
    points = WordPoints(words, rng.integers(0, 256, (LIBRARY_POINTS, 4)).astype(np.uint16))
    started = time.perf_counter()
    post_words(picture, points)
    return time.perf_counter() - started
