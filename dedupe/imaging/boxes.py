"""Where a part lies within its picture."""

from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle as shares of width and height, 0–1, with left < right and top < bottom."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Share of the width, above 0 and at most 1."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Share of the height, above 0 and at most 1."""
        return self.bottom - self.top


WHOLE = Box(0.0, 0.0, 1.0, 1.0)
