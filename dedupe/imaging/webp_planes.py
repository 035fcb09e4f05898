"""The planes of a lossy WebP, and its colours, out of one decode.

Such a file holds luma, and chroma of half the width and height (RFC 6386 § 2). A fingerprint needs the luma
alone: three eighths of the bytes of RGBA, without the way back to colours. Both steps are libwebp's
own, in its public functions; imagecodecs is linked with it, but offers only the two in one.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module

import cv2
import numpy as np
import numpy.typing as npt

from .containers.webp import is_lossy_still
from .formats import Format
from .limits import Header

_BAND = 64  # rows that are made colours at once: even, as two rows share their chroma
_SHARED = 2  # rows beyond a band whose chroma is mixed into it
_ABI = 0x020F  # WEBP_ENCODER_ABI_VERSION of webp/encode.h; libwebp refuses those of another upper byte
FULL_RANGE = [min(255, max(0, round((level - 16) * 255 / 219))) for level in range(256)]
"""The luma from 0 to 255 that each level from 16 to 235 means (ITU-R BT.601 § 2.5.1)."""

Bytes = npt.NDArray[np.uint8]


class _Picture(ctypes.Structure):
    """``WebPPicture`` of webp/encode.h."""

    _fields_ = (
        ("use_argb", ctypes.c_int),
        ("colorspace", ctypes.c_int),
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("y", ctypes.c_void_p),
        ("u", ctypes.c_void_p),
        ("v", ctypes.c_void_p),
        ("y_stride", ctypes.c_int),
        ("uv_stride", ctypes.c_int),
        ("a", ctypes.c_void_p),
        ("a_stride", ctypes.c_int),
        ("pad1", ctypes.c_uint32 * 2),
        ("argb", ctypes.c_void_p),
        ("argb_stride", ctypes.c_int),
        ("pad2", ctypes.c_uint32 * 3),
        ("writer", ctypes.c_void_p),
        ("custom_ptr", ctypes.c_void_p),
        ("extra_info_type", ctypes.c_int),
        ("extra_info", ctypes.c_void_p),
        ("stats", ctypes.c_void_p),
        ("error_code", ctypes.c_int),
        ("progress_hook", ctypes.c_void_p),
        ("user_data", ctypes.c_void_p),
        ("pad3", ctypes.c_uint32 * 3),
        ("pad4", ctypes.c_void_p),
        ("pad5", ctypes.c_void_p),
        ("pad6", ctypes.c_uint32 * 8),
        ("memory", ctypes.c_void_p),
        ("memory_argb", ctypes.c_void_p),
        ("pad7", ctypes.c_void_p * 2),
    )


@dataclass(frozen=True)
class Planes:
    """``luma`` is uint8[h, w] from 16 (black) to 235 (white), ``chroma`` two of uint8[⌈h/2⌉, ⌈w/2⌉], as stored."""

    library: ctypes.CDLL
    luma: Bytes
    chroma: tuple[Bytes, Bytes]

    def pixels(self) -> Bytes:
        """uint8[h, w, 4], RGBA, the same that libwebp decodes the file to. Raises MemoryError."""
        height, width = self.luma.shape
        found = np.empty((height, width, 4), np.uint8)
        for top in range(0, height, _BAND):
            bottom = min(height, top + _BAND)
            first, last = max(0, top - _SHARED), min(height, bottom + _SHARED)
            with self._coloured(first, last) as rows:
                cv2.cvtColor(rows[top - first : bottom - first], cv2.COLOR_BGRA2RGBA, dst=found[top:bottom])
        return found

    @contextmanager
    def _coloured(self, first: int, last: int) -> Iterator[Bytes]:
        """Some rows from an even one, uint8[rows, w, 4] in BGRA; those next to the cut ones lack some chroma."""
        picture = _Picture()
        _initialise(self.library, picture)
        picture.width, picture.height = self.luma.shape[1], last - first
        picture.y, picture.y_stride = self.luma[first:].ctypes.data, self.luma.strides[0]
        picture.u, picture.v = (plane[first // 2 :].ctypes.data for plane in self.chroma)
        picture.uv_stride = self.chroma[0].strides[0]
        try:
            if not self.library.WebPPictureYUVAToARGB(ctypes.byref(picture)):
                raise MemoryError
            size = picture.height * picture.argb_stride * 4
            rows = np.frombuffer((ctypes.c_uint8 * size).from_address(picture.argb), np.uint8)
            yield rows.reshape(picture.height, picture.argb_stride, 4)[:, : picture.width]
        finally:
            self.library.WebPPictureFree(ctypes.byref(picture))


def planes_of(data: bytes, header: Header) -> Planes | None:
    """Those of a checked WebP; None for every other format and kind, a broken one, and without libwebp at hand.

    A lossless one has none, and alpha or a profile lets its luma say too little.
    """
    if _LIBWEBP is None or header.format is not Format.WEBP or header.frames != 1 or not is_lossy_still(data):
        return None
    width, height = ctypes.c_int(), ctypes.c_int()
    if not _LIBWEBP.WebPGetInfo(data, len(data), ctypes.byref(width), ctypes.byref(height)):
        return None
    if (width.value, height.value) != (header.width, header.height):
        return None
    luma = np.empty((header.height, header.width), np.uint8)
    halves = (2, (header.height + 1) // 2, (header.width + 1) // 2)
    blue, red = np.empty(halves, np.uint8)
    outputs = [part for plane in (luma, blue, red) for part in _output(plane)]
    decoded = _LIBWEBP.WebPDecodeYUVInto(data, len(data), *outputs)
    return Planes(_LIBWEBP, luma, (blue, red)) if decoded else None


def _output(plane: Bytes) -> tuple[int, int, int]:
    """Address, bytes, and bytes in a row."""
    return plane.ctypes.data, plane.nbytes, plane.strides[0]


def _initialise(library: ctypes.CDLL, picture: _Picture) -> bool:
    return bool(library.WebPPictureInitInternal(ctypes.byref(picture), _ABI))


def _libwebp() -> ctypes.CDLL | None:
    """The libwebp that imagecodecs is linked with; None where it is hidden, or too new for ``_Picture``."""
    try:
        library = ctypes.CDLL(str(import_module("imagecodecs._webp").__file__))
        plane = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
        library.WebPDecodeYUVInto.argtypes = (ctypes.c_char_p, ctypes.c_size_t, *plane, *plane, *plane)
        library.WebPDecodeYUVInto.restype = ctypes.c_void_p
        library.WebPGetInfo.argtypes = (ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p)
        library.WebPPictureYUVAToARGB.argtypes = (ctypes.c_void_p,)
        library.WebPPictureFree.argtypes = (ctypes.c_void_p,)
        library.WebPPictureInitInternal.argtypes = (ctypes.c_void_p, ctypes.c_int)
        return library if _initialise(library, _Picture()) else None
    except (ImportError, OSError, AttributeError):
        return None


_LIBWEBP = _libwebp()
