"""Views: as files, as pixels, and as the words by which a picture is found in parts of it."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from .features import Features, extract
from .renditions import MAX_VIEW_BYTES, RenditionKind
from .verification import View
from .words import WordPoints, mirrored, quantise

Bytes = npt.NDArray[np.uint8]

_TRAILER = struct.Struct("!I4s")
_MARK = b"FEAT"


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


class FiledView(View):
    """A view as it is stored; its pixels are decoded when they are first needed, its features come with it."""

    def __init__(self, file: ViewFile) -> None:
        self.name, self._file = file.kind.value, file

    @cached_property
    def rgb(self) -> Bytes:  # type: ignore[override]
        return open_view(self._file)

    @cached_property
    def features(self) -> Features:
        packed = _packed_features(self._file.data)
        return extract(self.rgb) if packed is None else Features.from_bytes(packed)


def with_features(file: ViewFile) -> ViewFile:
    """A view with the features of its stored pixels behind the JPEG, where decoders do not look.

    They are looked for in every search that meets the picture; extracting them takes longer than all the rest.
    """
    packed = extract(open_view(file)).to_bytes()
    return ViewFile(file.kind, file.data + packed + _TRAILER.pack(len(packed), _MARK))


def _packed_features(data: bytes) -> bytes | None:
    """What stands behind the JPEG, or None in a view without. Raises ValueError if it is damaged."""
    if len(data) < _TRAILER.size or data[-len(_MARK) :] != _MARK:
        return None
    size, _ = _TRAILER.unpack(data[-_TRAILER.size :])
    end = len(data) - _TRAILER.size
    if size > end:
        raise ValueError("the features of a view are cut off")
    return data[end - size : end]


def words_of(features: Features) -> ViewWords:
    """The words of a view's features."""
    return ViewWords(quantise(features), quantise(mirrored(features)))
