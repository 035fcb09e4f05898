"""Small embedders for tests, good ones and bad ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image

from dedupe.embedding import Embedder, Kind, Value, View


class DifferenceHash(Embedder):
    """64 bits: is a field brighter than the one to its right?"""

    name, version, kind, size, ask_distance = "difference", 1, Kind.BITS, 64, 10.0

    def embed(self, rgb: View) -> Value | None:
        fields = np.asarray(Image.fromarray(rgb).convert("L").resize((9, 8), Image.Resampling.BOX), np.int16)
        return np.packbits(fields[:, :-1] > fields[:, 1:]).tobytes()


class Told(Embedder):
    """Gives, or raises, what a test tells it."""

    name, version, kind, size, ask_distance = "told", 1, Kind.VECTOR, 4, 0.1

    def __init__(self, **attributes: Any) -> None:
        self.answer: Any = np.ones(4, np.float32)
        self.gap: Any = None
        vars(self).update(attributes)

    def embed(self, rgb: View) -> Value | None:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer  # type: ignore[no-any-return]

    def distance(self, a: Value, b: Value) -> float:
        if isinstance(self.gap, Exception):
            raise self.gap
        return super().distance(a, b) if self.gap is None else self.gap


class Nameless(Embedder):
    """Forgets to say what it is."""

    def embed(self, rgb: View) -> Value | None:
        return None


class Raising(DifferenceHash):
    """Cannot be made."""

    def __init__(self) -> None:
        raise RuntimeError("no licence")


class NotAnEmbedder:
    """Has nothing to do with it."""
