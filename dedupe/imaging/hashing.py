"""Perceptual hashes from the low frequencies of the luma."""

from functools import cache

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

_LOW = 16

# Coefficients of flat and symmetric pictures are zero but for rounding noise, which differs between
# processors; cut off, equal values compare as equal.
_DECIMALS = 4


@cache
def _dct_matrix(size: int) -> Floats:
    """Orthonormal DCT-II matrix, float64[size, size] (Ahmed, Natarajan, Rao 1974)."""
    index = np.arange(size)
    matrix = np.cos(np.pi * (2 * index[None, :] + 1) * index[:, None] / (2 * size)) * np.sqrt(2 / size)
    matrix[0] /= np.sqrt(2)
    return np.asarray(matrix)


def _dct(luma: Floats, count: int) -> Floats:
    """The lowest count × count DCT-II coefficients, vertical frequency by row."""
    low = _dct_matrix(luma.shape[0])[:count]
    return np.asarray(np.round(low @ luma @ low.T, _DECIMALS))


def dct_hash(luma: Bytes) -> bytes:
    """256-bit hash of uint8[64, 64] luma, 32 bytes, row-major, most significant bit first.

    Bit = coefficient above the median of the 255 AC coefficients among the lowest 16 × 16; the DC bit
    is 0. A DCT hash after Zauner (2010) on the larger grid of PDQ (Facebook, 2019), with its DC row.
    """
    coefficients = _dct(luma.astype(np.float64), _LOW).ravel()
    bits = coefficients > np.median(coefficients[1:])
    bits[0] = False
    return np.packbits(bits).tobytes()


def phash(luma: Bytes) -> int:
    """64-bit perceptual hash of uint8[64, 64] luma, unsigned, most significant bit first.

    The luma is averaged to 32 × 32; bit = coefficient of the lowest 8 × 8 (DC among them) above their
    median, as by Krawetz ("Looks Like It", 2011) and imagehash, whose reduction is Lanczos instead.
    """
    small = luma.astype(np.float64).reshape(32, 2, 32, 2).mean(axis=(1, 3))
    # They transform without the orthonormal factor, which weighs the first row and column by √2.
    weights = np.ones(8)
    weights[0] = np.sqrt(2)
    coefficients = (_dct(small, 8) * np.outer(weights, weights)).ravel()
    return int.from_bytes(np.packbits(coefficients > np.median(coefficients)).tobytes(), "big")


def hamming(a: bytes, b: bytes) -> int:
    """Number of differing bits of two hashes of one length; raises ValueError if lengths differ."""
    if len(a) != len(b):
        raise ValueError("hashes of different lengths")
    return (int.from_bytes(a, "big") ^ int.from_bytes(b, "big")).bit_count()
