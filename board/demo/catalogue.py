"""The pictures of the demo: what each shows, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image

from board.demo import scenes
from board.demo.drawing import Size, rgb


@dataclass(frozen=True)
class Motif:
    """One picture: a scene with its seed, size and colours; and its words."""

    title: str
    tags: str
    scene: scenes.Scene
    seed: int
    size: Size
    palette: str

    def draw(self) -> Image.Image:
        """The picture, the same in every run."""
        return _drawn(self)


@cache
def _drawn(motif: Motif) -> Image.Image:
    colours = [rgb(name) for name in motif.palette.split()]
    return motif.scene(np.random.default_rng(motif.seed), motif.size, colours)


_WIDE, _TALL, _SQUARE, _SCREEN = (1200, 800), (800, 1200), (1000, 1000), (1280, 720)

MOTIFS = (
    Motif("Evening over the hills", "hills, evening, orange", scenes.hills, 1, _WIDE, "2b3a67 f4a261 ffe8b0 2a2140"),
    Motif("Morning mist", "hills, morning, green", scenes.hills, 12, _SCREEN, "a8d5e5 fdf6e3 ffffff 1d4d3a"),
    Motif("Red valley", "hills, desert, red", scenes.hills, 33, _TALL, "7a2e3a f2c28b fff3d6 3b0f16"),
    Motif("Snow at the lake", "mountains, lake, snow", scenes.mountains, 4, _WIDE, "5b8fc7 dcebf5 4a5568 f7fbff"),
    Motif("Pink summit", "mountains, lake, dawn", scenes.mountains, 25, _SCREEN, "51416e f3a6b2 3c3550 ffe3e0"),
    Motif("Dark range", "mountains, night", scenes.mountains, 36, _SQUARE, "0c1630 31507d 10131f 8fa8cc"),
    Motif("The city never sleeps", "city, night, windows", scenes.city, 7, _WIDE, "0b1030 3a2a5c 0a0a16 ffd98a"),
    Motif("Blue hour downtown", "city, evening, blue", scenes.city, 18, _TALL, "1d3f72 7fb2d9 14233d fff1c9"),
    Motif("Towers at dawn", "city, morning", scenes.city, 29, _SQUARE, "6b5b95 feb236 40304f fff7e0"),
    Motif("Sailing home", "sea, boat, sunset", scenes.sea, 10, _WIDE, "274060 f6bd60 1b4965 fbe3b3"),
    Motif("Green water", "sea, boat, summer", scenes.sea, 21, _SCREEN, "bfe6ee f2fbf9 1f7a6d eafff7"),
    Motif("Before the storm", "sea, boat, grey", scenes.sea, 32, _TALL, "3a4149 9aa5ad 2b3a42 d9e2e6"),
    Motif("Confetti", "abstract, circles", scenes.circles, 13, _SQUARE, "fbf3e4 e63946 457b9d f4a261 2a9d8f"),
    Motif("Night lamps", "abstract, circles, dark", scenes.circles, 24, _WIDE, "14142b ff6b6b ffd93d 6bcb77 4d96ff"),
    Motif("Soft bubbles", "abstract, circles, pastel", scenes.circles, 35, _TALL, "e3f2fd f8bbd0 c5e1a5 b39ddb ffe082"),
    Motif("Poppy field", "flowers, meadow, red", scenes.flowers, 16, _WIDE, "86b86b 2f5d34 d62828 f77f00"),
    Motif("Blue garden", "flowers, garden, blue", scenes.flowers, 27, _SQUARE, "cfe8cf 3d6b4f 4361ee 7209b7 f1f1ff"),
    Motif("Roses at night", "flowers, night, pink", scenes.flowers, 38, _SCREEN, "1a2a22 0c1510 ff5d8f ffc2d1"),
    Motif("Paths of tiles", "pattern, tiles, warm", scenes.tiles, 19, _SQUARE, "fdf0d5 c1121f 780000 003049"),
    Motif("Garden maze", "pattern, tiles, green", scenes.tiles, 30, _WIDE, "132a13 90a955 4f772d ecf39e"),
    Motif("Porcelain", "pattern, tiles, blue", scenes.tiles, 41, _SCREEN, "f5f9ff 1d4e89 7fa8d1 00296b"),
    Motif("Ringed world", "space, planet, orange", scenes.planet, 22, _WIDE, "10122b f3c98b a5522d e9d8a6"),
    Motif("Ice giant", "space, planet, blue", scenes.planet, 3, _SQUARE, "05101f bfe9ff 2a6f97 d9f3ff"),
    Motif("Green visitor", "space, planet, green", scenes.planet, 14, _TALL, "0d1b1e d8f3a2 386641 f2e8cf"),
)  # fmt: skip
