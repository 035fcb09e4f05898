"""What an embedder is: the one interface behind which a further measure of likeness joins the search.

An embedder turns a picture into a short value, either bits or a vector, and says how far two such values lie
apart. Everything else (storing, indexing, searching, refilling) is the same for all and done elsewhere.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import StrEnum

import numpy as np
import numpy.typing as npt

View = npt.NDArray[np.uint8]
"""uint8[height, width, 3]: a picture upright, in sRGB over white, its longest side at most 480 pixels."""
Vector = npt.NDArray[np.float32]
"""float32[size], every number finite."""
Value = bytes | Vector
"""What an embedder makes of a picture: bytes if its kind is BITS, a vector if it is VECTOR."""


class EmbedderMisconfigured(Exception):
    """An embedder cannot be made as the settings say. The message is for the operator."""


class EmbedderFailed(Exception):
    """An embedder raised, or gave something other than it promises."""


class Kind(StrEnum):
    """What the values of an embedder are made of."""

    BITS = "bits"
    VECTOR = "vector"


class Embedder(ABC):
    """Turns a picture's view into a value, and two values into a distance.

    A subclass sets the attributes (on the class, or in ``__init__`` from its options) and writes ``embed``. One
    object serves a whole process, from several threads; it must not depend on what it saw before: the same view
    gives the same value in every process, for as long as ``version`` is the same.
    """

    name: str
    """Names the route ``embedding:<name>``: 1 to 32 small letters, digits and hyphens."""
    version: int
    """1 to 32767. Another version is another embedder: values of two versions are never compared."""
    kind: Kind
    size: int
    """Bits of a value, 64 to 65536 and a multiple of 8; or numbers of a vector, 2 to 4096."""
    ask_distance: float
    """A pair at this distance or nearer becomes a candidate (inclusive); 0 or more."""

    @abstractmethod
    def embed(self, rgb: View) -> Value | None:
        """The value of a view, or None when there is too little in it to compare, such as one colour only.

        Bits are ``size / 8`` bytes, a vector is float32[size]. Whatever this raises costs the picture this route
        alone: the upload goes on, and its check says that the route was not searched.
        """

    def distance(self, a: Value, b: Value) -> float:
        """How far two values lie apart: 0 for the same, larger for less alike, never negative.

        As it stands: the number of differing bits, 0 to ``size``; for vectors one minus the cosine of their
        angle, 0 to 2, and 1 when one of them is all zeros.
        """
        if isinstance(a, bytes) or isinstance(b, bytes):
            return float((int.from_bytes(bytes(a), "big") ^ int.from_bytes(bytes(b), "big")).bit_count())
        return cosine_distance(a, b)


def cosine_distance(a: Vector, b: Vector) -> float:
    """One minus the cosine of the angle between two vectors, 0 to 2; 1 when one of them is all zeros."""
    wide_a, wide_b = a.astype(np.float64), b.astype(np.float64)
    norms = float(np.linalg.norm(wide_a) * np.linalg.norm(wide_b))
    return max(0.0, 1.0 - float(wide_a @ wide_b) / norms) if norms else 1.0
