"""Kinds of pictures, made in code: photographs, drawings, pages of text, emblems. A seed gives another of the kind."""

from functools import cache

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Floats = npt.NDArray[np.float64]
Colour = tuple[int, int, int]

_WORDS = tuple(
    """
    harbour lantern window copper meadow engine pencil orchard thunder marble captain velvet saddle
    bottle winter kettle feather quarry signal timber
    """.split()  # noqa: SIM905  a text is read more easily than a list
)


def photograph(seed: int = 1, width: int = 640, height: int = 480) -> Image.Image:
    """Hills under a cloudy sky with trees, houses and grain: structure at every scale, and none of it repeated."""
    return Image.frombytes("RGB", (width, height), _photograph(seed, width, height))


@cache
def _photograph(seed: int, width: int, height: int) -> bytes:
    rng = np.random.default_rng(seed)
    image = _sky(rng, width, height)
    draw = ImageDraw.Draw(image)
    ground = rng.uniform(30, 130, 3)
    for layer in range(4):
        line = height * (0.35 + 0.16 * layer) + _ridge(rng, width) * height * 0.12
        colour = _colour(ground * (0.6 + 0.2 * layer) + rng.uniform(-25, 25, 3))
        draw.polygon([(0, height), *enumerate(line.tolist()), (width, height)], fill=colour)
        for _ in range(18 * (layer + 1)):
            x = int(rng.integers(0, width))
            _standing_thing(draw, rng, x, float(line[x]), height * (0.03 + 0.03 * layer))
    pixels = np.asarray(image.filter(ImageFilter.GaussianBlur(0.6)), float)
    leaves = np.kron(rng.normal(0, 9, (height // 3 + 1, width // 3 + 1)), np.ones((3, 3)))[:height, :width]
    grain = rng.normal(0, 3, (height, width))
    return (
        np.clip(pixels + (leaves * _below_horizon(height) + grain)[..., None], 0, 255)
        .astype(np.uint8)
        .tobytes()
    )


def _below_horizon(height: int) -> Floats:
    return (np.arange(height) > height * 0.45).astype(float)[:, None]


def _sky(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    top, bottom = rng.uniform(60, 200, 3), rng.uniform(140, 250, 3)
    down = np.linspace(0, 1, height)[:, None, None]
    sky = top * (1 - down) + bottom * down + np.zeros((height, width, 1))
    for cells in (4, 8, 16, 32):
        grid = Image.fromarray(rng.uniform(0, 255, (cells, cells)).astype(np.uint8))
        clouds = np.asarray(grid.resize((width, height), Image.Resampling.BICUBIC), float) - 128
        sky += clouds[..., None] * (0.9 / cells**0.5)
    return Image.fromarray(np.clip(sky, 0, 255).astype(np.uint8))


def _ridge(rng: np.random.Generator, width: int) -> Floats:
    x = np.linspace(0, 1, width)
    waves = [
        0.55**n * np.sin(2 * np.pi * (x * 2**n * rng.uniform(0.6, 1.4) + rng.uniform())) for n in range(7)
    ]
    return np.asarray(sum(waves))


def _standing_thing(
    draw: ImageDraw.ImageDraw, rng: np.random.Generator, x: float, y: float, size: float
) -> None:
    size *= rng.uniform(0.6, 1.5)
    colour = _colour(rng.uniform(20, 220, 3))
    if rng.random() < 0.4:
        draw.rectangle((x - size / 2, y - size, x + size / 2, y), fill=colour)
        draw.polygon([(x - size * 0.6, y - size), (x, y - size * 1.5), (x + size * 0.6, y - size)], fill=0)
        draw.rectangle((x - size / 8, y - size * 0.7, x + size / 8, y - size * 0.4), fill=(240, 230, 120))
    elif rng.random() < 0.5:
        draw.rectangle((x - size / 16, y - size, x + size / 16, y), fill=(60, 40, 20))
        draw.ellipse((x - size / 2, y - size * 1.8, x + size / 2, y - size * 0.7), fill=colour)
    else:
        draw.polygon([(x - size / 3, y), (x, y - size * 2), (x + size / 3, y)], fill=colour)


def _colour(values: Floats) -> Colour:
    red, green, blue = (int(value) for value in np.clip(values, 0, 255))
    return red, green, blue


def drawing(seed: int = 1, width: int = 600, height: int = 480) -> Image.Image:
    """A panel of a comic: flat colours within black outlines."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", (width, height), _colour(rng.uniform(150, 250, 3)))
    draw = ImageDraw.Draw(image)
    for _ in range(28):
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        size = rng.uniform(0.04, 0.22) * height
        colour = _colour(rng.uniform(40, 255, 3))
        corners = int(rng.integers(3, 9))
        turns = np.sort(rng.uniform(0, 2 * np.pi, corners))
        reach = size * rng.uniform(0.5, 1.0, corners)
        points = [(x + r * np.cos(t), y + r * np.sin(t)) for r, t in zip(reach, turns, strict=True)]
        if corners > 6:
            draw.ellipse((x - size, y - size / 2, x + size, y + size / 2), fill=colour, outline=0, width=4)
        else:
            draw.polygon(points, fill=colour, outline=0, width=4)
    return image


def page(seed: int = 1, width: int = 640, height: int = 800, ink: Colour = (20, 20, 24)) -> Image.Image:
    """A page of text: dark lines of words on white."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(22)
    for y in range(30, height - 30, 34):
        line = " ".join(_WORDS[int(index)] for index in rng.integers(0, len(_WORDS), 7))
        draw.text((30, y), line, ink, font)
    return image


def emblem(seed: int = 1, size: int = 120) -> Image.Image:
    """A badge of a few shapes on transparency, to be put on grounds."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((2, 2, size - 3, size - 3), fill=_colour(rng.uniform(0, 255, 3)), outline="white", width=4)
    for _ in range(6):
        points = [tuple(rng.uniform(0.2, 0.8, 2) * size) for _ in range(int(rng.integers(3, 6)))]
        draw.polygon(points, fill=_colour(rng.uniform(0, 255, 3)), outline="black")
    return image


def with_emblem(ground: Image.Image, badge: Image.Image, left: int, top: int) -> Image.Image:
    """The ground with the badge on it."""
    copy = ground.copy()
    copy.paste(badge, (left, top), badge)
    return copy


def wordmark(letters: str, ground: Colour = (16, 24, 48), size: tuple[int, int] = (600, 400)) -> Image.Image:
    """White letters in the middle of a plain ground."""
    image = Image.new("RGB", size, ground)
    draw = ImageDraw.Draw(image)
    draw.text((size[0] / 2, size[1] / 2), letters, "white", ImageFont.load_default(96), anchor="mm")
    return image
