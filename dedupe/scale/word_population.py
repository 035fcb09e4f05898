"""Visual words of a made-up library, straight into merged posting lists.

Measured on 120 words each of some 530 photographs: two words of different pictures are equal 4.2 times as often as
uniform ones would be, their first halves 1.5 times; graphics repeat themselves five times as much as photographs. Both
halves are drawn from a power law with these repetitions, and scattered over the numbers; places are drawn at random.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
from django.db import connection

from dedupe.imaging.features import LIBRARY_POINTS
from dedupe.imaging.words import WORD_BITS, WORDS_VERSION, WordPoints
from dedupe.scale import copying
from dedupe.scale.indexes import freshen
from dedupe.search import postings

Ids = npt.NDArray[np.int64]

_BLOCK = 20_000
_HALF = WORD_BITS // 2
_COARSE, _FINE = 1.629, 2.008  # exponents a of ⌊1024 uᵃ⌋ that give repetitions of 1.52 and 2.77
_PICTURE_BITS = 32
_RUN = 2_000_000  # postings that are cut into parts at a time


def word_blocks(count: int, seed: int) -> Iterator[tuple[Ids, npt.NDArray[np.int32]]]:
    """Pictures 1 to ``count`` in blocks: int64[n], and int32[n, LIBRARY_POINTS] words of each."""
    for number, start in enumerate(range(0, count, _BLOCK)):
        rng = np.random.default_rng([seed, 1 << 35, number])
        pictures = np.arange(start + 1, min(start + _BLOCK, count) + 1)
        shape = (len(pictures), LIBRARY_POINTS)
        coarse = (1024 * rng.random(shape) ** _COARSE).astype(np.int32)
        fine = (1024 * rng.random(shape) ** _FINE).astype(np.int32)
        # Odd factors permute the numbers, so that frequent words do not stand side by side in the tables.
        yield pictures, (coarse * 389 & 1023) << _HALF | (fine * 597 + coarse * 211 & 1023)


def fill_words(
    count: int, seed: int, further: list[tuple[int, WordPoints]], announce: Callable[[int], None]
) -> None:
    """Store the words of pictures 1 to ``count`` and of some further ones, and their lists, as after a merge."""
    packed = np.empty((count + len(further)) * LIBRARY_POINTS, np.int64)
    filled = 0

    def blocks() -> Iterator[copying.Block]:
        nonlocal filled
        for pictures, words in word_blocks(count, seed):
            filled = _keep(packed, filled, pictures, words)
            yield _rows(pictures, words, seed)
            announce(int(pictures[-1]))

    copying.copy_in("dedupe_visualwords", blocks())
    for picture, points in further:
        own = (
            np.resize(points.words, LIBRARY_POINTS)[None]
            if len(points)
            else np.zeros((0, LIBRARY_POINTS), np.int32)
        )
        filled = _keep(packed, filled, np.full(len(own), picture), own)
        _store_points(picture, points)
    packed = packed[:filled]
    packed.sort()
    _store_lists(packed)
    freshen("dedupe_posting", "dedupe_visualwords")


def _keep(packed: Ids, filled: int, pictures: Ids, words: npt.NDArray[np.int32]) -> int:
    """Add word and picture as one number each, which sorts by word; returns how many there are now."""
    fresh = words.astype(np.int64) << _PICTURE_BITS | pictures[:, None]
    packed[filled : filled + fresh.size] = fresh.ravel()
    return filled + fresh.size


def _rows(pictures: Ids, words: npt.NDArray[np.int32], seed: int) -> copying.Block:
    rng = np.random.default_rng([seed, 1 << 36, int(pictures[0])])
    places = rng.integers(0, 256, (words.size, 4), np.uint16)
    points = WordPoints(words.ravel(), places).to_bytes()
    return {
        "picture_id": copying.numbers(pictures, "i8"),
        "version": copying.numbers(np.full(len(pictures), WORDS_VERSION), "i2"),
        "points": np.frombuffer(points, np.uint8).reshape(len(pictures), -1),
    }


def _store_points(picture: int, points: WordPoints) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dedupe_visualwords (picture_id, version, points) VALUES (%s, %s, %s)",
            [picture, WORDS_VERSION, points.first(LIBRARY_POINTS).to_bytes()],
        )


def _store_lists(packed: Ids) -> None:
    """Cut sorted postings into the parts of ``Posting``."""
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY dedupe_posting (word, chunk, pictures) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.write(copying.SIGNATURE)
        start = 0
        while start < len(packed):
            end = _end_of_word(packed, min(start + _RUN, len(packed)))
            copy.write(b"".join(_parts(packed[start:end])))
            start = end
        copy.write(copying.TRAILER)


def _end_of_word(packed: Ids, near: int) -> int:
    """Where the word at ``near`` ends."""
    last = packed[near - 1] >> _PICTURE_BITS
    return int(np.searchsorted(packed, (last + 1) << _PICTURE_BITS))


def _parts(packed: Ids) -> Iterator[bytes]:
    """Rows of the table for whole words; a word that a picture has twice is listed once."""
    once = packed[np.diff(packed, prepend=-1) != 0]
    words = once >> _PICTURE_BITS
    pictures = (once & ((1 << _PICTURE_BITS) - 1)).astype(">i4").tobytes()
    starts = np.flatnonzero(np.diff(words, prepend=-1)).tolist()
    for start, end in zip(starts, [*starts[1:], len(words)], strict=True):
        word = postings.key(int(words[start]))
        for chunk, first in enumerate(range(start, end, postings.FULL)):
            own = pictures[4 * first : 4 * min(first + postings.FULL, end)]
            yield struct.pack("!hiiiii", 3, 4, word, 4, chunk, len(own)) + own
