"""The worked example of an embedder: where in the picture which colours lie, as a vector of 32 numbers.

After the colour layout descriptor of MPEG-7 (ISO/IEC 15938-3; Kasutani, Yamada: The MPEG-7 Color Layout Descriptor,
ICIP 2001): the picture is averaged to 8 × 8 fields in YCbCr, each channel is transformed by a DCT, and the first
coefficients in zig-zag order are kept. Three things differ. The coefficients are not quantised; the mean of the luma
is left out; and vectors are compared by their angle: so a picture made brighter or richer in contrast stays near.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from .interface import Embedder, Kind, Value, Vector, View

Floats = npt.NDArray[np.float64]

_FIELDS = 8
_LUMA_COUNT = 20
_CHROMA_COUNT = 6
_LEAST_CONTENT = 20.0
"""Vectors shorter than this are of pictures with nearly one colour: a contrast of about 2.5 of 255 levels."""


class ColourLayout(Embedder):
    """Twenty coefficients of luma without its mean, then six of Cb and six of Cr with theirs."""

    name = "colour-layout"
    version = 1
    kind = Kind.VECTOR
    size = _LUMA_COUNT + 2 * _CHROMA_COUNT

    def __init__(self, *, ask_distance: float = 0.1) -> None:
        """``ask_distance`` is one minus the cosine, 0 to 2."""
        self.ask_distance = ask_distance

    def embed(self, rgb: View) -> Value | None:
        """float32[32], or None for a picture of nearly one grey."""
        luma, blue, red = (_zigzag(_dct(channel)) for channel in _fields(rgb))
        parts = [luma[1 : 1 + _LUMA_COUNT], blue[:_CHROMA_COUNT], red[:_CHROMA_COUNT]]
        vector: Vector = np.concatenate(parts).astype(np.float32)
        return vector if np.linalg.norm(vector) >= _LEAST_CONTENT else None


def _fields(rgb: View) -> Floats:
    """The means of 8 × 8 fields, float64[3, 8, 8]: Y, Cb and Cr (ITU-R BT.601, as in JPEG), less 128."""
    small = Image.fromarray(rgb).resize((_FIELDS, _FIELDS), Image.Resampling.BOX).convert("YCbCr")
    return np.asarray(small, np.float64).transpose(2, 0, 1) - 128


def _dct_matrix() -> Floats:
    """Orthonormal DCT-II, float64[8, 8] (Ahmed, Natarajan, Rao 1974)."""
    index = np.arange(_FIELDS)
    matrix = np.cos(np.pi * (2 * index[None, :] + 1) * index[:, None] / (2 * _FIELDS)) / 2
    matrix[0] /= np.sqrt(2)
    return np.asarray(matrix)


_DCT = _dct_matrix()


def _dct(channel: Floats) -> Floats:
    return np.asarray(_DCT @ channel @ _DCT.T)


def _zigzag_order() -> list[int]:
    """Positions of an 8 × 8 block row by row, in the order of JPEG (ITU-T T.81, figure A.6)."""
    cells = [(row, column) for row in range(_FIELDS) for column in range(_FIELDS)]
    cells.sort(key=lambda cell: (sum(cell), cell[0] if sum(cell) % 2 else cell[1]))
    return [row * _FIELDS + column for row, column in cells]


_ZIGZAG = _zigzag_order()


def _zigzag(block: Floats) -> Floats:
    return np.asarray(block.ravel()[_ZIGZAG])
