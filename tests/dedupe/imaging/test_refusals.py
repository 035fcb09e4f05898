"""Every file that must be refused is refused, before it is decoded where a header can tell."""

import time
from dataclasses import replace

import pytest
from _pytest.mark.structures import ParameterSet

from dedupe.imaging import Format, Limits, Refusal, Refused, analyse, fingerprint, sniff
from tests import pictures as p
from tests.hostile_files import HEADERS, JPEG, OTHERS, PNG, ROWS


def refusal_of(data: bytes, limits: Limits | None = None) -> Refused:
    with pytest.raises(Refused) as caught:
        analyse(data, limits or Limits())
    return caught.value


def marked(name: str) -> ParameterSet:
    """A file with the row that it belongs to."""
    return pytest.param(name, marks=[pytest.mark.hostile(ROWS[name])] if name in ROWS else [])


@pytest.mark.parametrize("name", [marked(name) for name in HEADERS])
def test_is_refused_quickly(name: str) -> None:
    data, refusal = HEADERS[name]
    started = time.process_time()
    assert refusal_of(data).refusal is refusal
    assert time.process_time() - started < 2


@pytest.mark.hostile("input 9")
@pytest.mark.parametrize("name", OTHERS)
def test_other_formats_are_named(name: str) -> None:
    refused = refusal_of(OTHERS[name])
    assert (refused.refusal, refused.detail) == (Refusal.UNSUPPORTED_FORMAT, name)


@pytest.mark.hostile("input 9")
def test_the_first_bytes_decide() -> None:
    assert refusal_of(b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)").refusal is Refusal.BROKEN
    assert sniff(p.box(b"ftyp", b"mif1\0\0\0\0mif1avif")) is Format.AVIF


@pytest.mark.hostile("input 10")
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
