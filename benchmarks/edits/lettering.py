"""Edits that write: watermarks, meme text, caption bars. The font is the one that Pillow brings."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

_WORDS = tuple(
    """
    when the whole team finally sees why nobody ever wrote that down before friday evening comes again
    and then my cat says look at this one more time please it was never about the garden anyway
    """.split()  # noqa: SIM905  a text is read more easily than a list
)
_MARKS = ("© example.org", "PREVIEW", "stock picture", "@somebody", "SAMPLE")
_SMALLEST = 8


def words(rng: np.random.Generator, count: int) -> str:
    """Some words that mean little together."""
    return " ".join(_WORDS[int(index)] for index in rng.integers(0, len(_WORDS), count))


def _font(size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(max(_SMALLEST, round(size)))
    assert isinstance(font, ImageFont.FreeTypeFont), "Pillow was built without FreeType"
    return font


def fitting_font(text: str, size: float, width: float) -> ImageFont.FreeTypeFont:
    """The font at ``size`` pixels, or smaller so that the widest line of ``text`` keeps within ``width``."""
    font = _font(size)
    widest = max(font.getlength(line) for line in text.splitlines())
    return font if widest <= width else _font(size * width / widest)


def _mark(text: str, size: float, width: float, opacity: float) -> Image.Image:
    """White text with a thin dark edge on transparency, cut to its size."""
    font = fitting_font(text, size, width)
    edge = max(1, round(font.size / 30))
    left, top, right, bottom = font.getbbox(text, stroke_width=edge)
    mark = Image.new("RGBA", (round(right - left) + 2, round(bottom - top) + 2), (255, 255, 255, 0))
    alpha = round(255 * opacity)
    ImageDraw.Draw(mark).text(
        (1 - left, 1 - top),
        text,
        font=font,
        fill=(255, 255, 255, alpha),
        stroke_width=edge,
        stroke_fill=(0, 0, 0, alpha),
    )
    return mark


def small_watermark(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Half-transparent text a sixteenth of the height tall, in a random corner."""
    text = _MARKS[int(rng.integers(len(_MARKS)))]
    mark = _mark(text, image.height / 16, image.width * 0.4, 0.55)
    margin = round(min(image.size) * 0.02)
    left = (margin, image.width - mark.width - margin)[int(rng.integers(2))]
    top = (margin, image.height - mark.height - margin)[int(rng.integers(2))]
    marked = image.copy()
    marked.paste(mark, (left, top), mark)
    return marked


def large_watermark(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Half-transparent text across the middle, over most of the width, slightly turned."""
    text = _MARKS[int(rng.integers(len(_MARKS)))]
    mark = _mark(text, image.height / 3, image.width * 0.8, 0.45)
    mark = mark.rotate(float(rng.uniform(10, 25)), Image.Resampling.BICUBIC, expand=True)
    marked = image.copy()
    marked.paste(mark, ((image.width - mark.width) // 2, (image.height - mark.height) // 2), mark)
    return marked


def meme_text(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """White capitals with a black outline over the top and the bottom of the picture."""
    written = image.copy()
    draw = ImageDraw.Draw(written)
    for anchor, y in (("ma", image.height * 0.03), ("md", image.height * 0.97)):
        text = words(rng, int(rng.integers(3, 6))).upper()
        font = fitting_font(text, image.height / 9, image.width * 0.94)
        edge = max(1, round(font.size / 12))
        place = (image.width / 2, y)
        draw.text(
            place, text, "white", font, anchor=anchor, stroke_width=edge, stroke_fill="black"
        )  # fmt: skip
    return written


def caption_bar(image: Image.Image, rng: np.random.Generator, share: float) -> Image.Image:
    """A white bar above the picture, ``share`` of its height tall, with two lines of black text."""
    bar = round(image.height * share)
    captioned = Image.new("RGB", (image.width, image.height + bar), "white")
    captioned.paste(image, (0, bar))
    text = "\n".join(words(rng, int(rng.integers(4, 8))) for _ in range(2))
    font = fitting_font(text, bar / 3, image.width * 0.92)
    ImageDraw.Draw(captioned).multiline_text(
        (image.width * 0.04, bar / 2), text, "black", font, anchor="lm"
    )  # fmt: skip
    return captioned
