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
    return _large_hashes(_large(luma)[None])[0]


def phash(luma: Bytes) -> int:
    """64-bit perceptual hash of uint8[64, 64] luma, unsigned, most significant bit first.

    The luma is averaged to 32 × 32; bit = coefficient of the lowest 8 × 8 (DC among them) above their
    median, as by Krawetz ("Looks Like It", 2011) and imagehash, whose reduction is Lanczos instead.
    """
    return _small_hashes(_small(luma)[None])[0]


def turned_hashes(luma: Bytes) -> list[tuple[int, bytes]]:
    """``phash`` and ``dct_hash`` in all eight orientations, from one transform.

    The picture turned counter-clockwise by 0 to 3 quarters, then the same of its mirror image. What
    mirrors a picture changes the sign of its odd coefficients, what turns it exchanges the axes too.
    """
    return list(zip(_small_hashes(_turned(_small(luma))), _large_hashes(_turned(_large(luma))), strict=True))


def _large(luma: Bytes) -> Floats:
    return _dct(luma.astype(np.float64), _LOW)


def _small(luma: Bytes) -> Floats:
    small = luma.astype(np.float64).reshape(32, 2, 32, 2).mean(axis=(1, 3))
    # They transform without the orthonormal factor, which weighs the first row and column by √2.
    weights = np.ones(8)
    weights[0] = np.sqrt(2)
    return _dct(small, 8) * np.outer(weights, weights)


def _turned(coefficients: Floats) -> Floats:
    """float64[8, n, n] of float64[n, n]."""
    signs = (-1.0) ** np.arange(len(coefficients))
    turned = []
    for each in (coefficients, coefficients * signs):
        for _ in range(4):
            turned.append(each)
            each = each.T * signs[:, None]
    return np.stack(turned)


def _large_hashes(coefficients: Floats) -> list[bytes]:
    flat = coefficients.reshape(len(coefficients), -1)
    bits = flat > np.median(flat[:, 1:], axis=1, keepdims=True)
    bits[:, 0] = False
    return [row.tobytes() for row in np.packbits(bits, axis=1)]


def _small_hashes(coefficients: Floats) -> list[int]:
    flat = coefficients.reshape(len(coefficients), -1)
    bits = flat > np.median(flat, axis=1, keepdims=True)
    return [int.from_bytes(row.tobytes(), "big") for row in np.packbits(bits, axis=1)]


def hamming(a: bytes, b: bytes) -> int:
    """Number of differing bits of two hashes of one length; raises ValueError if lengths differ."""
    if len(a) != len(b):
        raise ValueError("hashes of different lengths")
    return (int.from_bytes(a, "big") ^ int.from_bytes(b, "big")).bit_count()
