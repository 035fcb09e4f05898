"""The name of a colour profile is a short line of text, whatever the file says."""

from __future__ import annotations

import struct

import pytest
from PIL import ImageCms

from dedupe.imaging import analyse
from dedupe.imaging.profiles import MAX_NAME, profile_name, sanitised
from tests import pictures as p

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def called(name: str) -> bytes:
    """The sRGB profile under another description (a tag of type mluc, ICC.1:2010, 10.13)."""
    count = struct.unpack_from(">I", SRGB, 128)[0]
    tags = [struct.unpack_from(">4sII", SRGB, 132 + 12 * index) for index in range(count)]
    text = name.encode("utf-16-be")
    described = struct.pack(">4sIII2s2sII", b"mluc", 0, 1, 12, b"en", b"US", len(text), 28) + text
    data = bytearray(SRGB) + described.ljust(-(-len(described) // 4) * 4, b"\0")
    at = 132 + 12 * next(index for index, tag in enumerate(tags) if tag[0] == b"desc")
    struct.pack_into(">4sII", data, at, b"desc", len(SRGB), len(described))
    struct.pack_into(">I", data, 0, len(data))
    return bytes(data)


def test_a_profile_is_called_by_its_description() -> None:
    assert profile_name(SRGB).startswith("sRGB")
    assert profile_name(called("Display P3")) == "Display P3"


@pytest.mark.parametrize(
    "profile",
    [None, b"", b"garbage", SRGB[:100], bytes(5_000_000)],
    ids=["none", "empty", "garbage", "cut off", "too long"],
)
def test_what_cannot_be_read_is_no_profile(profile: bytes | None) -> None:
    assert profile_name(profile) == ""


def test_png_may_say_srgb_without_a_profile() -> None:
    assert profile_name(None, says_srgb=True) == "sRGB"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("P3\n<script>\x00", "P3 <script>"),
        ("abc\u202egpj", "abc gpj"),
        ("x" * 500, "x" * MAX_NAME),
        ("x" * (MAX_NAME - 1) + " y", "x" * (MAX_NAME - 1)),
        (" \t ", ""),
    ],
)
def test_a_name_is_one_short_printable_line(name: str, shown: str) -> None:
    assert sanitised(name) == shown == sanitised(shown)


def test_a_profile_without_a_name_is_unnamed() -> None:
    assert profile_name(called("\n")) == "unnamed"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_an_analysis_names_the_profile_of_its_file(kind: str) -> None:
    with_profile = p.encoded(p.landscape(), kind, icc_profile=called("Display P3"))
    assert analyse(with_profile).profile == "Display P3"
    assert analyse(p.encoded(p.landscape(), kind)).profile == ""
