"""What an edit leaves behind: the bytes of a file in a stated format."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

_QUALITIES = (85, 90)


@dataclass(frozen=True)
class EditedFile:
    """An edited picture as it would be uploaded."""

    data: bytes
    format: str
    """``JPEG`` or ``WEBP``, as Pillow names them."""


def saved(image: Image.Image, kind: str, **options: Any) -> EditedFile:
    """Save an RGB picture with the options of Pillow's writer."""
    file = BytesIO()
    image.save(file, kind, **options)
    return EditedFile(file.getvalue(), kind)


def saved_as_usual(image: Image.Image, rng: np.random.Generator) -> EditedFile:
    """Save as a JPEG of quality 85 to 90 (inclusive), as programs do unless they are told otherwise."""
    low, high = _QUALITIES
    return saved(image, "JPEG", quality=int(rng.integers(low, high + 1)))
