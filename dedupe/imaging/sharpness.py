"""How sharp a picture is, and the blur that makes one as soft as another."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

_CLEARLY = 1.5  # times the power of the slopes: what scaling and coding do to sharpness is less
_NARROWEST, _WIDEST = 0.3, 6.0  # standard deviations of a Gaussian, in pixels
_STEPS = 7  # halvings of the interval between the two, on a scale of ratios: to 2 %
_LEAST_VARIANCE = 1e-3


def slopes(luma: Floats) -> Floats:
    """Slopes across and down, float32[h, w, 2], levels per pixel (Sobel and Feldman 1968)."""
    across = cv2.Sobel(luma, cv2.CV_32F, 1, 0, scale=1 / 8)
    down = cv2.Sobel(luma, cv2.CV_32F, 0, 1, scale=1 / 8)
    return np.stack([across, down], axis=-1)


def equally_sharp(first: Floats, second: Floats, overlap: Flags) -> tuple[Floats, Floats, float]:
    """Both lumas float32[h, w], the sharper one blurred to be as soft as the other where they overlap.

    The third value is the standard deviation of the Gaussian in pixels, 0 where both are about equally sharp and
    nothing was done. Of a picture that no such blur can make so soft, the softest is given.
    """
    sharp, soft = _sharpness(first, overlap), _sharpness(second, overlap)
    if max(sharp, soft) < _CLEARLY * min(sharp, soft):
        return first, second, 0.0
    if sharp < soft:
        second, first, sigma = equally_sharp(second, first, overlap)
        return first, second, sigma
    narrow, wide = _NARROWEST, _WIDEST
    for _ in range(_STEPS):
        middle = (narrow * wide) ** 0.5
        if _sharpness(_blurred(first, middle), overlap) > soft:
            narrow = middle
        else:
            wide = middle
    return _blurred(first, wide), second, wide


def _sharpness(luma: Floats, overlap: Flags) -> float:
    """Power of the slopes over the variance: the mean squared spatial frequency, which contrast does not change."""
    power = float((slopes(luma)[overlap] ** 2).sum(axis=-1).mean())
    return power / max(float(luma[overlap].var()), _LEAST_VARIANCE)


def _blurred(luma: Floats, sigma: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(luma, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE), np.float32)
