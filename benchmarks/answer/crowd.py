"""A crowd of stored pictures out of a few real ones: their rows with other numbers, so that nothing repeats.

Hashes differ from their model's in a third of their bits, intensities by some hundredths, and the words are drawn
from all real pictures, so that common words stay common. The views are those of the model.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from django.db import connection

from dedupe import storage
from dedupe.imaging.words import WORDS_VERSION, WordPoints
from dedupe.models import Fingerprint, Picture, Rendition, VisualWords
from dedupe.models.fingerprints import signed, unsigned
from dedupe.search import keys
from dedupe.search.postings import key, merge_postings

_BATCH = 500
_FLIPPED = 1 / 3
_SHIFT = 0.05


def grow(models: Sequence[Picture], count: int, rng: np.random.Generator) -> None:
    """Add ``count`` live pictures after the models, which are live and analysed."""
    rows = {row.picture_id: row for row in Fingerprint.objects.filter(picture__in=models, treatment="full")}
    points = [row.word_points() for row in VisualWords.objects.filter(picture__in=models)]
    words = np.concatenate([each.words for each in points])
    for start in range(0, count, _BATCH):
        chosen = [models[i] for i in rng.integers(len(models), size=min(_BATCH, count - start))]
        made = Picture.objects.bulk_create([_picture(model) for model in chosen])
        pairs = list(zip(made, chosen, strict=True))
        Fingerprint.objects.bulk_create([_fingerprint(new, rows[model.pk], rng) for new, model in pairs])
        Rendition.objects.bulk_create([row for new, model in pairs for row in _renditions(new, model)])
        _post([(new.pk, _drawn(points, words, rng)) for new in made])
    while merge_postings():
        pass
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _picture(model: Picture) -> Picture:
    """A new row like the model's, with bytes and pixels of its own."""
    kept = (
        "state",
        "storage_key",
        "size_bytes",
        "format",
        "width",
        "height",
        "frames",
        "analysed_at",
        "published_at",
    )
    values = {name: getattr(model, name) for name in kept}
    return Picture(checksum=secrets.token_hex(32), pixel_checksum=secrets.token_hex(32), **values)


def _fingerprint(picture: Picture, model: Fingerprint, rng: np.random.Generator) -> Fingerprint:
    phash = unsigned(model.phash) ^ _mask(64, rng)
    dct_hash = int.from_bytes(bytes(model.dct_hash), "big") ^ _mask(256, rng)
    quadrants = tuple(float(value) for value in np.clip(model.quadrants + rng.normal(0, _SHIFT, 4), 0, 1))
    chunks = {f"chunk{number}": chunk for number, chunk in enumerate(keys.chunks(phash))}
    return Fingerprint(
        picture=picture, version=model.version, treatment=model.treatment, intensity=model.intensity,
        quadrants=list(quadrants), aspect=model.aspect, detail=model.detail, phash=signed(phash),
        dct_hash=dct_hash.to_bytes(32, "big"), luma=model.luma, box=model.box, searchable=True,
        low_detail=model.low_detail, window_key=keys.window_key(model.aspect, quadrants), **chunks,
    )  # fmt: skip


def _mask(bits: int, rng: np.random.Generator) -> int:
    return int.from_bytes(np.packbits(rng.random(bits) < _FLIPPED).tobytes(), "big")


def _renditions(picture: Picture, model: Picture) -> list[Rendition]:
    """The model's views under names of the new picture's own; the files are linked, not copied."""
    made = []
    for row in model.renditions.all():
        if row.kind.startswith("view"):
            name = f"{row.key[:3]}{picture.public_id}-{row.kind}.jpeg"
            where = storage.renditions()
            os.link(where.path(row.key), Path(where.path(name)))
            made.append(
                Rendition(picture=picture, kind=row.kind, key=name, width=row.width, height=row.height,
                          mime=row.mime, size_bytes=row.size_bytes)
            )  # fmt: skip
    return made


def _drawn(points: Sequence[WordPoints], words: np.ndarray, rng: np.random.Generator) -> WordPoints:
    """As many points as some real picture has, at its places, with words from anywhere."""
    like = points[int(rng.integers(len(points)))]
    return WordPoints(rng.choice(words, len(like)), like.places)


def _post(drawn: Sequence[tuple[int, WordPoints]]) -> None:
    VisualWords.objects.bulk_create(
        VisualWords(picture_id=pk, version=WORDS_VERSION, points=points.to_bytes()) for pk, points in drawn
    )
    with (
        connection.cursor() as cursor,
        cursor.copy("COPY dedupe_newposting (word, picture) FROM STDIN") as copy,
    ):
        for pk, points in drawn:
            for word in set(points.words.tolist()):
                copy.write_row((key(word), pk))
