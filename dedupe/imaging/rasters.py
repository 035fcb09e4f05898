"""The pixels of PNG and WebP stills: exactly those that Pillow gives, sooner.

Pillow undoes PNG filters byte by byte and sends every WebP through the decoder of animations, which
holds and blends several canvases. Here libpng undoes the filters, for which it has vector code, after
libdeflate has inflated the rows; a WebP is decoded into one buffer that Pillow uses as it is. Both
formats say exactly what the pixels are, so nobody can tell by them which way was taken. Whatever is
unusual is left to Pillow, which has the last word on what is broken.
"""

import struct

import imagecodecs
import numpy as np
import numpy.typing as npt
from PIL import Image

from .containers.png import chunks
from .containers.webp import states_alpha
from .formats import Format
from .limits import Header

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_BANDS = {0: 1, 2: 3, 6: 4}  # of grey, true colour and true colour with alpha, by the colour type
_STORED = 65_535  # bytes that one stored block of DEFLATE holds (RFC 1951 § 3.2.4)
_LARGEST = 100 * 1024 * 1024  # bytes of filtered rows: they are held up to three times at once
_DENSE = 1 / 16  # compressed to less, a picture is inflated so quickly that two more copies cost more


def still_raster(data: bytes, header: Header) -> Image.Image | None:
    """The pixels of a checked PNG or WebP of one frame in mode L, RGB, RGBA or RGBX, without metadata.

    None where this way is not for the file: another format, an animation, a palette, other than
    8 bits, interlaced rows, very many pixels, or an error of any kind.
    """
    if header.frames != 1:
        return None
    try:
        if header.format is Format.WEBP:
            mode = "RGBA" if states_alpha(data) else "RGBX"
            return _of_size(imagecodecs.webp_decode(data, hasalpha=True), header, mode)
        if header.format is Format.PNG:
            bare = _bare(data)
            return None if bare is None else _of_size(imagecodecs.png_decode(bare), header)
    except (RuntimeError, ValueError, IndexError, struct.error):
        pass
    return None


def without_rows(data: bytes) -> bytes:
    """A checked PNG with all its metadata and none of its pixels, to be asked for the former."""
    parts = [data[start - 8 : start + size + 4] for kind, start, size in chunks(data) if kind != b"IDAT"]
    return b"".join([_SIGNATURE, *parts[:-1], _chunk(b"IDAT", b""), parts[-1]])


def _of_size(raster: npt.NDArray[np.uint8], header: Header, mode: str | None = None) -> Image.Image | None:
    if raster.dtype != np.uint8 or raster.shape[:2] != (header.height, header.width):
        return None
    if mode is None:
        return Image.fromarray(raster)
    return Image.frombuffer(
        mode, (header.width, header.height), raster, "raw", mode, 0, 1
    )  # four bytes: no copy


def _bare(data: bytes) -> bytes | None:
    """The PNG with its pixels alone; dense rows in stored blocks, that libpng need not inflate again."""
    stated = data[16:29]
    width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", stated)
    size = height * (1 + width * _BANDS.get(colour, 0))
    parts = list(chunks(data))
    if depth != 8 or colour not in _BANDS or interlace or size > _LARGEST or _is_special(parts):
        return None
    view = memoryview(data)
    coded = [view[start : start + length] for kind, start, length in parts if kind == b"IDAT"]
    if sum(map(len, coded)) >= size * _DENSE:
        rows = imagecodecs.deflate_decode(b"".join(coded), out=size)
        idat = _stored(rows) if len(rows) == size else []
    else:
        idat = [view[start - 8 : start + length + 4] for kind, start, length in parts if kind == b"IDAT"]
    return b"".join([_SIGNATURE, _chunk(b"IHDR", stated), *idat, _chunk(b"IEND", b"")])


def _is_special(parts: list[tuple[bytes, int, int]]) -> bool:
    """Whether a colour stands for transparency, or the file says that it is animated."""
    return any(kind in (b"tRNS", b"acTL") for kind, _, _ in parts)


def _stored(rows: bytes | bytearray) -> list[bytes | memoryview]:
    """An IDAT chunk that holds the rows uncompressed (RFC 1950, RFC 1951 § 3.2.4), in parts."""
    view = memoryview(rows)
    parts: list[bytes | memoryview] = [b"\x78\x01"]
    for at in range(0, len(rows), _STORED):
        block = view[at : at + _STORED]
        parts += [struct.pack("<BHH", at + _STORED >= len(rows), len(block), len(block) ^ 0xFFFF), block]
    parts.append(imagecodecs.deflate_adler32(rows, 1).to_bytes(4, "big"))
    check = imagecodecs.deflate_crc32(b"IDAT")
    for part in parts:
        check = imagecodecs.deflate_crc32(part, check)  # type: ignore[arg-type]  # the stub omits views
    length = sum(len(part) for part in parts)
    return [length.to_bytes(4, "big"), b"IDAT", *parts, check.to_bytes(4, "big")]


def _chunk(kind: bytes, body: bytes) -> bytes:
    check = imagecodecs.deflate_crc32(kind + body)
    return b"".join([len(body).to_bytes(4, "big"), kind, body, check.to_bytes(4, "big")])
