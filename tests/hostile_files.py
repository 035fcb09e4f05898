"""Files that must be refused, made in code: by name, the bytes and the refusal; and the row of docs/faults.md.

Most are headers alone. Nothing here is larger than some tens of megabytes.
"""

import zlib

from dedupe.imaging import Refusal
from tests import pictures as p


def text(kind: bytes, size: int) -> bytes:
    prefix = b"a\0\1\0\0\0" if kind == b"iTXt" else b"a\0\0"
    return p.chunk(kind, prefix + zlib.compress(bytes(size)))


JPEG = p.encoded(p.landscape(), "JPEG", quality=90)
PNG = p.encoded(p.landscape())

HEADERS = {
    "webp of 49 MP": (p.webp(7000, 7000), Refusal.TOO_MANY_PIXELS),
    "avif of 49 MP": (p.avif(7000, 7000), Refusal.TOO_MANY_PIXELS),
    "png of 3.6 GP": (p.png(60_000, 60_000), Refusal.SIDE_TOO_LONG),
    "png of 2**31": (p.png(2**31 - 1, 2**31 - 1), Refusal.SIDE_TOO_LONG),
    "png of 178 MP": (p.png(13_400, 13_300), Refusal.TOO_MANY_PIXELS),
    "strip": (p.png(1, 4_000_000), Refusal.SIDE_TOO_LONG),
    "zero width": (p.png(0, 5), Refusal.BROKEN),
    "gif pixels × frames": (p.gif(5000, 5000, 1000), Refusal.TOO_MANY_PIXELS),
    "gif frames": (p.gif(1, 1, 20_000), Refusal.TOO_MANY_FRAMES),
    "gif blocks": (p.gif(1, 1, 1)[:-1] + b"\x21\xfe\0" * 60_000, Refusal.TOO_MANY_CHUNKS),
    "webp pixels × frames": (p.webp(2000, 2000, 60), Refusal.TOO_MANY_PIXELS),
    "webp frames": (p.webp(1, 1, 3000), Refusal.TOO_MANY_FRAMES),
    "webp chunks": (p.webp(1, 1)[:30] + b"ABCD\0\0\0\0" * 60_000, Refusal.BROKEN),
    "avif frames": (p.avif(10, 10, 1_000_000), Refusal.TOO_MANY_FRAMES),
    "avif boxes": (p.avif(10, 10) + p.box(b"free", b"") * 60_000, Refusal.TOO_MANY_CHUNKS),
    "avif without size": (p.box(b"ftyp", b"avif\0\0\0\0avif"), Refusal.BROKEN),
    "webp without picture": (b"RIFF\4\0\0\0WEBP", Refusal.BROKEN),
    "webp header cut off": (b"RIFF\x0e\0\0\0WEBPVP8 \x0a\0\0\0\0\0", Refusal.BROKEN),
    "gif cut off": (b"GIF89a\1\0", Refusal.BROKEN),
    "gif without picture": (p.gif(5, 5, 0), Refusal.BROKEN),
    "apng frames": (
        p.png(9, 9, p.chunk(b"acTL", b"\0\0\xff\xff\0\0\0\0"), *[p.chunk(b"fcTL", bytes(26))] * 3000),
        Refusal.TOO_MANY_FRAMES,
    ),
    "scans": (p.many_scans(5000), Refusal.TOO_MANY_SCANS),
    "png chunks": (p.with_chunks(PNG, p.chunk(b"abCd") * 60_000), Refusal.TOO_MANY_CHUNKS),
    "zTXt bomb": (p.with_chunks(PNG, text(b"zTXt", 10**8)), Refusal.TOO_MUCH_METADATA),
    "iTXt bomb": (p.with_chunks(PNG, text(b"iTXt", 10**8)), Refusal.TOO_MUCH_METADATA),
    "iCCP bomb": (p.with_chunks(PNG, text(b"iCCP", 10**8)), Refusal.TOO_MUCH_METADATA),
    "many texts": (p.with_chunks(PNG, text(b"zTXt", 10**6) * 1000), Refusal.TOO_MUCH_METADATA),
    "plain text": (p.with_chunks(PNG, p.chunk(b"tEXt", bytes(17_000_000))), Refusal.TOO_MUCH_METADATA),
    "jpeg comments": (b"\xff\xd8" + (b"\xff\xfe\xff\xff" + bytes(65533)) * 300, Refusal.TOO_MUCH_METADATA),
    "jpeg segments": (b"\xff\xd8" + b"\xff\xc4\0\2" * 60_000, Refusal.TOO_MANY_CHUNKS),
    "jpeg without frame": (b"\xff\xd8\xff\xd9", Refusal.BROKEN),
    "jpeg without scan": (JPEG[: JPEG.index(b"\xff\xda")], Refusal.BROKEN),
    "jpeg with two frames": (
        b"\xff\xd8" + b"\xff\xc0\0\x0b\x08\0\1\0\1\1\1\x11\0" * 2 + b"\xff\xd9",
        Refusal.BROKEN,
    ),
    "arithmetic jpeg": (b"\xff\xd8\xff\xc9\0\x0b\x08\0\1\0\1\1\1\x11\0", Refusal.UNSUPPORTED_FORMAT),
    "png without header": (PNG[:8] + PNG[33:], Refusal.BROKEN),
    "png header of a wrong length": (PNG[:8] + p.chunk(b"IHDR", bytes(4)), Refusal.BROKEN),
    "png without pixels": (PNG[:33] + p.chunk(b"IEND"), Refusal.BROKEN),
    "png cut off": (PNG[:-2000], Refusal.BROKEN),
    "png without end": (PNG[:-12], Refusal.BROKEN),
    "png with a flipped bit": (
        PNG[:5000] + bytes([PNG[5000] ^ 4]) + PNG[5001:],
        Refusal.BROKEN,
    ),
    "webp cut off": (p.encoded(p.landscape(), "WEBP")[:-300], Refusal.BROKEN),
    "avif cut off": (p.encoded(p.landscape(), "AVIF")[:-300], Refusal.BROKEN),
    "gif cut off in its first frame": (p.encoded(p.landscape(), "GIF")[:2000], Refusal.BROKEN),
    "avif box too short": (p.avif(10, 10)[:32] + b"\0\0\0\4abcd", Refusal.BROKEN),
    "avif box of 64 bits": (
        p.avif(10, 10)[:24] + b"\0\0\0\1free" + (16).to_bytes(8, "big") + p.avif(9000, 9000)[24:],
        Refusal.TOO_MANY_PIXELS,
    ),
    "png text of garbage": (p.with_chunks(PNG[:-2000], p.chunk(b"zTXt", b"a\0\0xyz")), Refusal.BROKEN),
    "empty": (b"", Refusal.EMPTY),
    "prose": (b"what a lovely picture", Refusal.NOT_A_PICTURE),
}

