"""Decode one picture out of a checked file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from .colour import plain, to_srgb
from .damage import ends_in_grey, salvage
from .formats import Format
from .limits import Header, Limits, check_size
from .orientation import orientation_of, upright, upright_size
from .png_rows import without_rows
from .quality import jpeg_quality
from .rasters import opaque_image, reduced_png, still_raster
from .refusals import Refusal, Refused
from .webp_planes import FULL_RANGE, Planes, planes_of

_FRAMES_TRIED = 8
UNIFORM_RANGE = 8
"""Levels of 255 within which a frame counts as near-uniform."""
_DRAFT_SIDE = 192  # three times the side of the miniature
_REDUCED_SIDE = 256


@dataclass(frozen=True)
class Decoded:
    """One decoded picture, as stored (not yet upright).

    ``image`` is plain (mode L, RGB, RGBX, RGBA or CMYK); ``extent`` is its width and height in pixels,
    fractional where a reduced decode holds a part of a pixel at its edge; ``frames`` ≥ 1.
    ``missing_rows`` counts the rows that a damaged file has lost at its end; ``image`` is without them.
    ``says_srgb``: the file calls its colours sRGB without a profile. ``reduced_from``: width and height in
    pixels of what was reduced to ``image``.
    """

    image: Image.Image
    extent: tuple[float, float]
    orientation: int
    profile: bytes | None
    frames: int
    damaged: bool = False
    missing_rows: int = 0
    quality: int | None = None
    says_srgb: bool = False
    reduced_from: tuple[int, int] | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of the whole upright picture, not reduced, lost rows included."""
        width, height = self.reduced_from or self.image.size
        return upright_size(width, height + self.missing_rows, self.orientation)


@contextmanager
def refusing_errors() -> Iterator[None]:
    """Turn whatever a decoder raises into Refused: no malformed file may raise anything else."""
    try:
        yield
    except Refused:
        raise
    except MemoryError as error:
        raise Refused(Refusal.TOO_MUCH_MEMORY) from error
    except Exception as error:
        raise Refused(Refusal.BROKEN, f"{type(error).__name__}: {error}"[:200]) from error


def decode(data: bytes, header: Header, limits: Limits) -> Decoded:
    """Decode the picture at full size.

    Of an animation the first frame stands for the whole, unless it is near-uniform (a fade from
    black): then the first of the eight leading frames that is not. Raises Refused or what Pillow
    raises; call it within ``refusing_errors``.
    """
    if header.format is not Format.JPEG:
        return _decode_still(data, header, limits) or _decode_any(data, header, limits)
    opened = opened_file(data, header, limits)
    if header.complete:
        opened.load()
    if header.complete and not ends_in_grey(opened):
        return _described(opened, opened, 1)
    image, damaged = salvage(data, header, limits)
    missing = header.height - image.height
    return replace(_described(opened, image, 1), damaged=damaged, missing_rows=missing)


def _decode_still(data: bytes, header: Header, limits: Limits) -> Decoded | None:
    """The quick way, where there is one; Pillow is asked for the metadata alone."""
    image = still_raster(data, header)
    if image is None:
        return None
    described = without_rows(data) if header.format is Format.PNG else data
    return _described(opened_file(described, header, limits), image, 1)


def _decode_any(data: bytes, header: Header, limits: Limits) -> Decoded:
    opened = opened_file(data, header, limits)
    return _described(opened, _chosen_frame(opened), _frame_count(opened, header))


def decode_small(data: bytes, header: Header, limits: Limits) -> Decoded:
    """Decode just enough for a fingerprint: a JPEG at a small scale, a PNG strip by strip, the luma of a WebP.

    Other formats, and files with damage, are decoded in full.
    """
    if _has_draft(header):
        return _decode_draft(data, header, limits)
    if header.format is Format.PNG:
        return _decode_reduced(data, header, limits) or decode(data, header, limits)
    if (planes := _large_planes(data, header)) is not None:
        return _small_luma(planes, orientation_of(opened_file(data, header, limits)))
    return decode(data, header, limits)


def decode_with_small(data: bytes, header: Header, limits: Limits) -> tuple[Decoded, Decoded]:
    """What ``decode`` gives, and what a fingerprint is computed from: ``decode_small`` gives the same numbers.

    Only a JPEG is read twice for that.
    """
    if (planes := _large_planes(data, header)) is not None:
        whole = _described(opened_file(data, header, limits), opaque_image(planes.pixels()), 1)
        return whole, _small_luma(planes, whole.orientation)
    whole = decode(data, header, limits)
    return whole, decode_small(data, header, limits) if _has_draft(header) and not whole.damaged else whole


