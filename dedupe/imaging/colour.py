"""Bring any colour mode and profile to sRGB, over white or over black."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageCms

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)

_PROFILE_SPACES = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK"}
_MAX_PROFILE_BYTES = 4 * 1024 * 1024


def plain(image: Image.Image) -> Image.Image:
    """The picture in mode L, RGB, RGBX, RGBA or CMYK with 8 bits a channel.

    Palettes are resolved, 16 bits keep their upper 8, transparent colours become alpha. A picture
    that is plain already is returned itself.
    """
    if image.mode in ("I;16", "I;16B", "I;16L", "I;16N"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode == "I":
        return Image.fromarray(np.clip(np.asarray(image) >> 8, 0, 255).astype(np.uint8))
    if image.mode in ("LA", "La", "PA", "RGBa") or image.has_transparency_data:
        return _without_opaque_alpha(image if image.mode == "RGBA" else image.convert("RGBA"))
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in ("L", "RGB", "RGBX", "CMYK") else image.convert("RGB")


def _without_opaque_alpha(image: Image.Image) -> Image.Image:
    """RGB if nothing shows through: means over alpha take several passes over a large picture."""
    return image.convert("RGB") if image.getchannel("A").getextrema() == (255, 255) else image


def to_srgb(image: Image.Image, profile: bytes | None, ground: Colour = WHITE) -> Image.Image:
    """A plain picture as sRGB in mode RGB, alpha flattened over ``ground``, without any metadata.

    ``profile`` is the embedded ICC profile; one that is garbage or does not fit the mode is ignored.
    The conversion is perceptual, by LittleCMS.
    """
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    colours = image.convert("RGB") if image.mode in ("RGBA", "RGBX") else image
    converted = _converted(colours, profile) or (colours if colours.mode == "RGB" else colours.convert("RGB"))
    if alpha:
        flat = Image.new("RGB", image.size, ground)
        flat.paste(converted, mask=alpha)
        converted = flat
    elif converted is image:
        converted = image.copy()
    converted.info.clear()
    return converted


def _converted(image: Image.Image, profile: bytes | None) -> Image.Image | None:
    """The picture converted by its profile; None if there is no usable one."""
    if not profile or len(profile) > _MAX_PROFILE_BYTES:
        return None
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if source.profile.xcolor_space.strip() != _PROFILE_SPACES[image.mode]:
            return None
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError, AttributeError):
        return None


def profile_effect(image: Image.Image, profile: bytes | None) -> bytes:
    """What the profile does to a fixed lattice of colours, as bytes; empty if next to nothing.

    Two embedded profiles with one effect count as one, and sRGB as none.
    """
    if not profile:
        return b""
    lattice = _lattice(image.mode)
    converted = _converted(lattice, profile)
    if converted is None:
        return b""
    after, before = converted.tobytes(), lattice.convert("RGB").tobytes()
    close = image.mode != "CMYK" and all(abs(a - b) <= 2 for a, b in zip(after, before, strict=True))
    return b"" if close else after


def _lattice(mode: str) -> Image.Image:
    """A strip of 64 colours, four levels of each of three channels."""
    levels = (0, 85, 170, 255)
    colours = bytes(part for r in levels for g in levels for b in levels for part in (r, g, b))
    strip = Image.frombytes("RGB", (64, 1), colours)
    return strip.convert(mode if mode in _PROFILE_SPACES else "RGB")
