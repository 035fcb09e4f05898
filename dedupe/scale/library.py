"""Fill the tables that the candidate statement reads with a made-up library."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from django.db import connection

from dedupe.imaging import ALGORITHM_VERSION, WHOLE
from dedupe.scale import copying
from dedupe.scale.indexes import Built, Index, build, freshen, put_aside, size_of
from dedupe.scale.population import Fingerprints, Hashes
from dedupe.search import keys

FINGERPRINTS, PICTURES = "dedupe_fingerprint", "dedupe_picture"
_READ_OF_PICTURES = {"one_live_picture_per_checksum", "live_pixel_checksum"}

# Checksums are as good as random; everything else that the search does not read is as short as it may be.
_LIVE_PICTURES = """
INSERT INTO dedupe_picture (id, public_id, state, state_since, check_outcome, file_name, storage_key, checksum,
                            size_bytes, pixel_checksum, format, width, height, frames, damaged, refusal,
                            refusal_detail, attempts, setbacks, next_attempt_at, created_at, published_at)
SELECT id, lpad(id::text, 14, '0'), 'live', now(), 'none_found', '', 'o/' || id,
       md5(id::text) || md5('checksum' || id), 1, md5('pixels' || id) || md5(id::text), 'JPEG', 3, 2, 1, false, '', '',
       0, 0, now(), now(), now()
  FROM generate_series(%s::bigint, %s::bigint) AS id
"""


@dataclass(frozen=True)
class Stored:
    """What a library takes: pictures, fingerprints, bytes of the two tables without indexes, and each index."""

    pictures: int
    fingerprints: int
    table_bytes: int
    indexes: tuple[Built, ...]


def empty() -> list[Index]:
    """Prepare the tables of a scratch site for filling; returns the indexes that the search reads, to be built."""
    fingerprint, picture = put_aside(FINGERPRINTS), put_aside(PICTURES)
    read = [index for index in picture if index.name in _READ_OF_PICTURES]
    return read + [index for index in fingerprint if not index.name.endswith("_like")]


def fill(blocks: Iterable[Fingerprints], announce: Callable[[int], None] = lambda _: None) -> tuple[int, int]:
    """Store fingerprints and their pictures, each block's in an unbroken row of numbers that are new.

    Returns how many pictures and fingerprints these were. Told after each block how many pictures.
    """
    pictures, count = 0, 0
    for block in blocks:
        first, last = int(block.picture.min()), int(block.picture.max())
        store_pictures(first, last)
        count += copying.copy_in(FINGERPRINTS, [_columns(part) for part in _by_treatment(block)])
        pictures += last - first + 1
        announce(pictures)
    return pictures, count


def store_pictures(first: int, last: int) -> None:
    """Published pictures with these numbers, of which nothing is known but checksums."""
    with connection.cursor() as cursor:
        cursor.execute(_LIVE_PICTURES, [first, last])


def finish(indexes: list[Index], pictures: int, fingerprints: int) -> Stored:
    """Build the indexes and bring the statistics up to date."""
    built = tuple(build(indexes))
    freshen(PICTURES, FINGERPRINTS)
    return Stored(pictures, fingerprints, size_of(PICTURES) + size_of(FINGERPRINTS), built)


def _by_treatment(block: Fingerprints) -> list[Fingerprints]:
    """In two parts: fields of one block are equally long."""
    parts = [block.taken(np.flatnonzero(block.trimmed == trimmed)) for trimmed in (False, True)]
    return [part for part in parts if len(part)]


def _columns(block: Fingerprints) -> copying.Block:
    count = len(block)
    chunks = np.stack([block.phash >> np.uint64(shift) & np.uint64(0xFFFF) for shift in (48, 32, 16, 0)])
    return {
        "picture_id": copying.numbers(block.picture, "i8"),
        "version": copying.numbers(np.full(count, ALGORITHM_VERSION), "i2"),
        "treatment": copying.texts("trimmed" if block.trimmed[0] else "full", count),
        "intensity": copying.numbers(block.quadrants.mean(axis=1), "f8"),
        "quadrants": copying.float_arrays(block.quadrants),
        "aspect": copying.numbers(block.aspect, "f8"),
        "detail": copying.numbers(np.where(block.low_detail, 0.0, 1.0), "f8"),
        "phash": copying.numbers(block.phash, "u8"),
        "dct_hash": _dct_hashes(block.phash),
        "luma": np.zeros((count, 0), np.uint8),
        "box": copying.float_arrays(np.tile(np.array(WHOLE, float), (count, 1))),
        "searchable": copying.flags(np.ones(count, bool)),
        "low_detail": copying.flags(block.low_detail),
        "window_key": copying.numbers(keys.window_key_each(block.aspect, block.quadrants), "i4"),
        **{f"chunk{number}": copying.numbers(chunk, "i4") for number, chunk in enumerate(chunks)},
    }


def _dct_hashes(phash: Hashes) -> copying.Bytes:
    """32 bytes that differ where the small hashes do; the search measures them and does not look for them."""
    return np.tile(copying.numbers(phash, "u8"), 4)
