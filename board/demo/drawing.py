"""The brushes of the demo pictures: skies, ridges, glows, water. All of them are seeded, so that runs agree."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

Rgb = tuple[int, int, int]
Size = tuple[int, int]
Floats = npt.NDArray[np.float64]
Random = np.random.Generator


def rgb(name: str) -> Rgb:
    """A colour from its six hexadecimal digits."""
    return int(name[:2], 16), int(name[2:4], 16), int(name[4:], 16)


def mixed(first: Rgb, second: Rgb, share: float) -> Rgb:
    """A colour between two, ``share`` (0 to 1) of the way to the second."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def sky(size: Size, colours: Sequence[Rgb]) -> Image.Image:
    """A vertical run through the colours, from top to bottom."""
    width, height = size
    stops = np.linspace(0, 1, len(colours))
    down = np.linspace(0, 1, height)
    channels = [np.interp(down, stops, [colour[channel] for colour in colours]) for channel in range(3)]
    column = np.stack(channels, axis=-1)[:, None, :]
    return Image.fromarray(np.repeat(column, width, axis=1).astype(np.uint8), "RGB")


def ridge_line(random: Random, width: int, roughness: float) -> Floats:
    """Heights from −1 to 1 along a skyline: waves of falling size and random phase."""
    x = np.linspace(0, 1, width)
    line = np.zeros(width)
    for octave in range(1, 8):
        size = roughness ** (octave - 1)
        line += size * np.sin(
            2 * np.pi * (x * 2 ** (octave - 1) * random.uniform(0.6, 1.4) + random.uniform())
        )
    return line / max(1e-9, float(np.abs(line).max()))


def below(draw: ImageDraw.ImageDraw, line: Floats, size: Size, colour: Rgb) -> None:
    """Fill everything under a line that is given in pixels from the top."""
    width, height = size
    outline = [(float(x), float(y)) for x, y in enumerate(line)]
    draw.polygon([(0, height), *outline, (width, height)], fill=colour)


def glow(
    image: Image.Image, centre: tuple[float, float], radius: float, colour: Rgb, halo: float = 4
) -> None:
    """Paint a shining disc with a halo of ``halo`` radii around it."""
    x, y = centre
    light = Image.new("L", image.size)
    draw = ImageDraw.Draw(light)
    far = radius * halo
    draw.ellipse((x - far / 2, y - far / 2, x + far / 2, y + far / 2), fill=110)
    light = light.filter(ImageFilter.BoxBlur(far / 4)).filter(ImageFilter.BoxBlur(far / 4))
    ImageDraw.Draw(light).ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    image.paste(colour, (0, 0), light)


def veil(image: Image.Image, random: Random, strength: float = 6) -> Image.Image:
    """Fine grain over everything, as film has it."""
    pixels = np.asarray(image, dtype=np.float32)
    grain = random.standard_normal(pixels.shape[:2], dtype=np.float32)[:, :, None] * strength
    return Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8), "RGB")


def mirrored_water(image: Image.Image, horizon: int, tint: Rgb, random: Random) -> Image.Image:
    """Everything above ``horizon`` again below it, upside down, tinted and in ripples."""
    height = image.height
    pixels = np.asarray(image, dtype=np.float64).copy()
    depth = np.arange(height - horizon)
    source = np.clip(horizon - 1 - depth * horizon // max(1, height - horizon), 0, horizon - 1)
    shift = (np.sin(depth * 0.9 + random.uniform(0, 6)) * (1 + depth * 0.06)).astype(int)
    for row, (above, by) in enumerate(zip(source, shift, strict=True)):
        pixels[horizon + row] = np.roll(pixels[above], by, axis=0) * 0.62 + np.array(tint) * 0.38
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8), "RGB")
