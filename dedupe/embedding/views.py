"""A view from the bytes of a rendition."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from dedupe.imaging import RenditionKind

from .interface import View

LONGEST = RenditionKind.VIEW.longest
"""Pixels of a view's longest side at most."""


def read_view(rendition: bytes) -> View:
    """The view in a JPEG that this app made itself: uint8[h, w, 3], made smaller if it is larger than a view.

    Not for the bytes of an upload, which are decoded in the jail alone. Raises OSError when it is no picture.
    """
    with Image.open(BytesIO(rendition), formats=["JPEG"]) as opened:
        picture = opened.convert("RGB")
    scale = LONGEST / max(picture.size)
    if scale < 1:
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    return np.asarray(picture)
