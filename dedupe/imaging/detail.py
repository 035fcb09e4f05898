"""How much there is in a picture to compare."""

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

LOW_DETAIL = 0.05
"""Below this a hash alone says nothing: white pages, gradients, a dot on a plain ground."""

_BLOCK = 8
_FLOOR, _FULL = 1.5, 6.0  # levels of 255: up to the first a block is flat, from the second on it is busy


def detail_of(luma: Bytes) -> float:
    """Share 0–1 of uint8[64, 64] luma that holds structure.

    The luma is cut into 64 blocks of 8 × 8. From each a plane is taken away, so that a gradient counts
    as flat; what remains (standard deviation, in levels) counts 0 up to 1.5 and 1 from 6 on. The mean
    over the blocks is the detail: 0 for a uniform picture, 1/64 for a dot.
    """
    residue = np.sqrt(_plane_residue(luma.astype(np.float64)))
    return float(np.clip((residue - _FLOOR) / (_FULL - _FLOOR), 0, 1).mean())


def _plane_residue(luma: Floats) -> Floats:
    """Variance of each block about its least-squares plane, float64[64]."""
    side = luma.shape[0] // _BLOCK
    blocks = luma.reshape(side, _BLOCK, side, _BLOCK).swapaxes(1, 2).reshape(-1, _BLOCK, _BLOCK)
    ramp = np.arange(_BLOCK) - (_BLOCK - 1) / 2
    spread = (ramp**2).mean()
    centred = blocks - blocks.mean(axis=(1, 2), keepdims=True)
    # The axes of a square block are orthogonal, so the plane's share of the variance adds up.
    across = (centred * ramp[None, None, :]).mean(axis=(1, 2))
    down = (centred * ramp[None, :, None]).mean(axis=(1, 2))
    variance = (centred**2).mean(axis=(1, 2))
    return np.asarray(np.maximum(variance - (across**2 + down**2) / spread, 0))
