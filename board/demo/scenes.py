"""The motifs of the demo pictures. A scene is a function of a random generator, a size and a palette."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image, ImageDraw

from board.demo.drawing import (
    Random,
    Rgb,
    Size,
    below,
    glow,
    mirrored_water,
    mixed,
    ridge_line,
    sky,
    veil,
)

Scene = Callable[[Random, Size, Sequence[Rgb]], Image.Image]


def hills(random: Random, size: Size, palette: Sequence[Rgb]) -> Image.Image:
    """Layers of hills under a low sun, paler with distance. Palette: sky above, sky below, sun, hills."""
    width, height = size
    above, low, sun, ground = palette
    image = sky(size, [above, low])
    glow(image, (random.uniform(0.1, 0.9) * width, random.uniform(0.15, 0.45) * height), 0.06 * height, sun)
    draw = ImageDraw.Draw(image)
    top = random.uniform(0.35, 0.55)
    for layer in range(6):
        share = layer / 5
        line = (top + (0.95 - top) * share + 0.12 * ridge_line(random, width, 0.5)) * height
        below(draw, line, size, mixed(mixed(low, ground, 0.35), ground, share))
    return veil(image, random)


def mountains(random: Random, size: Size, palette: Sequence[Rgb]) -> Image.Image:
    """A jagged range with snow over a lake. Palette: sky above, sky below, rock, snow."""
    width, height = size
    above, low, rock, snow = palette
    image = sky(size, [above, low])
    horizon = int(random.uniform(0.5, 0.75) * height)
    peaks = horizon * (0.62 - 0.36 * ridge_line(random, width, 0.62))
    draw = ImageDraw.Draw(image)
    below(draw, peaks, size, snow)
    below(draw, peaks + horizon * (0.10 + 0.05 * ridge_line(random, width, 0.8)), size, rock)
    below(
        draw, horizon * (0.92 - 0.06 * ridge_line(random, width, 0.7)), size, mixed(rock, (20, 40, 30), 0.6)
    )
    return veil(mirrored_water(image, horizon, mixed(low, rock, 0.4), random), random, 4)


def city(random: Random, size: Size, palette: Sequence[Rgb]) -> Image.Image:
    """Towers with lit windows at night. Palette: sky above, sky below, walls, light."""
    width, height = size
    above, low, walls, light = palette
    image = sky(size, [above, low])
    draw = ImageDraw.Draw(image)
    for x, y in random.uniform(0, 1, (180, 2)):
        draw.point(
            (x * width, y * height * 0.6), fill=mixed(above, (255, 255, 255), float(random.uniform(0.2, 1)))
        )
    glow(
        image, (random.uniform(0.1, 0.9) * width, random.uniform(0.1, 0.3) * height), 0.05 * height, light, 5
    )
    for row in range(3):
        _towers(draw, random, size, mixed(low, walls, (row + 1) / 3), light, 0.25 + 0.16 * row)
    return image


def _towers(
    draw: ImageDraw.ImageDraw, random: Random, size: Size, walls: Rgb, light: Rgb, top: float
) -> None:
    width, height = size
    x = -20.0
    while x < width:
        broad = float(random.uniform(0.05, 0.13)) * width
        roof = (top + float(random.uniform(0, 0.42))) * height
        draw.rectangle((x, roof, x + broad, height), fill=walls)
        step = 14
        for left in range(int(x) + 6, int(x + broad) - 8, step):
            for up in range(int(roof) + 8, height, step + 6):
                if random.uniform() < 0.35:
                    shade = mixed(walls, light, float(random.uniform(0.4, 1)))
                    draw.rectangle((left, up, left + 6, up + 9), fill=shade)
        x += broad + float(random.uniform(0, 0.02)) * width


def sea(random: Random, size: Size, palette: Sequence[Rgb]) -> Image.Image:
    """Waves to the horizon and a sail. Palette: sky above, sky below, water, foam."""
    width, height = size
    above, low, water, foam = palette
    horizon = random.uniform(0.3, 0.6)
    image = sky(size, [above, low, low])
    glow(image, (random.uniform(0.2, 0.8) * width, horizon * 0.6 * height), 0.07 * height, foam)
    draw = ImageDraw.Draw(image)
    for wave in range(26):
        share = wave / 25
        line = (horizon + (1 - horizon) * share**1.6) * height
        rise = (2 + 16 * share) * ridge_line(random, width, 0.6)
        below(draw, line + rise, size, mixed(mixed(water, foam, 0.55 * (wave % 2)), water, 0.4 + 0.3 * share))
    _sail(draw, float(random.uniform(0.15, 0.85)) * width, (horizon + 0.08) * height, 0.2 * height)
    return veil(image, random)


def _sail(draw: ImageDraw.ImageDraw, x: float, y: float, tall: float) -> None:
    draw.polygon([(x, y - tall), (x, y), (x + tall * 0.55, y)], fill=(250, 246, 236))
    draw.polygon([(x - 6, y - tall * 0.8), (x - 6, y), (x - tall * 0.3, y)], fill=(226, 92, 70))
    hull = [
        (x - tall * 0.4, y + 5),
        (x + tall * 0.6, y + 5),
        (x + tall * 0.4, y + tall * 0.18),
        (x - tall * 0.3, y + tall * 0.18),
    ]
    draw.polygon(hull, fill=(70, 42, 34))


def circles(random: Random, size: Size, palette: Sequence[Rgb]) -> Image.Image:
    """Overlapping translucent discs. Palette: paper, then the inks."""
    width, height = size
    image = Image.new("RGB", size, palette[0])
    for number in range(22):
        ink = palette[1 + number % (len(palette) - 1)]
        radius = float(random.uniform(0.05, 0.3)) * min(size)
        x, y = float(random.uniform()) * width, float(random.uniform()) * height
        side = int(2 * radius)
        mask = Image.new("L", (side, side))
        ImageDraw.Draw(mask).ellipse((0, 0, side - 1, side - 1), fill=170)
        image.paste(ink, (int(x - radius), int(y - radius)), mask)
    return image


def flowers(random: Random, size: Size, palette: Sequence[Rgb]) -> Image.Image:
    """Blossoms over a meadow. Palette: meadow above, meadow below, then the blossoms."""
    width, height = size
    image = sky(size, palette[:2])
    draw = ImageDraw.Draw(image)
    for x, y in random.uniform(0, 1, (900, 2)):
        length = 20 + 60 * y
        lean = float(random.uniform(-14, 14))
        shade = mixed(palette[1], (235, 255, 160), float(random.uniform(0, 0.4)))
        draw.line((x * width, y * height, x * width + lean, y * height - length), fill=shade, width=2)
    for number, y in enumerate(sorted(random.uniform(0.1, 1, 34))):
        petals = palette[2 + number % (len(palette) - 2)]
        _blossom(
            draw, random, (float(random.uniform()) * width, y * height), (0.02 + 0.075 * y) * height, petals
        )
    return image


def _blossom(
    draw: ImageDraw.ImageDraw, random: Random, centre: tuple[float, float], radius: float, colour: Rgb
) -> None:
    x, y = centre
    count = int(random.integers(5, 9))
    turn = float(random.uniform(0, 6))
    for petal in range(count):
        angle = turn + 2 * np.pi * petal / count
        left, top = x + np.cos(angle) * radius * 0.6, y + np.sin(angle) * radius * 0.6
        shade = mixed(colour, (255, 255, 255), 0.25 * (petal % 2))
        size = radius * 0.5
        draw.ellipse((left - size, top - size, left + size, top + size), fill=shade)
    draw.ellipse(
        (x - radius * 0.32, y - radius * 0.32, x + radius * 0.32, y + radius * 0.32), fill=(250, 205, 70)
    )


def tiles(random: Random, size: Size, palette: Sequence[Rgb]) -> Image.Image:
    """Quarter circles in tiles turned at random (after Truchet). Palette: ground, then the arcs."""
    width, height = size
    image = Image.new("RGB", size, palette[0])
    draw = ImageDraw.Draw(image)
    side = min(size) // 6
    for top in range(0, height, side):
        for left in range(0, width, side):
            colour = palette[1 + int(random.integers(len(palette) - 1))]
            corners = [(left, top), (left + side, top + side)]
            if random.uniform() < 0.5:
                corners = [(left + side, top), (left, top + side)]
            for x, y in corners:
                draw.arc(
                    (x - side * 0.7, y - side * 0.7, x + side * 0.7, y + side * 0.7),
                    0,
                    360,
                    colour,
                    side // 3,
                )
    return image


def planet(random: Random, size: Size, palette: Sequence[Rgb]) -> Image.Image:
    """A banded planet among stars. Palette: space, two bands, ring."""
    width, height = size
    space, light, dark, ring = palette
    image = sky(size, [mixed(space, (0, 0, 0), 0.4), space])
    draw = ImageDraw.Draw(image)
    for x, y, bright in random.uniform(0, 1, (420, 3)):
        radius = 0.4 + 1.6 * bright**6
        draw.ellipse(
            (x * width - radius, y * height - radius, x * width + radius, y * height + radius), fill="white"
        )
    radius = random.uniform(0.2, 0.36) * min(size)
    centre = random.uniform(0.3, 0.7) * width, random.uniform(0.35, 0.65) * height
    _globe(image, random, centre, radius, (light, dark))
    x, y = centre
    box = (x - radius * 1.7, y - radius * 0.35, x + radius * 1.7, y + radius * 0.35)
    draw.arc(box, -15, 195, fill=ring, width=max(4, int(radius * 0.09)))
    return veil(image, random, 3)


def _globe(
    image: Image.Image, random: Random, centre: tuple[float, float], radius: float, bands: tuple[Rgb, Rgb]
) -> None:
    side = int(radius * 2)
    waves = ridge_line(random, side, 0.75)[:, None]
    shares = (waves + 1) / 2
    colours = np.array(bands[0]) * (1 - shares) + np.array(bands[1]) * shares
    surface = np.repeat(colours[:, None, :], side, axis=1)
    across = np.linspace(-1, 1, side)
    shade = np.clip(1.05 - 0.75 * np.clip(across[None, :] * 0.8 + across[:, None] * 0.4, 0, 1), 0, 1)
    globe = Image.fromarray(np.clip(surface * shade[:, :, None], 0, 255).astype(np.uint8), "RGB")
    mask = Image.new("L", (side, side))
    ImageDraw.Draw(mask).ellipse((0, 0, side - 1, side - 1), fill=255)
    image.paste(globe, (int(centre[0] - radius), int(centre[1] - radius)), mask)
