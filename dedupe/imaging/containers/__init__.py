"""Read the headers of the formats, byte by byte, before any decoder sees them."""

from ..formats import Format
from ..limits import Header, Limits, check_bytes, check_size
from ..sniffing import sniff
from . import avif, gif, jpeg, png, webp

_READERS = {
    Format.JPEG: jpeg.read_header,
    Format.PNG: png.read_header,
    Format.GIF: gif.read_header,
    Format.WEBP: webp.read_header,
    Format.AVIF: avif.read_header,
}


def inspect(data: bytes, limits: Limits) -> Header:
    """Return the checked header of a picture file.

    Nothing is decoded; time grows with the bytes, memory does not. Raises Refused.
    """
    check_bytes(data, limits)
    header = _READERS[sniff(data)](data, limits)
    check_size(header, limits)
    return header
