"""Tell what a file is from its first bytes (WHATWG MIME Sniffing § 6.1, and the formats' own words)."""

import re

from .formats import Format
from .refusals import Refusal, Refused

_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_CONTAINER_BRANDS = frozenset({b"mif1", b"msf1", b"miaf"})
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})

# Pictures and documents that people rename to .jpg: named in the refusal, never opened.
_OTHERS: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), name)
    for pattern, name in (
        (rb"BM.{12}", "BMP"),
        (rb"II\*\0|MM\0\*|II\+\0|MM\0\+", "TIFF"),
        (rb"8BPS", "PSD"),
        (rb"%!PS|\xc5\xd0\xd3\xc6", "EPS"),
        (rb"%PDF-", "PDF"),
        (rb"\0\0[\x01\x02]\0", "ICO"),
        (rb"\0\0\0\x0cJXL |\xff\x0a", "JPEG XL"),
        (rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51", "JPEG 2000"),
        (rb"\x1aE\xdf\xa3", "WebM or Matroska video"),
        (rb"qoif", "QOI"),
        (rb"PK\x03\x04", "ZIP"),
        (rb"\x1f\x8b", "GZIP"),
        (rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--.{0,500}?-->\s*)?(<!DOCTYPE svg[^>]*>\s*)?<svg", "SVG"),
        (rb"(\xef\xbb\xbf)?\s*<(!doctype html|html|head|body|script)", "HTML"),
        (rb"(\xef\xbb\xbf)?\s*<\?xml", "XML"),
    )
)


def sniff(data: bytes) -> Format:
    """Return the format that the leading bytes show.

    Raises Refused: EMPTY, UNSUPPORTED_FORMAT (detail names the other format) or NOT_A_PICTURE.
    """
    if not data:
        raise Refused(Refusal.EMPTY)
    if data.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Format.PNG
    if data.startswith((b"GIF87a", b"GIF89a")):
        return Format.GIF
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Format.WEBP
    if data[4:8] == b"ftyp":
        return _sniff_brands(data)
    raise _refusal_of(data[:4096])


def _sniff_brands(data: bytes) -> Format:
    """AVIF by the brands of its ftyp box (AV1 Image File Format § 6); HEIC and video are refused."""
    end = min(int.from_bytes(data[:4], "big"), 512, len(data))
    major = data[8:12]
    brands = {data[at : at + 4] for at in range(16, end - 3, 4)}
    if major in _AVIF_BRANDS or (major in _CONTAINER_BRANDS and brands & _AVIF_BRANDS):
        return Format.AVIF
    name = "HEIC" if major in _HEIF_BRANDS else "MP4 video"
    raise Refused(Refusal.UNSUPPORTED_FORMAT, name)


def _refusal_of(head: bytes) -> Refused:
    for pattern, name in _OTHERS:
        if pattern.match(head):
            return Refused(Refusal.UNSUPPORTED_FORMAT, name)
    return Refused(Refusal.NOT_A_PICTURE, f"starts with {head[:8].hex()}")
