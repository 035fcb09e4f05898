"""Pages of programs, and comics, drawn in code: what has writing on a plain ground."""

import numpy as np
from PIL import Image, ImageDraw

from tests import pictures as p

ROWS = ("Harbour", "Lantern", "Meadow", "Quarry", "Saddle", "Timber")


def dialog(
    typed: str, title: str = "Create a new document", size: tuple[int, int] = (480, 360)
) -> Image.Image:
    """A form with three fields, the first filled in."""
    image = p.flat("white", size)
    pen = ImageDraw.Draw(image)
    pen.text((24, 16), title, "#202428", font_size=26)
    for row, label in enumerate(("Name", "Kind of document", "Folder")):
        pen.text((24, 74 + 66 * row), label, "#404448", font_size=15)
        pen.rectangle((24, 96 + 66 * row, 456, 126 + 66 * row), outline="#a0a4a8")
    pen.text((34, 100), typed, "#101418", font_size=18)
    pen.rounded_rectangle((356, 306, 456, 340), 6, fill="#1c5c38")
    pen.text((384, 312), "Save", "white", font_size=18)
    return image


def table(
    rows: tuple[str, ...] = ROWS, pointed: int = 1, ground: str = "white", ink: str = "#202428"
) -> Image.Image:
    """A list with a rule under each row, and an arrow that points at one."""
    image = p.flat(ground, (480, 360))
    pen = ImageDraw.Draw(image)
    for number, row in enumerate(rows):
        top = 20 + 52 * number
        pen.text((24, top), row, ink, font_size=20)
        pen.text((250, top), f"{len(row) * 31} of them", ink, font_size=20)
        pen.line((24, top + 38, 456, top + 38), fill="#a0a4a8")
    middle = 32 + 52 * pointed
    pen.polygon(
        [(150, middle), (170, middle - 12), (170, middle - 5), (210, middle - 5), (210, middle + 5),
         (170, middle + 5), (170, middle + 12)],
        fill="#fc0",
    )  # fmt: skip
    return image


def comic(said: str, seed: int = 1) -> Image.Image:
    """Somebody drawn by hand in a frame, who says something."""
    image = p.flat("white", (480, 360))
    pen = ImageDraw.Draw(image)
    pen.rectangle((8, 8, 471, 351), outline="black", width=3)
    rng = np.random.default_rng(seed)
    for middle, size in ((240, 60), (310, 90)):
        turns = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        far = size * (0.5 + 0.08 * np.cumsum(rng.normal(0, 0.4, 40)).clip(-3, 3))
        outline = [
            (240 + d * np.cos(t), middle + 0.6 * d * np.sin(t)) for d, t in zip(far, turns, strict=True)
        ]
        pen.line([*outline, outline[0]], fill="black", width=3)
    for _ in range(12):
        x, y = rng.integers(30, 420), rng.integers(200, 330)
        pen.arc((x, y, x + 60, y + 50), *sorted(rng.integers(0, 360, 2).tolist()), fill="black", width=2)
    pen.ellipse((60, 30, 420, 150), outline="black", width=2)
    pen.text((240, 90), said, "black", font_size=20, anchor="mm", align="center")
    return image
