"""Every file that must be refused is refused, before it is decoded where a header can tell."""

import time
import zlib
from dataclasses import replace

import pytest

from dedupe.imaging import Format, Limits, Refusal, Refused, analyse, fingerprint, sniff
from tests import pictures as p


def refusal_of(data: bytes, limits: Limits | None = None) -> Refused:
    with pytest.raises(Refused) as caught:
        analyse(data, limits or Limits())
    return caught.value


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


@pytest.mark.parametrize("name", HEADERS)
def test_is_refused_quickly(name: str) -> None:
    data, refusal = HEADERS[name]
    started = time.process_time()
    assert refusal_of(data).refusal is refusal
    assert time.process_time() - started < 2


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


@pytest.mark.parametrize("name", OTHERS)
def test_other_formats_are_named(name: str) -> None:
    refused = refusal_of(OTHERS[name])
    assert (refused.refusal, refused.detail) == (Refusal.UNSUPPORTED_FORMAT, name)


def test_the_first_bytes_decide() -> None:
    assert refusal_of(b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)").refusal is Refusal.BROKEN
    assert sniff(p.box(b"ftyp", b"mif1\0\0\0\0mif1avif")) is Format.AVIF


@pytest.mark.parametrize("tail", [b"<html><script>alert(1)</script>", b"PK\x03\x04" + bytes(500)])
@pytest.mark.parametrize("data", [JPEG, PNG])
def test_a_tail_is_taken_and_not_passed_on(data: bytes, tail: bytes) -> None:
    analysis = analyse(data + tail)
    assert not analysis.damaged
    assert all(tail not in rendition.data for rendition in analysis.renditions)


def test_limits_are_the_callers() -> None:
    assert refusal_of(PNG, Limits(max_bytes=len(PNG) - 1)).refusal is Refusal.TOO_MANY_BYTES
    assert refusal_of(PNG, Limits(max_side=599)).refusal is Refusal.SIDE_TOO_LONG
    few = replace(Limits(), max_pixels=dict.fromkeys(Format, 1000))
    assert refusal_of(JPEG, few).refusal is Refusal.TOO_MANY_PIXELS
    assert analyse(PNG, Limits(max_side=600)).width == 600


def test_metadata_of_other_containers_is_bounded() -> None:
    small = Limits(max_metadata_bytes=100)
    profile = p.srgb_profile()
    for kind in ("WEBP", "AVIF"):
        data = p.encoded(p.landscape(), kind, icc_profile=profile)
        assert refusal_of(data, small).refusal is Refusal.TOO_MUCH_METADATA
    chunks = p.encoded(p.landscape(), "WEBP", icc_profile=profile)
    assert refusal_of(chunks, Limits(max_chunks=1)).refusal is Refusal.TOO_MANY_CHUNKS


def test_a_lack_of_memory_is_its_own_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_memory(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("dedupe.imaging.analysis.render", no_memory)
    assert refusal_of(PNG).refusal is Refusal.TOO_MUCH_MEMORY


def test_the_quick_way_refuses_too() -> None:
    with pytest.raises(Refused):
        fingerprint(PNG[:-50])


@pytest.mark.parametrize("refusal", Refusal)
def test_messages_are_sentences_with_advice(refusal: Refusal) -> None:
    assert refusal.message.startswith("This ")
    assert "please" in refusal.message
    assert refusal.message.endswith(".")


def test_refused_speaks() -> None:
    assert str(Refused(Refusal.BROKEN)) == "broken"
    assert str(Refused(Refusal.BROKEN, "why")) == "broken: why"
