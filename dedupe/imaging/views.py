"""Views: as files, as pixels, and as the words by which a picture is found in parts of it."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from .features import extract
from .renditions import MAX_VIEW_BYTES, RenditionKind
from .words import WordPoints, mirrored, quantise

Bytes = npt.NDArray[np.uint8]


class ViewFile(NamedTuple):
    """A view as it is stored: its kind, and the bytes of a JPEG file."""

    kind: RenditionKind
    data: bytes


def open_view(file: ViewFile) -> Bytes:
    """The pixels of a view, uint8[h, w, 3]. Raises ValueError or OSError if it is not a view of ours."""
    if not file.kind.is_view or len(file.data) > MAX_VIEW_BYTES:
        raise ValueError("not a view")
    with Image.open(BytesIO(file.data), formats=["JPEG"]) as image:
        if max(image.size) > file.kind.longest or image.mode != "RGB":
            raise ValueError("not a view")
        return np.asarray(image)


@dataclass(frozen=True)
class ViewWords:
    """The words of a view, and those that its mirror image has; up to ``features.MOST_POINTS`` each."""

    plain: WordPoints
    mirrored: WordPoints


def words_of(rgb: Bytes) -> ViewWords:
    """The words of a view, uint8[h, w, 3]."""
    features = extract(rgb)
    return ViewWords(quantise(features), quantise(mirrored(features)))
