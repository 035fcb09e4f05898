"""Turn pictures upright (EXIF 2.32, tag 0x0112)."""

from collections.abc import Iterator

from PIL import ExifTags, Image

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_MIRRORED_ACROSS = frozenset({2, 3, 6, 7})
_MIRRORED_DOWN = frozenset({3, 4, 7, 8})
_STRIP_ROWS = 256


def orientation_of(image: Image.Image) -> int:
    """EXIF orientation 1–8 of an opened picture; 1 where there is none or it is garbage."""
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # whatever Pillow makes of a hostile EXIF block, the picture stands
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """The picture as it is meant to be seen."""
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def upright_size(width: int, height: int, orientation: int) -> tuple[int, int]:
    """Width and height in pixels of the upright picture."""
    return (height, width) if orientation >= 5 else (width, height)


def upright_box(
    size: tuple[int, int], extent: tuple[float, float], orientation: int
) -> tuple[float, float, float, float]:
    """Where the picture lies in its upright raster (left, top, right, bottom; pixels).

    ``size`` and ``extent`` are those of the stored raster and of the picture in its upper left corner.
    """
    width, height = upright_size(*size, orientation)
    across, down = extent if orientation <= 4 else (extent[1], extent[0])
    left = width - across if orientation in _MIRRORED_ACROSS else 0.0
    top = height - down if orientation in _MIRRORED_DOWN else 0.0
    return left, top, left + across, top + down


def upright_strips(image: Image.Image, orientation: int) -> Iterator[Image.Image]:
    """Yield the upright picture from top to bottom in strips of at most 256 rows.

    Only one strip is held beside the picture, so that a large one is not doubled in memory.
    """
    width, height = image.size
    _, rows = upright_size(width, height, orientation)
    for top in range(0, rows, _STRIP_ROWS):
        bottom = min(top + _STRIP_ROWS, rows)
        yield upright(image.crop(_source_box(width, height, top, bottom, orientation)), orientation)


def _source_box(
    width: int, height: int, top: int, bottom: int, orientation: int
) -> tuple[int, int, int, int]:
    """Part of the stored picture that becomes rows top to bottom of the upright one."""
    if orientation <= 2:
        return 0, top, width, bottom
    if orientation <= 4:
        return 0, height - bottom, width, height - top
    if orientation <= 6:
        return top, 0, bottom, height
    return width - bottom, 0, width - top, height
