"""Find how much of a damaged JPEG is picture, and how much is filler.

A decoder that runs out of data goes on with mid-grey (libjpeg-turbo, ``jdhuff.c``: blocks beyond the
data stay zero). Filler must be told from picture, or all damaged photographs look alike.
"""

from io import BytesIO

import numpy as np
from PIL import Image, ImageFile

from .limits import Header, Limits
from .refusals import Refusal, Refused

_GREY = (127, 128)
_PADDING_RUN = 16

# The decoder holds back up to two bands of blocks (8 rows by a sampling factor of at most 2) that it
# would finish on the end mark.
_HELD_BACK = 32


def ends_in_grey(image: Image.Image) -> bool:
    """Whether the last row ends in exactly the grey that a decoder leaves where data is missing."""
    width, height = image.size
    low_high = image.crop((max(0, width - 8), height - 1, width, height)).getextrema()
    pairs = low_high if isinstance(low_high[0], tuple) else (low_high,)
    return all(_GREY[0] <= low and high <= _GREY[1] for low, high in pairs)


def salvage(data: bytes, header: Header, limits: Limits) -> tuple[Image.Image, bool]:
    """Decode what is there of a JPEG; return the picture without filler rows, and whether it is damaged.

    Raises Refused(BROKEN) if fewer than ``limits.damaged_rows`` of the rows are there. A progressive
    file whose first pass is whole counts with all rows, though coarser towards its end.
    """
    if not header.sequential:
        return _all_rows(data, header), not header.complete
    image, rows = _decoded_rows(data, header)
    if header.complete and rows >= header.height - _HELD_BACK:
        return _all_rows(data, header), False
    if rows < header.height * limits.damaged_rows or rows < 1:
        raise Refused(Refusal.BROKEN, f"{rows} of {header.height} rows can be decoded")
    return image.crop((0, 0, header.width, rows)), True


def mirrored(image: Image.Image, missing: int) -> Image.Image:
    """The picture with its last ``missing`` rows once more, upside down, in place of the lost ones.

    So a damaged copy keeps its geometry: cut off, it would be compared as a crop.
    """
    if not missing:
        return image
    width, rows = image.size
    whole = Image.new(image.mode, (width, rows + missing))
    whole.paste(image)
    tail = image.crop((0, max(0, rows - missing), width, rows))
    whole.paste(tail.transpose(Image.Transpose.FLIP_TOP_BOTTOM), (0, rows))
    return whole


def _all_rows(data: bytes, header: Header) -> Image.Image:
    """Decode a file of several scans, with an end mark put where it lacks one."""
    whole = data if header.complete else data + b"\xff\xd9"
    image = Image.open(BytesIO(whole), formats=["JPEG"])
    image.load()
    return image.copy()


def _decoded_rows(data: bytes, header: Header) -> tuple[Image.Image, int]:
    """Decode onto a marked canvas without the end mark; rows that keep the marks were never written.

    Without its end mark the decoder cannot take a cut for the end, so it stops instead of filling up.
    """
    opened = Image.open(BytesIO(data), formats=["JPEG"])
    assert isinstance(opened, ImageFile.ImageFile)
    tile = opened.tile[0]
    bands = len(opened.getbands())
    row = (np.arange(header.width * bands, dtype=np.uint32) * 151 + 7).astype(np.uint8)
    marks = np.broadcast_to(row, (header.height, row.size))
    canvas = Image.frombytes(opened.mode, opened.size, np.ascontiguousarray(marks))
    decoder = Image._getdecoder(opened.mode, tile.codec_name, tile.args, opened.decoderconfig)
    decoder.setimage(canvas.im, tile.extents)
    decoder.decode(_coded_data(data, header))
    written = np.asarray(canvas).reshape(header.height, -1) != row
    rows = np.flatnonzero(written.any(axis=1))
    return canvas, int(rows[-1]) + 1 if rows.size else 0


def _coded_data(data: bytes, header: Header) -> bytes:
    """The data up to its end mark; of a file without one, up to the zeros that a bad card left."""
    coded = data[: header.end]
    if header.complete:
        return coded
    stripped = coded.rstrip(b"\0")
    return stripped if len(coded) - len(stripped) >= _PADDING_RUN else coded
