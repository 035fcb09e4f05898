"""Edits that put something around a picture: bars, frames, another picture, an app on a screen."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from benchmarks.edits.lettering import fitting_font, words

_LANCZOS = Image.Resampling.LANCZOS
_SHAPES = (1.0, 4 / 3, 16 / 9, 9 / 16)
_PHONE = (720, 1480)
_WINDOW = (1280, 860)
_THEMES = (("#f6f7f9", "#ffffff", "#33363b", "#2f6fde"), ("#16181d", "#23262d", "#d7d9de", "#5b8def"))
"""Ground, bars, text and buttons: by day and by night."""


def letterbox(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Black bars that bring the picture to another usual shape, at least 15 % away from its own."""
    own = image.width / image.height
    others = [shape for shape in _SHAPES if abs(math.log(shape / own)) >= math.log(1.15)]
    shape = others[int(rng.integers(len(others)))]
    size = (max(image.width, round(image.height * shape)), max(image.height, round(image.width / shape)))
    boxed = Image.new("RGB", size)
    boxed.paste(image, ((size[0] - image.width) // 2, (size[1] - image.height) // 2))
    return boxed


def frame(image: Image.Image, rng: np.random.Generator, share: float) -> Image.Image:
    """A frame of one random colour; each side is ``share`` of the shorter side of the picture wide."""
    red, green, blue = (int(level) for level in rng.integers(0, 256, 3))
    return ImageOps.expand(image, max(1, round(min(image.size) * share)), (red, green, blue))


def picture_in_picture(image: Image.Image, rng: np.random.Generator, background: Image.Image) -> Image.Image:
    """The picture at half its width and height over another, which is cut to the size of the first."""
    whole = ImageOps.fit(background, image.size, _LANCZOS)
    inset = image.resize((max(8, image.width // 2), max(8, image.height // 2)), _LANCZOS)
    left = int(rng.integers(0, max(whole.width - inset.width, 0) + 1))
    top = int(rng.integers(0, max(whole.height - inset.height, 0) + 1))
    whole.paste(inset, (left, top))
    return whole


def screenshot(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """The picture as an app shows it: on a telephone, or in a window with a column of text beside it."""
    theme = _THEMES[int(rng.integers(2))]
    return _on_phone(image, rng, theme) if rng.random() < 0.5 else _in_window(image, rng, theme)


def _on_phone(image: Image.Image, rng: np.random.Generator, theme: tuple[str, ...]) -> Image.Image:
    """720 × 1480: clock, title bar, name, the picture over the whole width, buttons, comments."""
    _, _, ink, accent = theme
    width, height = _PHONE
    screen, draw = _barred(_PHONE, theme, 150)
    _write(draw, (28, 30), "12:41", 26, ink)
    _write(draw, (28, 95), words(rng, 2).title(), 36, ink)
    draw.ellipse((24, 170, 88, 234), accent)
    _write(draw, (108, 202), words(rng, 3), 28, ink)
    shown = ImageOps.contain(image, (width, 820), _LANCZOS)
    screen.paste(shown, ((width - shown.width) // 2, 256))
    below = 256 + shown.height + 30
    for number in range(3):
        draw.rounded_rectangle((28 + 120 * number, below, 120 + 120 * number, below + 56), 16, accent)
    _lines(draw, rng, (28, below + 110, width - 28, height - 20), ink)
    return screen


def _in_window(image: Image.Image, rng: np.random.Generator, theme: tuple[str, ...]) -> Image.Image:
    """1280 × 860: a title bar with three knobs, a tool bar, the picture, and a column of text."""
    _, _, ink, accent = theme
    width, height = _WINDOW
    screen, draw = _barred(_WINDOW, theme, 44)
    for number, colour in enumerate(("#ec6a5e", "#f4bf4f", "#61c554")):
        draw.ellipse((16 + 26 * number, 14, 32 + 26 * number, 30), colour)
    _write(draw, (width / 2 - 120, 22), words(rng, 3), 20, ink)
    for number in range(5):
        draw.rounded_rectangle((20 + 110 * number, 58, 118 + 110 * number, 90), 8, accent)
    shown = ImageOps.contain(image, (860, 720), _LANCZOS)
    screen.paste(shown, (20 + (860 - shown.width) // 2, 110 + (720 - shown.height) // 2))
    _lines(draw, rng, (910, 120, width - 20, height - 20), ink)
    return screen


def _barred(
    size: tuple[int, int], theme: tuple[str, ...], height: int
) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """An empty screen with a bar of this height in pixels across its top, and what draws on it."""
    ground, bar, _, _ = theme
    screen = Image.new("RGB", size, ground)
    draw = ImageDraw.Draw(screen)
    draw.rectangle((0, 0, size[0], height), bar)
    return screen, draw


def _write(draw: ImageDraw.ImageDraw, place: tuple[float, float], text: str, size: int, ink: str) -> None:
    draw.text(place, text, ink, fitting_font(text, size, 2000), anchor="lm")


def _lines(
    draw: ImageDraw.ImageDraw, rng: np.random.Generator, box: tuple[int, int, int, int], ink: str
) -> None:
    """Fill a box with lines of text."""
    left, top, right, bottom = box
    for y in range(top, bottom - 20, 42):
        text = words(rng, int(rng.integers(3, 7)))
        draw.text((left, y), text, ink, fitting_font(text, 24, right - left), anchor="lm")