def reduction(extent: tuple[float, float]) -> int:
    """The whole number by which a picture of this width and height is first reduced for a fingerprint."""
    return max(1, int(min(extent)) // _REDUCED_SIDE)


def _decode_reduced(data: bytes, header: Header, limits: Limits) -> Decoded | None:
    """A PNG as ``miniature`` would reduce it; None for one to be turned before that, or to be left to Pillow."""
    size = (header.width, header.height)
    factor = reduction(size)
    if factor == 1:
        return None
    opened = opened_file(without_rows(data), header, limits)
    image = reduced_png(data, header, factor) if orientation_of(opened) == 1 else None
    if image is None:
        return None
    extent = (size[0] / factor, size[1] / factor)
    return replace(_described(opened, image, 1), extent=extent, reduced_from=size)


def _large_planes(data: bytes, header: Header) -> Planes | None:
    """Those of a WebP that has them, and is large enough to be reduced."""
    return planes_of(data, header) if reduction((header.width, header.height)) > 1 else None


def _small_luma(planes: Planes, orientation: int) -> Decoded:
    """The upright luma as ``miniature`` would reduce it; that of a fingerprint (Rec. 601), as in a JPEG."""
    height, width = planes.luma.shape
    size = upright_size(width, height, orientation)
    factor = reduction(size)
    image = upright(Image.fromarray(planes.luma), orientation).reduce(factor).point(FULL_RANGE)
    return Decoded(image, (size[0] / factor, size[1] / factor), 1, None, 1, reduced_from=size)


def _decode_draft(data: bytes, header: Header, limits: Limits) -> Decoded:
    """A JPEG at the smallest scale with both sides ≥ 192 px.

    libjpeg reduces by 2, 4 or 8 within the inverse transform (``scale_denom``), which is the mean
    of each block but for rounding. Its luma is that of a fingerprint (JFIF 1.02, Rec. 601), so the
    colours are left out, unless a profile gives them another meaning.
    """
    opened = opened_file(data, header, limits)
    mode = None if opened.info.get("icc_profile") else "L"
    drafted = opened.draft(mode, (_DRAFT_SIDE, _DRAFT_SIDE))
    opened.load()
    if ends_in_grey(opened):
        return decode(data, header, limits)
    described = _described(opened, opened, 1)
    extent = drafted[1][2:] if drafted else described.extent
    return replace(described, extent=extent, reduced_from=(header.width, header.height))


def _has_draft(header: Header) -> bool:
    large = min(header.width, header.height) >= 2 * _DRAFT_SIDE
    return header.format is Format.JPEG and header.complete and large


def opened_file(data: bytes, header: Header, limits: Limits) -> Image.Image:
    """Open with the one decoder that the bytes call for, and check again what it found."""
    image = Image.open(BytesIO(data), formats=[header.format.name])
    check_size(replace(header, width=image.width, height=image.height), limits)
    return image


def _frame_count(image: Image.Image, header: Header) -> int:
    return header.frames if header.format is Format.PNG else max(header.frames, getattr(image, "n_frames", 1))


def _chosen_frame(image: Image.Image) -> Image.Image:
    image.load()
    if not getattr(image, "is_animated", False):
        return image
    first = image.copy()
    if not _near_uniform(first):
        return first
    for number in range(1, min(_FRAMES_TRIED, getattr(image, "n_frames", 1))):
        image.seek(number)
        if not _near_uniform(image):
            return image.copy()
    return first


def _near_uniform(frame: Image.Image) -> bool:
    """Whether the luma of a frame, reduced to 64 × 64, stays within 8 of 255 levels."""
    small = plain(frame).resize((64, 64), Image.Resampling.BOX)
    low, high = to_srgb(small, None).convert("L").getextrema()
    return float(high) - float(low) <= UNIFORM_RANGE  # type: ignore[arg-type]


def _described(opened: Image.Image, image: Image.Image, frames: int) -> Decoded:
    ready = plain(image)
    profile = opened.info.get("icc_profile")
    return Decoded(
        image=ready,
        extent=ready.size,
        orientation=orientation_of(opened),
        profile=profile if isinstance(profile, bytes) else None,
        frames=frames,
        quality=jpeg_quality(opened.quantization) if isinstance(opened, JpegImageFile) else None,
        says_srgb="srgb" in opened.info,
    )
