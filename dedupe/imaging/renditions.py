"""Small, inert copies: two sizes for display, and views for comparing.

The two of an analysis are JPEG, as everything can show it and it is quickly written. The others are made afterwards:
the same two sizes as AVIF, and a copy as large as the picture, for looking closely (``finer``).
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from io import BytesIO

from PIL import Image

from .colour import WHITE, Colour, to_srgb
from .decoding import Decoded
from .formats import Format
from .orientation import upright

_DISPLAY_QUALITY, _VIEW_QUALITY = 82, 88
MAX_VIEW_BYTES = 1024 * 1024
"""Of one view; 480 × 480 pixels of noise take about half of it."""
MAX_RENDITION_BYTES = 8 * 1024 * 1024
"""Of one rendition for display."""
MAX_FULL_BYTES = 16 * 1024 * 1024
"""Of a full-size one."""
FULL_SIDE = 6000
"""Bound of the longest side of a full-size rendition: 24 megapixels at 3:2, which common cameras make."""


class RenditionKind(StrEnum):
    """What a rendition is for. The views are for comparing: the site shows none of them."""

    LARGE = "large"
    SMALL = "small"
    LARGE_AVIF = "large_avif"
    SMALL_AVIF = "small_avif"
    FULL = "full"
    VIEW = "view"
    VIEW_BLACK = "view_black"
    VIEW_FRAME1 = "view_frame1"
    VIEW_FRAME2 = "view_frame2"
    VIEW_FRAME3 = "view_frame3"

    @property
    def longest(self) -> int:
        """Bound of the longest side in pixels, inclusive."""
        return _LONGEST.get(self, 480)

    @property
    def is_view(self) -> bool:
        """Whether it is for comparing alone."""
        return self.value.startswith("view")

    @property
    def is_of_analysis(self) -> bool:
        """Whether ``analyse`` makes it; what it does not make comes later."""
        return self.is_view or self in {RenditionKind.LARGE, RenditionKind.SMALL}

    @property
    def encoding(self) -> Format:
        """What it is encoded as."""
        return Format.AVIF if self in AVIF_KINDS else Format.JPEG

    @property
    def max_bytes(self) -> int:
        """Bound of its file, inclusive."""
        if self is RenditionKind.FULL:
            return MAX_FULL_BYTES
        return MAX_VIEW_BYTES if self.is_view else MAX_RENDITION_BYTES


AVIF_KINDS = (RenditionKind.LARGE_AVIF, RenditionKind.SMALL_AVIF)
_LONGEST = {
    RenditionKind.LARGE: 1200,
    RenditionKind.LARGE_AVIF: 1200,
    RenditionKind.SMALL: 400,
    RenditionKind.SMALL_AVIF: 400,
    RenditionKind.FULL: FULL_SIDE,
}


@dataclass(frozen=True)
class Rendition:
    """A re-encoded copy: upright, sRGB, without metadata, never larger than its source.

    Everything is over white but VIEW_BLACK, which is made where pixels are not opaque. VIEW_FRAME1 to
    3 show later moments of an animation (``frames``). ``width`` and ``height`` in pixels; ``data`` are
    the bytes of a file of type ``mime``.
    """

    kind: RenditionKind
    width: int
    height: int
    mime: str
    data: bytes


def displayable(decoded: Decoded, ground: Colour = WHITE) -> Image.Image:
    """The picture upright in sRGB over ``ground``, its longest side at 1200 px or below.

    A box reduction by a whole factor comes before the colour conversion.
    """
    image = decoded.image
    factor = max(image.size) // RenditionKind.LARGE.longest
    if factor > 1:
        image = image.reduce(factor)
    picture = upright(to_srgb(image, decoded.profile, ground), decoded.orientation)
    return _fitted(picture, RenditionKind.LARGE.longest)


def fitted_size(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """Width and height of a picture of this size when its longest side is brought to ``longest`` or below."""
    scale = longest / max(size)
    return size if scale >= 1 else (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))


def displayed_size(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """Width and height of a large rendition of a picture of this size, to the pixel as ``displayable`` rounds."""
    factor = max(size) // longest
    if factor > 1:
        size = (-(-size[0] // factor), -(-size[1] // factor))
    return fitted_size(size, longest)


def render(picture: Image.Image, halved_chroma: bool) -> tuple[Rendition, Rendition]:
    """The two renditions for display, large before small, of a ``displayable`` picture.

    A picture without a JPEG past has hard edges of colour, which halved chroma would blur.
    """
    large = _encoded(picture, RenditionKind.LARGE, _DISPLAY_QUALITY, halved_chroma)
    if max(large.width, large.height) <= RenditionKind.SMALL.longest:
        return large, replace(large, kind=RenditionKind.SMALL)
    small = _fitted(picture, RenditionKind.SMALL.longest)
    return large, _encoded(small, RenditionKind.SMALL, _DISPLAY_QUALITY, halved_chroma)


def view(picture: Image.Image) -> Image.Image:
    """A ``displayable`` picture with its longest side at 480 px or below, for comparing."""
    return _fitted(picture, RenditionKind.VIEW.longest)


def encoded_view(picture: Image.Image, kind: RenditionKind) -> Rendition:
    """A ``view`` as JPEG of quality 88 with full chroma, which leaves a level or two of noise."""
    return _encoded(picture, kind, _VIEW_QUALITY, halved_chroma=False)


def _fitted(picture: Image.Image, longest: int) -> Image.Image:
    size = fitted_size(picture.size, longest)
    # For a reduction nearly as sharp as Lanczos, at a third of the work.
    return picture if size == picture.size else picture.resize(size, Image.Resampling.HAMMING)


def _encoded(picture: Image.Image, kind: RenditionKind, quality: int, halved_chroma: bool) -> Rendition:
    file = BytesIO()
    picture.info.clear()  # the JPEG writer would copy a comment from it
    picture.save(file, "JPEG", quality=quality, subsampling=2 if halved_chroma else 0)
    return Rendition(kind, picture.width, picture.height, Format.JPEG.mime, file.getvalue())
