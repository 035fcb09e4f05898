"""Edits of size and shape: resizing, cutting, turning."""

from __future__ import annotations

import numpy as np
from PIL import Image

_LANCZOS = Image.Resampling.LANCZOS
_CORNERS = ("black", "white", "#808080")


def resize(image: Image.Image, factor: float) -> Image.Image:
    """Scale both sides; a side keeps at least 8 pixels."""
    return _to_size(image, image.width * factor, image.height * factor)


def squish(image: Image.Image, factor: float) -> Image.Image:
    """Divide the width by ``factor`` and leave the height."""
    return _to_size(image, image.width / factor, image.height)


def _to_size(image: Image.Image, width: float, height: float) -> Image.Image:
    return image.resize((max(8, round(width)), max(8, round(height))), _LANCZOS)


def crop(image: Image.Image, rng: np.random.Generator, share: float) -> Image.Image:
    """Shorten width and height each by ``share``, 0 to 1, at a random place."""
    width = max(8, round(image.width * (1 - share)))
    height = max(8, round(image.height * (1 - share)))
    left = int(rng.integers(0, max(image.width - width, 0) + 1))
    top = int(rng.integers(0, max(image.height - height, 0) + 1))
    return image.crop((left, top, left + width, top + height))


def mirror(image: Image.Image) -> Image.Image:
    """Exchange left and right."""
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def tilt(image: Image.Image, rng: np.random.Generator, degrees: float) -> Image.Image:
    """Rotate either way and fill the corners.

    As programs differ, the canvas grows to hold the whole picture or keeps its size: the dice decide.
    """
    angle = degrees * rng.choice((-1, 1))
    return image.rotate(
        angle,
        Image.Resampling.BICUBIC,
        expand=bool(rng.random() < 0.5),
        fillcolor=_CORNERS[int(rng.integers(len(_CORNERS)))],
    )


def turn(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """A quarter turn either way."""
    ways = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270)
    return image.transpose(ways[int(rng.integers(2))])


def turn_over(image: Image.Image) -> Image.Image:
    """Half a turn."""
    return image.transpose(Image.Transpose.ROTATE_180)