OTHERS = {
    "BMP": b"BM" + bytes(20),
    "TIFF": b"II*\0" + bytes(20),
    "PSD": b"8BPS\0\1",
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0",
    "PDF": b"%PDF-1.7",
    "ICO": b"\0\0\1\0\1\0",
    "SVG": b'<?xml version="1.0"?>\n<!-- made -->\n<svg xmlns="http://www.w3.org/2000/svg">',
    "HTML": b"\n<!DOCTYPE html><script>",
    "XML": b"<?xml version='1.0'?><rss>",
    "HEIC": p.box(b"ftyp", b"heic\0\0\0\0mif1heic"),
    "MP4 video": p.box(b"ftyp", b"isom\0\0\0\0mp41"),
    "JPEG XL": b"\xff\x0a\0\0",
    "ZIP": b"PK\x03\x04....",
}

_INPUTS = {
    1: ("webp of 49 MP", "avif of 49 MP", "avif box of 64 bits"),
    2: ("scans",),
    3: ("png of 3.6 GP", "png of 2**31", "png of 178 MP"),
    4: ("strip",),
    5: (
        "gif pixels × frames", "gif frames", "webp pixels × frames", "webp frames", "avif frames", "apng frames",
    ),
    6: (
        "zTXt bomb", "iTXt bomb", "iCCP bomb", "many texts", "plain text", "png chunks", "gif blocks", "avif boxes",
        "jpeg comments", "jpeg segments",
    ),
    7: ("png cut off", "png without end", "webp cut off", "avif cut off", "gif cut off in its first frame"),
    8: ("png with a flipped bit", "empty", "zero width"),
}  # fmt: skip
ROWS = {name: f"input {number}" for number, names in _INPUTS.items() for name in names}
"""The row of those that stand in the list; the others are their neighbours."""
