"""The pixels of a plain PNG, a strip of rows at a time.

libdeflate inflates all rows at once; libpng undoes their filters, for which it has vector code. It is
given a strip as a small PNG of its own, in stored blocks that need not be inflated again. A row is
filtered by the one above (W3C PNG Specification, third edition, § 9), so the last row of each strip goes
before the next one as it is. A strip stays in the processor's cache, and asks the system for no memory.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import imagecodecs
import numpy as np
import numpy.typing as npt

from .containers.png import chunks

SIGNATURE = b"\x89PNG\r\n\x1a\n"

_BANDS = {0: 1, 2: 3, 6: 4}  # of grey, true colour and true colour with alpha, by the colour type
_STORED = 65_535  # bytes that one stored block of DEFLATE holds (RFC 1951 § 3.2.4)
_STRIP = 256 * 1024  # bytes of filtered rows
_LARGEST = 100 * 1024 * 1024  # bytes of filtered rows, which are held beside the pixels
_DENSE = 1 / 16  # compressed to less, libpng inflates so quickly that copies of the rows cost more

Bytes = npt.NDArray[np.uint8]
Part = bytes | memoryview


@dataclass(frozen=True)
class PlainPng:
    """A checked PNG of 8 bits, without a palette, interlaced rows or a transparent colour.

    ``data`` is the file, ``coded`` says where the bodies of its IDAT chunks begin and end in it.
    """

    data: bytes
    width: int
    height: int
    colour: int
    coded: tuple[tuple[int, int], ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """That of the pixels: [h, w] of grey ones, [h, w, 3] or [h, w, 4]."""
        bands = _BANDS[self.colour]
        return (self.height, self.width) if bands == 1 else (self.height, self.width, bands)

    @property
    def row_bytes(self) -> int:
        """Of a filtered row, with the number of its filter."""
        return 1 + self.width * _BANDS[self.colour]

    def pixels(self) -> Bytes:
        """All of them. Raises ValueError or RuntimeError if rows are missing or broken."""
        if not self._is_dense():
            return self._decoded_by_libpng()
        whole = np.empty(self.shape, np.uint8)
        for _ in self._unfiltered(1, whole):
            pass
        return whole

    def strips(self, multiple: int) -> Iterator[Bytes]:
        """The pixels from the top, in strips of a multiple of so many rows but for the last. Raises as ``pixels``."""
        if self._is_dense():
            yield from self._unfiltered(multiple)
        else:
            whole, lines = self._decoded_by_libpng(), self._strip_rows(multiple)
            yield from (whole[top : top + lines] for top in range(0, self.height, lines))

    def _is_dense(self) -> bool:
        return sum(end - start for start, end in self.coded) >= self.height * self.row_bytes * _DENSE

    def _strip_rows(self, multiple: int) -> int:
        return max(1, _STRIP // self.row_bytes // multiple) * multiple

    def _decoded_by_libpng(self) -> Bytes:
        view = memoryview(self.data)
        # The chunks as they are: with the size and kind before the body, and the check sum behind it.
        return _decoded(*self._header(self.height), *(view[start - 8 : end + 4] for start, end in self.coded))

    def _unfiltered(self, multiple: int, whole: Bytes | None = None) -> Iterator[Bytes]:
        """Strips of pixels; parts of ``whole``, if it is given, which is filled by them."""
        rows, lines = self._filtered(), self._strip_rows(multiple)
        above = np.empty((0, self.row_bytes), np.uint8)
        for top in range(0, self.height, lines):
            bottom, kept = min(self.height, top + lines), len(above)
            body = _stored([each.reshape(-1) for each in (above, rows[top:bottom]) if len(each)])
            out = None if whole is None else whole[top - kept : bottom]
            strip = _decoded(*self._header(bottom - top + kept), *body, out=out)[kept:]
            yield strip
            above = np.concatenate([[0], strip[-1].reshape(-1)]).astype(np.uint8)[None]

    def _header(self, height: int) -> list[Part]:
        return _chunk(b"IHDR", struct.pack(">IIBBBBB", self.width, height, 8, self.colour, 0, 0, 0))

    def _filtered(self) -> Bytes:
        """The inflated rows, uint8[height, row_bytes]."""
        view = memoryview(self.data)
        coded = np.empty(sum(end - start for start, end in self.coded), np.uint8)
        np.concatenate([np.frombuffer(view[start:end], np.uint8) for start, end in self.coded], out=coded)
        rows = np.empty(self.height * self.row_bytes, np.uint8)
        if len(imagecodecs.deflate_decode(coded, out=rows)) != len(rows):  # type: ignore[arg-type]
            raise ValueError("rows are missing")
        return rows.reshape(self.height, self.row_bytes)


def plain_png(data: bytes) -> PlainPng | None:
    """None for a PNG of another kind, an animated one, and one of very many pixels.

    Raises Refused if its chunks are broken.
    """
    width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", data[16:29])
    parts = list(chunks(data))
    special = any(kind in (b"tRNS", b"acTL") for kind, _, _ in parts)
    if depth != 8 or colour not in _BANDS or interlace or special:
        return None
    coded = tuple((start, start + size) for kind, start, size in parts if kind == b"IDAT")
    png = PlainPng(data, width, height, colour, coded)
    return png if height * png.row_bytes <= _LARGEST else None


def without_rows(data: bytes) -> bytes:
    """A checked PNG with all its metadata and none of its pixels, to be asked for the former."""
    parts = [data[start - 8 : start + size + 4] for kind, start, size in chunks(data) if kind != b"IDAT"]
    return b"".join([SIGNATURE, *parts[:-1], *_chunk(b"IDAT"), parts[-1]])


def _decoded(*parts: Part, out: Bytes | None = None) -> Bytes:
    """The pixels of a PNG of these chunks."""
    return imagecodecs.png_decode(b"".join([SIGNATURE, *parts, *_chunk(b"IEND")]), out=out)


def _stored(rows: list[Bytes]) -> list[Part]:
    """An IDAT chunk that holds the bytes uncompressed (RFC 1950, RFC 1951 § 3.2.4), in parts."""
    blocks = [each[at : at + _STORED].data for each in rows for at in range(0, len(each), _STORED)]
    parts: list[Part] = [b"\x78\x01"]
    check = 1
    for number, block in enumerate(blocks, start=1):
        parts += [struct.pack("<BHH", number == len(blocks), len(block), len(block) ^ 0xFFFF), block]
        check = imagecodecs.deflate_adler32(block, check)  # type: ignore[arg-type]  # the stub omits views
    return _chunk(b"IDAT", *parts, check.to_bytes(4, "big"))


def _chunk(kind: bytes, *body: Part) -> list[Part]:
    check = imagecodecs.deflate_crc32(kind)
    for part in body:
        check = imagecodecs.deflate_crc32(part, check)  # type: ignore[arg-type]
    return [sum(map(len, body)).to_bytes(4, "big"), kind, *body, check.to_bytes(4, "big")]
