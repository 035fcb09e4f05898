"""The table of the edits, in the order in which they are reported."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVarTuple

import numpy as np
from PIL import Image

from benchmarks.edits import lettering, shapes, surroundings, tones
from benchmarks.edits.files import EditedFile, saved, saved_as_usual


class Kind(StrEnum):
    """What an edit touches."""

    ENCODING = "encoding"
    SIZE = "size"
    TONE = "tone"
    CROP = "crop"
    BORDER = "border"
    LETTERING = "lettering"
    TURN = "turn"
    SCENE = "scene"


_Amount = TypeVarTuple("_Amount")
_Alone = Callable[[Image.Image, *_Amount], Image.Image]
_Diced = Callable[[Image.Image, np.random.Generator, *_Amount], Image.Image]
_Make = Callable[[Image.Image, np.random.Generator, Image.Image], EditedFile]


@dataclass(frozen=True)
class Edit:
    """One edit: its name, its kind, and how it makes a file."""

    name: str
    kind: Kind
    make: _Make

    def apply(self, image: Image.Image, rng: np.random.Generator, background: Image.Image) -> EditedFile:
        """Edit an RGB picture. ``background`` is an unrelated RGB picture; picture in picture alone shows it."""
        return self.make(image, rng, background)


def dice(file: str, edit: str, seed: int = 0) -> np.random.Generator:
    """The generator for one file (by its name in the collection) and one edit."""
    digest = hashlib.sha256(f"{seed}\n{file}\n{edit}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def _encoding(kind: str, quality: int) -> _Make:
    return lambda image, rng, background: saved(image, kind, quality=quality)


def _alone(alter: _Alone[*_Amount], *amount: *_Amount) -> _Make:
    return lambda image, rng, background: saved_as_usual(alter(image, *amount), rng)


def _diced(alter: _Diced[*_Amount], *amount: *_Amount) -> _Make:
    return lambda image, rng, background: saved_as_usual(alter(image, rng, *amount), rng)


def _picture_in_picture(image: Image.Image, rng: np.random.Generator, background: Image.Image) -> EditedFile:
    return saved_as_usual(surroundings.picture_in_picture(image, rng, background), rng)


def _combined(image: Image.Image, rng: np.random.Generator, background: Image.Image) -> EditedFile:
    """A crop of 20 %, at 0.7 of its size, with meme text, as a JPEG of quality 60."""
    smaller = shapes.resize(shapes.crop(image, rng, 0.2), 0.7)
    return saved(lettering.meme_text(smaller, rng), "JPEG", quality=60)


_FAMILY = (
    Edit("JPEG 30", Kind.ENCODING, _encoding("JPEG", 30)),
    Edit("JPEG 10", Kind.ENCODING, _encoding("JPEG", 10)),
    Edit("WebP 50", Kind.ENCODING, _encoding("WEBP", 50)),
    Edit("resize ×0.5", Kind.SIZE, _alone(shapes.resize, 0.5)),
    Edit("resize ×0.2", Kind.SIZE, _alone(shapes.resize, 0.2)),
    Edit("squish 1.33", Kind.SIZE, _alone(shapes.squish, 1.33)),
    Edit("brightness 1.4", Kind.TONE, _alone(tones.brighten, 1.4)),
    Edit("contrast 1.6", Kind.TONE, _alone(tones.raise_contrast, 1.6)),
    Edit("gamma 0.5", Kind.TONE, _alone(tones.bend, 0.5)),
    Edit("greyscale", Kind.TONE, _alone(tones.grey)),
    Edit("channel swap", Kind.TONE, _alone(tones.swap_red_and_blue)),
    Edit("blur 2", Kind.TONE, _alone(tones.blur, 2)),
    Edit("noise 15", Kind.TONE, _diced(tones.add_noise, 15)),
    *(Edit(f"crop {share} %", Kind.CROP, _diced(shapes.crop, share / 100)) for share in (5, 10, 20, 30, 50)),
    Edit("letterbox", Kind.BORDER, _diced(surroundings.letterbox)),
    Edit("frame 4 %", Kind.BORDER, _diced(surroundings.frame, 0.04)),
    Edit("frame 10 %", Kind.BORDER, _diced(surroundings.frame, 0.10)),
    Edit("small watermark", Kind.LETTERING, _diced(lettering.small_watermark)),
    Edit("large watermark", Kind.LETTERING, _diced(lettering.large_watermark)),
    Edit("meme text", Kind.LETTERING, _diced(lettering.meme_text)),
    Edit("caption bar 22 %", Kind.LETTERING, _diced(lettering.caption_bar, 0.22)),
    Edit("mirror", Kind.TURN, _alone(shapes.mirror)),
    Edit("rotate 4°", Kind.TURN, _diced(shapes.tilt, 4)),
    Edit("rotate 15°", Kind.TURN, _diced(shapes.tilt, 15)),
    Edit("rotate 90°", Kind.TURN, _diced(shapes.turn)),
    Edit("rotate 180°", Kind.TURN, _alone(shapes.turn_over)),
    Edit("screenshot", Kind.SCENE, _diced(surroundings.screenshot)),
    Edit("picture in picture", Kind.SCENE, _picture_in_picture),
    Edit("combined", Kind.SCENE, _combined),
)  # fmt: skip

EDITS: Mapping[str, Edit] = MappingProxyType({edit.name: edit for edit in _FAMILY})
"""The 33 edits by name, in the order of reports."""
