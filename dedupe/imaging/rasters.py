"""The pixels of PNG and WebP stills: exactly those that Pillow gives, sooner.

Pillow undoes PNG filters byte by byte and sends every WebP through the decoder of animations, which
holds and blends several canvases. Here the rows of a PNG take a shorter way (``png_rows``); a WebP is
decoded into one buffer that Pillow uses as it is. Both formats say exactly what the pixels are, so nobody
can tell by them which way was taken. Whatever is unusual is left to Pillow, which has the last word on
what is broken.
"""

import struct
from contextlib import suppress

import imagecodecs
import numpy as np
import numpy.typing as npt
from PIL import Image

from .containers.webp import states_alpha
from .formats import Format
from .limits import Header
from .png_rows import plain_png

_LEFT_TO_PILLOW = (RuntimeError, ValueError, IndexError, struct.error)

Bytes = npt.NDArray[np.uint8]


def still_raster(data: bytes, header: Header) -> Image.Image | None:
    """The pixels of a checked PNG or WebP of one frame in mode L, RGB, RGBA or RGBX, without metadata.

    None where this way is not for the file: another format, an animation, a palette, other than
    8 bits, interlaced rows, very many pixels, or an error of any kind.
    """
    if header.frames != 1:
        return None
    with suppress(*_LEFT_TO_PILLOW):
        if header.format is Format.WEBP:
            pixels = imagecodecs.webp_decode(data, hasalpha=True)
            return _image(pixels, header, may_be_clear=states_alpha(data))
        if header.format is Format.PNG and (png := plain_png(data)) is not None:
            return _image(png.pixels(), header)
    return None


def reduced_png(data: bytes, header: Header, factor: int) -> Image.Image | None:
    """``still_raster`` of a PNG reduced by a whole ``factor``, as ``Image.reduce`` would, strip by strip.

    None as there, and for all that is no PNG.
    """
    if header.frames != 1 or header.format is not Format.PNG:
        return None
    with suppress(*_LEFT_TO_PILLOW):
        if (png := plain_png(data)) is not None:
            strips = [np.asarray(_pillow(strip).reduce(factor)) for strip in png.strips(factor)]
            return _pillow(np.concatenate(strips))
    return None


def opaque_image(pixels: Bytes) -> Image.Image:
    """The pixels uint8[h, w, 4] of which none shows through, as they are, in mode RGBX."""
    return _pillow(pixels, may_be_clear=False)


def _image(pixels: Bytes, header: Header, *, may_be_clear: bool = True) -> Image.Image | None:
    if pixels.dtype != np.uint8 or pixels.shape[:2] != (header.height, header.width):
        return None
    return _pillow(pixels, may_be_clear=may_be_clear)


def _pillow(pixels: Bytes, *, may_be_clear: bool = True) -> Image.Image:
    """Four bytes a pixel are used as they are; where all are opaque, the fourth does not count."""
    if pixels.shape[2:] != (4,):
        return Image.fromarray(pixels)
    mode = "RGBA" if may_be_clear and not _is_opaque(pixels) else "RGBX"
    height, width = pixels.shape[:2]
    return Image.frombuffer(mode, (width, height), pixels, "raw", mode, 0, 1)


def _is_opaque(pixels: Bytes) -> bool:
    """Of uint8[h, w, 4]; four bytes at once, as a reduction over a fourth of the bytes is slow."""
    alpha = np.array([0, 0, 0, 255], np.uint8).view(np.uint32)[0]
    return bool(np.bitwise_and.reduce(pixels.view(np.uint32), axis=None) & alpha == alpha)
