"""Pictures made in code, the same in every run. No file of anybody else is needed."""

import struct
import zlib
from functools import cache
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms, ImageDraw

Array = npt.NDArray[np.uint8]
EXIF_ORIENTATION = 0x0112


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """The bytes of a file."""
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@cache
def _landscape(seed: int, width: int, height: int) -> bytes:
    rng = np.random.default_rng(seed)
    total = np.zeros((height, width, 3))
    for cells in (3, 5, 9, 17, 33, 65):
        grid = rng.uniform(0, 255, (cells, cells, 3)).astype(np.uint8)
        layer = Image.fromarray(grid).resize((width, height), Image.Resampling.BICUBIC)
        total += np.asarray(layer, dtype=float) / cells**0.5
    total -= total.min()
    return bytes((total * (255 / total.max())).astype(np.uint8).tobytes())


def landscape(seed: int = 1, width: int = 600, height: int = 400) -> Image.Image:
    """A photograph-like picture: noise at six scales, strong below and weak above, in colour."""
    return Image.frombytes("RGB", (width, height), _landscape(seed, width, height))


def logo(seed: int = 1, size: int = 400) -> Image.Image:
    """A flat emblem of a few shapes on white."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", (size, size), "white")
    draw = ImageDraw.Draw(image)
    for _ in range(4):
        x, y = rng.integers(size // 8, size // 2, 2)
        w, h = rng.integers(size // 8, size // 3, 2)
        colour = tuple(int(c) for c in rng.integers(0, 200, 3))
        (draw.ellipse if rng.random() < 0.5 else draw.rectangle)((x, y, x + w, y + h), fill=colour)
    return image


def flat(colour: Any = "white", size: tuple[int, int] = (300, 200)) -> Image.Image:
    """One colour."""
    return Image.new("RGB", size, colour)


def gradient(size: tuple[int, int] = (300, 200)) -> Image.Image:
    """Black to white from top to bottom."""
    return Image.linear_gradient("L").resize(size).convert("RGB")


def dot(size: int = 400) -> Image.Image:
    """White with a small black spot."""
    image = flat(size=(size, size))
    ImageDraw.Draw(image).ellipse((size // 2, size // 2, size // 2 + size // 40, size // 2 + size // 40), 0)
    return image


def cutout(seed: int = 1, size: int = 300) -> Image.Image:
    """A disc of landscape on transparency."""
    image = landscape(seed, size, size).convert("RGBA")
    mask = Image.new("L", (size, size), 0)
    ImageDraw.Draw(mask).ellipse((20, 20, size - 20, size - 20), fill=255)
    image.putalpha(mask)
    return image


def animation(kind: str, frames: list[Image.Image], **options: Any) -> bytes:
    """An animated GIF, WebP or PNG."""
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100, **options)


_UNTURN = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def oriented(image: Image.Image, orientation: int, kind: str = "PNG", **options: Any) -> bytes:
    """A file whose pixels are turned away and whose EXIF turns them back."""
    turn = _UNTURN[orientation]
    stored = image if turn is None else image.transpose(turn)
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = orientation
    return encoded(stored, kind, exif=exif, **options)


def lab_profile() -> bytes:
    """A profile that fits no picture."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def srgb_profile() -> bytes:
    """A plain sRGB profile, without the moment at which it was made (ICC.1 § 7.2.10): the same bytes every time."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made[:24] + bytes(12) + made[36:]


def swapped_profile() -> bytes:
    """An RGB profile whose red and blue primaries are exchanged: easily told from sRGB."""
    data = bytearray(srgb_profile())
    count = int.from_bytes(data[128:132], "big")
    entries = {bytes(data[132 + 12 * i : 136 + 12 * i]): 132 + 12 * i for i in range(count)}
    red, blue = entries[b"rXYZ"], entries[b"bXYZ"]
    data[red + 4 : red + 12], data[blue + 4 : blue + 12] = (
        data[blue + 4 : blue + 12],
        data[red + 4 : red + 12],
    )
    return bytes(data)


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *extra: bytes, depth: int = 8, colour: int = 0) -> bytes:
    """A PNG of hand-made chunks whose pixels are not there, whatever its header says."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    tail = chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(extra) + tail


def with_chunks(file: bytes, *extra: bytes) -> bytes:
    """A PNG file with chunks put in after its header."""
    return file[:33] + b"".join(extra) + file[33:]


def webp(width: int, height: int, frames: int = 0) -> bytes:
    """A WebP header with a canvas, and frames without pixels."""
    canvas = struct.pack("<I", 0x02 if frames else 0)
    canvas += (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = (
        b"WEBPVP8X" + struct.pack("<I", 10) + canvas + (b"ANMF" + struct.pack("<I", 16) + bytes(16)) * frames
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif(width: int, height: int, frames: int) -> bytes:
    """A GIF of one-pixel frames on a screen of any size."""
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6) + frame * frames + b";"


def box(kind: bytes, body: bytes) -> bytes:
    """An ISO base media box."""
    return struct.pack(">I", 8 + len(body)) + kind + body


def avif(width: int, height: int, samples: int = 0) -> bytes:
    """An AVIF header that states a size, and a track of samples."""
    ispe = box(b"ispe", bytes(4) + struct.pack(">II", width, height))
    meta = box(b"meta", bytes(4) + box(b"iprp", box(b"ipco", ispe)))
    table = box(b"stsz", bytes(8) + struct.pack(">I", samples))
    for kind in (b"stbl", b"minf", b"mdia", b"trak", b"moov"):
        table = box(kind, table)
    return box(b"ftyp", b"avif" + bytes(4) + b"avifmif1") + meta + (table if samples else b"")


def many_scans(scans: int) -> bytes:
    """A progressive JPEG whose last scan is said over and over."""
    data = encoded(landscape(width=64, height=64), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * scans + data[-2:]
