"""The checksum of what is seen, whatever container it came in."""

import hashlib

from PIL import Image

from .colour import profile_effect
from .decoding import Decoded
from .orientation import upright_size, upright_strips

_OPAQUE = (255, 255)


def pixel_checksum(decoded: Decoded, file_checksum: str) -> str:
    """SHA-256, hex, over size and upright RGB(A) pixels of 8 bits, strip by strip.

    A PNG and a lossless WebP of the same pixels agree: palettes and CMYK become RGB, opaque alpha and
    the colour below full transparency do not count. An ICC profile counts by its effect, so that the
    same numbers in other colours differ. Of an animation only one frame is decoded, so its pixels
    are vouched for by ``file_checksum`` alone.
    """
    digest = hashlib.sha256()
    width, height = upright_size(*decoded.image.size, decoded.orientation)
    digest.update(f"doppel pixels 1\n{width} {height} {decoded.frames}\n".encode())
    digest.update(profile_effect(decoded.image, decoded.profile))
    if decoded.frames > 1:
        digest.update(file_checksum.encode())
    for strip in upright_strips(decoded.image, decoded.orientation):
        digest.update(_canonical(strip).tobytes())
    return digest.hexdigest()


def _canonical(strip: Image.Image) -> Image.Image:
    """RGB if the strip is opaque, else RGBA with black below full transparency."""
    if strip.mode == "RGB":
        return strip
    if strip.mode != "RGBA":
        return strip.convert("RGB")
    alpha = strip.getchannel("A")
    if alpha.getextrema() == _OPAQUE:
        return strip.convert("RGB")
    clean = Image.new("RGBA", strip.size, (0, 0, 0, 0))
    clean.paste(strip, mask=alpha.point([0] + [255] * 255))
    return clean
