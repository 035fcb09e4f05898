"""Two aligned pictures by square blocks: what stands in each, and what they have in common there."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

_INSIDE = 0.6  # share of a block that must overlap
_STRUCTURE, _MOST_NOISE = 9.0, 100.0  # as in ``differences``: mean squared slope, levels² per pixel²


class Blocks:
    """The blocks of one overlap bool[h, w], of about ``side`` pixels; ``inside`` are those that lie in it."""

    def __init__(self, overlap: Flags, side: int) -> None:
        self._overlap = overlap
        self._size = max(1, overlap.shape[1] // side), max(1, overlap.shape[0] // side)
        self._share = self.sums(np.ones(overlap.shape, np.float32))
        self.inside: Flags = self._share >= _INSIDE

    def sums(self, values: Floats) -> Floats:
        """Sums within the overlap by blocks, over the area of a block: float32[rows, columns]."""
        within = np.where(self._overlap, values, 0).astype(np.float32)
        return np.asarray(cv2.resize(within, self._size, interpolation=cv2.INTER_AREA), np.float32)

    def means(self, values: Floats) -> Floats:
        """Means over what of each block lies in the overlap, 0 where nothing does."""
        return np.asarray(self.sums(values) / np.maximum(self._share, 1e-6), np.float32)

    def powers(self, edges: Floats) -> Floats:
        """Power of the slopes float32[h, w, 2] by blocks."""
        return self.sums((edges**2).sum(axis=-1))

    def common(self, first: Floats, second: Floats) -> Floats:
        """What the slopes have in common by blocks, 0 or more, at the best of nine shifts: registration is exact to
        about a pixel."""
        height, width = self._overlap.shape
        padded = np.pad(second, ((1, 1), (1, 1), (0, 0)), mode="edge")
        shifted = (
            padded[down : down + height, across : across + width] for down in range(3) for across in range(3)
        )
        found = [self.sums((first * each).sum(axis=-1)) for each in shifted]
        return np.asarray(np.max(found, axis=0).clip(min=0), np.float32)

    def above_noise(self, powers: Floats) -> float:
        """From which power on a block has structure: four times that of the quietest fifth, which is noise, or not
        much."""
        quiet = 4 * float(np.quantile(powers[self.inside], 0.2)) if self.inside.any() else 0.0
        return max(_STRUCTURE, min(_MOST_NOISE, quiet))


def patch_sums(flags: Flags, weights: Floats, least: int) -> npt.NDArray[np.float64]:
    """The sum of the weights of each patch of neighbouring flags, those that touch at a corner too, of at least so many
    blocks: float64[n], n ≥ 0."""
    count, labels = cv2.connectedComponents(flags.astype(np.uint8), connectivity=8)
    sums = np.bincount(labels.ravel(), weights.ravel(), count)
    sizes = np.bincount(labels.ravel(), minlength=count)
    return np.asarray(sums[1:][sizes[1:] >= least], np.float64)
