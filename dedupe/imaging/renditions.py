"""Small, inert copies: two sizes for display, and views for comparing."""

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


class RenditionKind(StrEnum):
    """What a rendition is for. The views are for comparing: the site shows none of them."""

    LARGE = "large"
    SMALL = "small"
    VIEW = "view"
    VIEW_BLACK = "view_black"
    VIEW_FRAME1 = "view_frame1"
    VIEW_FRAME2 = "view_frame2"
    VIEW_FRAME3 = "view_frame3"

    @property
    def longest(self) -> int:
        """Bound of the longest side in pixels, inclusive."""
        return {RenditionKind.LARGE: 1200, RenditionKind.SMALL: 400}.get(self, 480)

    @property
    def is_view(self) -> bool:
        """Whether it is for comparing alone."""
        return self not in {RenditionKind.LARGE, RenditionKind.SMALL}


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
    scale = longest / max(picture.size)
    if scale >= 1:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    # For a reduction nearly as sharp as Lanczos, at a third of the work.
    return picture.resize(size, Image.Resampling.HAMMING)


def _encoded(picture: Image.Image, kind: RenditionKind, quality: int, halved_chroma: bool) -> Rendition:
    file = BytesIO()
    picture.info.clear()  # the JPEG writer would copy a comment from it
    picture.save(file, "JPEG", quality=quality, subsampling=2 if halved_chroma else 0)
    return Rendition(kind, picture.width, picture.height, Format.JPEG.mime, file.getvalue())
