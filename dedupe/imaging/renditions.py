"""Small, inert copies for display."""

from dataclasses import dataclass, replace
from enum import StrEnum
from io import BytesIO

from PIL import Image

from .colour import to_srgb
from .decoding import Decoded
from .formats import Format
from .orientation import upright

_QUALITY = 82


class RenditionKind(StrEnum):
    """Size class of a rendition."""

    LARGE = "large"
    SMALL = "small"

    @property
    def longest(self) -> int:
        """Bound of the longest side in pixels."""
        return 1200 if self is RenditionKind.LARGE else 400


@dataclass(frozen=True)
class Rendition:
    """A re-encoded copy: upright, sRGB, over white, without metadata, never larger than its source.

    ``width`` and ``height`` in pixels; ``data`` are the bytes of a file of type ``mime``.
    """

    kind: RenditionKind
    width: int
    height: int
    mime: str
    data: bytes


def render(decoded: Decoded) -> tuple[Rendition, ...]:
    """The renditions of a decoded picture, large before small, both from one reduction of it."""
    image = decoded.image
    factor = max(image.size) // RenditionKind.LARGE.longest
    if factor > 1:
        image = image.reduce(factor)
    picture = upright(to_srgb(image, decoded.profile), decoded.orientation)
    # A picture without a JPEG past has hard edges of colour, which halved chroma would blur.
    sharp = decoded.quality is None
    large = _encoded(_fitted(picture, RenditionKind.LARGE.longest), RenditionKind.LARGE, sharp)
    if max(large.width, large.height) <= RenditionKind.SMALL.longest:
        return large, replace(large, kind=RenditionKind.SMALL)
    return large, _encoded(_fitted(picture, RenditionKind.SMALL.longest), RenditionKind.SMALL, sharp)


def _fitted(picture: Image.Image, longest: int) -> Image.Image:
    scale = longest / max(picture.size)
    if scale >= 1:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _encoded(picture: Image.Image, kind: RenditionKind, sharp: bool) -> Rendition:
    file = BytesIO()
    picture.info.clear()  # the JPEG writer would copy a comment from it
    picture.save(file, "JPEG", quality=_QUALITY, subsampling=0 if sharp else 2)
    return Rendition(kind, picture.width, picture.height, Format.JPEG.mime, file.getvalue())
