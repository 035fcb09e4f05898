"""The tone curve by which one picture is brought to the brightness and contrast of another."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

_TONES = 32
_LEAST_IN_TONE = 6


def tone_fitted(first: Floats, second: Floats, overlap: Flags) -> Floats:
    """The second luma float32[h, w] under the rising curve that brings it nearest to the first where they overlap.

    It goes through the medians by tone, made monotone. Brightness, contrast, gamma and clipping are such curves; a
    caption or another light is not.
    """
    there, here = first[overlap], second[overlap]
    low, high = float(here.min()), float(here.max())
    tone = np.minimum(((here - low) * (_TONES / max(high - low, 1e-6))).astype(int), _TONES - 1)
    order = np.argsort(tone, kind="stable")
    bounds = np.searchsorted(tone[order], np.arange(_TONES + 1))
    groups = [order[a:b] for a, b in pairwise(bounds) if b - a >= _LEAST_IN_TONE]
    if len(groups) < 2:
        return np.asarray(second + np.float32(there.mean() - here.mean()))
    levels = [float(here[group].mean()) for group in groups]
    targets = _rising([float(np.median(there[group])) for group in groups], [len(group) for group in groups])
    return np.interp(second, levels, targets).astype(np.float32)


def _rising(values: list[float], weights: list[int]) -> list[float]:
    """The rising sequence nearest to the values in weighted least squares: isotonic regression.

    Pool adjacent violators (Ayer and others, Annals of Mathematical Statistics 1955). Few pixels of lettering that
    lie on a light ground must not drag the curve of the rest along.
    """
    pools: list[tuple[float, int, int]] = []
    for value, weight in zip(values, weights, strict=True):
        pools.append((value, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (later, heavy, many), (earlier, light, few) = pools.pop(), pools.pop()
            mean = (later * heavy + earlier * light) / (heavy + light)
            pools.append((mean, heavy + light, many + few))
    return [value for value, _, count in pools for _ in range(count)]
