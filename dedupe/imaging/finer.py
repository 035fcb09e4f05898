"""Renditions that are made after the analysis, from the original: smaller files, and a copy as large as the picture.

They cost more time than somebody who waits for an upload should give, so ``analyse`` makes neither.
"""

from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from PIL import Image

from .colour import to_srgb
from .containers import inspect
from .decoding import Decoded, decode, refusing_errors
from .formats import Format
from .limits import Limits
from .orientation import upright
from .profiles import profile_name
from .refusals import Refusal, Refused
from .renditions import FULL_SIDE, MAX_FULL_BYTES, Rendition, RenditionKind, displayed_size, fitted_size

_LIMITS = Limits()
# As like its picture as the JPEG of quality 82, at two thirds of the bytes: python -m benchmarks.renditions
_AVIF: dict[str, Any] = {"quality": 68, "speed": 10, "max_threads": 1}
_FULL_QUALITIES = (88, 75, 60)
# Lanczos over a box reduction to 1.5 times the size or more: half of the work, and next to the same (SSIM 0.998).
_GAP = 1.5


@dataclass(frozen=True)
class Finer:
    """Renditions, and the ``profile_name`` of the file that they were made from."""

    renditions: tuple[Rendition, ...]
    profile: str


def avif_renditions(data: bytes, limits: Limits = _LIMITS) -> Finer:
    """Both sizes for display as AVIF, large before small, in the pixels of those of ``analyse``. Raises Refused."""
    with refusing_errors():
        decoded = _decoded(data, limits)
        profile, halved = profile_name(decoded.profile, decoded.says_srgb), decoded.quality is not None
        picture = _resampled(decoded, displayed_size(decoded.image.size, RenditionKind.LARGE.longest))
        large = _avif(picture, RenditionKind.LARGE_AVIF, halved)
        small_size = fitted_size(picture.size, RenditionKind.SMALL.longest)
        if small_size == picture.size:
            return Finer((large, replace(large, kind=RenditionKind.SMALL_AVIF)), profile)
        reduced = picture.resize(small_size, Image.Resampling.LANCZOS)
        return Finer((large, _avif(reduced, RenditionKind.SMALL_AVIF, halved)), profile)


def full_rendition(data: bytes, limits: Limits = _LIMITS) -> Finer:
    """A JPEG of all pixels, up to 6000 on the longest side. Raises Refused, also where it would be too large a file."""
    with refusing_errors():
        decoded = _decoded(data, limits)
        picture = _resampled(decoded, displayed_size(decoded.image.size, FULL_SIDE))
        made = _full(picture, halved_chroma=decoded.quality is not None)
        return Finer((made,), profile_name(decoded.profile, decoded.says_srgb))


def _decoded(data: bytes, limits: Limits) -> Decoded:
    return decode(data, inspect(data, limits), limits)


def _resampled(decoded: Decoded, size: tuple[int, int]) -> Image.Image:
    """The picture upright in sRGB over white; ``size`` is that of the picture as it is stored, before it is turned."""
    image = decoded.image
    if size != image.size:
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=_GAP)
    return upright(to_srgb(image, decoded.profile), decoded.orientation)


def _avif(picture: Image.Image, kind: RenditionKind, halved_chroma: bool) -> Rendition:
    file = BytesIO()
    picture.save(file, "AVIF", subsampling="4:2:0" if halved_chroma else "4:4:4", **_AVIF)
    return Rendition(kind, picture.width, picture.height, Format.AVIF.mime, file.getvalue())


def _full(picture: Image.Image, halved_chroma: bool) -> Rendition:
    for quality in _FULL_QUALITIES:
        file = BytesIO()
        picture.save(file, "JPEG", quality=quality, subsampling=2 if halved_chroma else 0)
        if file.tell() <= MAX_FULL_BYTES:
            mime = Format.JPEG.mime
            return Rendition(RenditionKind.FULL, picture.width, picture.height, mime, file.getvalue())
    raise Refused(Refusal.TOO_MANY_BYTES, "its full-size copy would be too large")
