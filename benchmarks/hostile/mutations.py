"""Damaged files: pictures of every kind that we read, changed at random, the same for the same seed and number."""

from __future__ import annotations

import random
import re
import struct
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from PIL import Image

from tests import pictures as p

Operation = Callable[[bytearray, random.Random], bytearray]

_PNG = b"\x89PNG\r\n\x1a\n"
_EDGES = (0, 1, 0x7F, 0x80, 0xFE, 0xFF)
_LARGEST = 300_000
"""Larger files of a folder are passed over: the damage counts, not the size."""


def drawn() -> tuple[bytes, ...]:
    """Whole pictures, made in code: each format and what it has to offer."""
    image = p.landscape(1, 200, 150)
    palette = image.quantize(64)
    frames = [p.landscape(number, 80, 60) for number in range(4)]
    icc = p.srgb_profile()
    jpegs = [
        p.encoded(image, "JPEG", quality=85),
        p.encoded(image, "JPEG", quality=60, progressive=True, icc_profile=icc),
        p.encoded(image.convert("L"), "JPEG"),
        p.encoded(image.convert("CMYK"), "JPEG"),
        p.oriented(image, 6, "JPEG"),
    ]
    pngs = [
        p.encoded(image, icc_profile=icc),
        p.encoded(palette, transparency=3),
        p.encoded(image.convert("L").convert("I;16")),
        p.encoded(p.cutout(1, 150)),
        p.encoded(image.convert("1")),
    ]
    webps = [
        p.encoded(image, "WEBP", quality=70),
        p.encoded(image, "WEBP", lossless=True, exif=Image.Exif().tobytes()),
        p.encoded(p.cutout(2, 150), "WEBP", icc_profile=icc),
    ]
    others = [p.encoded(palette, "GIF"), p.encoded(image, "AVIF"), p.encoded(p.cutout(3, 150), "AVIF")]
    moving = [p.animation(kind, frames) for kind in ("GIF", "WEBP", "PNG", "AVIF")]
    return tuple(map(undated, (*jpegs, *pngs, *webps, *others, *moving)))


def undated(data: bytes) -> bytes:
    """The file without the moments at which its film and tracks were made (ISO 14496-12 § 8.2.2, 8.3.2, 8.4.2)."""
    whole = bytearray(data)
    for found in re.finditer(b"mvhd|tkhd|mdhd", data):
        start = found.end() + 4  # behind the version, by which dates have 8 bytes or 4, and the flags
        size = 16 if data[found.end()] == 1 else 8
        whole[start : start + size] = bytes(size)
    return bytes(whole)


@cache
def wholes_of(folder: Path | None) -> tuple[bytes, ...]:
    """The files of a folder that are small enough; without one, pictures made in code."""
    if folder is None:
        return drawn()
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size <= _LARGEST)
    return tuple(path.read_bytes() for path in files)


def mutated(folder: Path | None, seed: int, number: int) -> bytes:
    """The damaged file of this number."""
    wholes = wholes_of(folder)
    chance = random.Random(f"{seed}.{number}")
    data = bytearray(chance.choice(wholes))
    for _ in range(chance.choice((1, 1, 1, 2, 4, 12))):
        data = chance.choice(_OPERATIONS)(data, chance)
    if chance.random() < 0.1:
        other = chance.choice(wholes)
        data = data[: _place(data, chance)] + other[chance.randrange(len(other)) :]
    if data.startswith(_PNG) and chance.random() < 0.7:
        data = _with_right_checksums(data)
    return bytes(data)


def _place(data: bytearray, chance: random.Random) -> int:
    """Half of the time among the headers, where most is decided."""
    most = len(data) if chance.random() < 0.5 else min(len(data), 400)
    return chance.randrange(most + 1)


def _flip(data: bytearray, chance: random.Random) -> bytearray:
    if data:
        data[min(_place(data, chance), len(data) - 1)] ^= 1 << chance.randrange(8)
    return data


def _overwrite(data: bytearray, chance: random.Random) -> bytearray:
    at, size = _place(data, chance), chance.choice((1, 2, 4, 8))
    data[at : at + size] = bytes([chance.choice(_EDGES)]) * size
    return data


def _number(data: bytearray, chance: random.Random) -> bytearray:
    """A length, a size or an offset that is not true."""
    at = _place(data, chance)
    value = chance.choice((0, 1, chance.randrange(2**16), 2**31 - 1, 2**32 - 1, len(data)))
    data[at : at + 4] = struct.pack(chance.choice("<>") + "I", value)
    return data


def _noise(data: bytearray, chance: random.Random) -> bytearray:
    at, size = _place(data, chance), chance.randrange(1, 64)
    data[at : at + chance.choice((0, size))] = chance.randbytes(size)
    return data


def _remove(data: bytearray, chance: random.Random) -> bytearray:
    at = _place(data, chance)
    del data[at : at + chance.choice((1, 4, 64, 1000))]
    return data


def _repeat(data: bytearray, chance: random.Random) -> bytearray:
    at, size = _place(data, chance), chance.choice((8, 64, 1000))
    return data[: at + size] + data[at : at + size] * chance.choice((1, 2, 50)) + data[at + size :]


def _cut(data: bytearray, chance: random.Random) -> bytearray:
    return data[: max(16, _place(data, chance))]


_OPERATIONS: tuple[Operation, ...] = (_flip, _flip, _overwrite, _number, _noise, _remove, _repeat, _cut)


def _with_right_checksums(data: bytearray) -> bytearray:
    """The checks of a PNG's chunks made true again, so that the damage comes as far as the decoder."""
    at = len(_PNG)
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if at + 12 + size > len(data):
            break
        end = at + 8 + size
        data[end : end + 4] = struct.pack(">I", zlib.crc32(data[at + 4 : end]))
        at = end + 4
    return data
