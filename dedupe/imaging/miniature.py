"""Reduce a decoded picture to the small matrices that everything else is computed from."""

import numpy as np
import numpy.typing as npt
from PIL import Image

from .colour import WHITE, Colour, to_srgb
from .damage import mirrored
from .decoding import Decoded, reduction
from .orientation import upright, upright_box

SIDE = 64

Bytes = npt.NDArray[np.uint8]


def miniature(decoded: Decoded, ground: Colour = WHITE) -> Bytes:
    """The upright sRGB picture over ``ground`` as uint8[64, 64, 3], see ``squared``.

    It is turned before it is reduced: a picture and its turned copy with EXIF give equal numbers.
    """
    image = mirrored(decoded.image, decoded.missing_rows)
    extent = image.size if decoded.missing_rows else decoded.extent
    left, top, right, bottom = upright_box(image.size, extent, decoded.orientation)
    image = upright(image, decoded.orientation)
    factor = reduction(extent)
    if factor > 1:
        image = image.reduce(factor)
    grey = image.mode == "L" and not decoded.profile
    srgb = image if grey else to_srgb(image, decoded.profile, ground)
    box = (left / factor, top / factor, right / factor, bottom / factor)
    return squared(srgb, box)


def squared(image: Image.Image, box: tuple[float, float, float, float]) -> Bytes:
    """The part ``box`` (left, top, right, bottom, in pixels) of a picture as uint8[64, 64, 3].

    Each pixel is the mean of its area (BOX). What has fewer pixels than that is enlarged smoothly: an icon of 8 × 8
    would become 64 flat squares, which have no detail to compare.
    """
    enlarged = min(box[2] - box[0], box[3] - box[1]) < SIDE
    resampling = Image.Resampling.BICUBIC if enlarged else Image.Resampling.BOX
    return np.asarray(image.resize((SIDE, SIDE), resampling, box=box).convert("RGB"))


def luma_of(rgb: Bytes) -> Bytes:
    """Rec. 601 luma, uint8[h, w], of an RGB matrix uint8[h, w, 3] (ITU-R BT.601 § 2.5.1)."""
    luma = rgb.astype(np.float64) @ np.array([0.299, 0.587, 0.114])
    return np.asarray(np.rint(luma), np.uint8)
