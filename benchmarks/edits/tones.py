"""Edits of tone, colour and sharpness: every pixel stays in its place."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter


def brighten(image: Image.Image, factor: float) -> Image.Image:
    """Multiply every channel."""
    return ImageEnhance.Brightness(image).enhance(factor)


def raise_contrast(image: Image.Image, factor: float) -> Image.Image:
    """Stretch the distance to the mean grey."""
    return ImageEnhance.Contrast(image).enhance(factor)


def bend(image: Image.Image, gamma: float) -> Image.Image:
    """Raise every channel, 0 to 1, to the power ``gamma``; below 1 lightens."""
    curve = [round(255 * (level / 255) ** gamma) for level in range(256)]
    return image.point(curve * 3)


def grey(image: Image.Image) -> Image.Image:
    """Take the colour away, Rec. 601."""
    return image.convert("L").convert("RGB")


def swap_red_and_blue(image: Image.Image) -> Image.Image:
    """Exchange the red and the blue channel."""
    red, green, blue = image.split()
    return Image.merge("RGB", (blue, green, red))


def blur(image: Image.Image, radius: float) -> Image.Image:
    """Gaussian blur; ``radius`` is the standard deviation in pixels."""
    return image.filter(ImageFilter.GaussianBlur(radius))


def add_noise(image: Image.Image, rng: np.random.Generator, sigma: float) -> Image.Image:
    """Add normal noise of ``sigma`` levels of 255 to each channel of each pixel."""
    noise = rng.standard_normal((image.height, image.width, 3), dtype=np.float32) * np.float32(sigma)
    levels = np.asarray(image, dtype=np.float32) + noise
    return Image.fromarray(np.clip(np.rint(levels), 0, 255).astype(np.uint8))
