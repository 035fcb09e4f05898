"""Views as files: ours are opened, everything else is refused; and words that a view and its mirror image have."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageOps

from dedupe.imaging import FiledView, RenditionKind, ViewFile, analyse, open_view, with_features, words_of
from dedupe.imaging.features import extract
from dedupe.imaging.renditions import MAX_VIEW_BYTES
from dedupe.imaging.words import quantise
from tests import pictures as p
from tests import scenes

VIEW = next(each for each in analyse(p.encoded(scenes.photograph())).renditions if each.kind.is_view)


def test_a_view_of_ours_is_opened() -> None:
    pixels = open_view(ViewFile(VIEW.kind, VIEW.data))
    assert pixels.shape == (VIEW.height, VIEW.width, 3)
    assert pixels.dtype == np.uint8


def cmyk() -> bytes:
    return p.encoded(p.landscape().convert("CMYK"), "JPEG")


@pytest.mark.parametrize(
    "data",
    [
        b"", b"prose", VIEW.data[:300], p.encoded(p.flat(), "PNG"), p.encoded(p.flat(), "GIF"),
        p.encoded(p.flat(size=(481, 20)), "JPEG"), p.encoded(p.flat().convert("L"), "JPEG"), cmyk(),
        VIEW.data + bytes(MAX_VIEW_BYTES),
    ],
    ids=["empty", "prose", "cut off", "PNG", "GIF", "too large", "grey", "CMYK", "too many bytes"],
)  # fmt: skip
def test_what_is_no_view_of_ours_is_refused(data: bytes) -> None:
    with pytest.raises((ValueError, OSError)):
        open_view(ViewFile(RenditionKind.VIEW, data))


def test_a_rendition_for_display_is_no_view() -> None:
    with pytest.raises(ValueError, match="not a view"):
        open_view(ViewFile(RenditionKind.LARGE, VIEW.data))


def test_the_words_of_an_analysis_are_those_of_its_stored_view() -> None:
    analysis = analyse(p.encoded(scenes.photograph()))
    words = words_of(extract(open_view(ViewFile(VIEW.kind, VIEW.data))))
    assert (analysis.words.plain.words == words.plain.words).all()
    assert (analysis.words.mirrored.places == words.mirrored.places).all()
    assert len(words.plain) == len(words.mirrored) > 100


def test_the_mirrored_words_are_mostly_those_of_the_mirrored_picture() -> None:
    picture = scenes.photograph(2, 480, 360)
    foretold = words_of(extract(np.asarray(picture))).mirrored
    seen = quantise(extract(np.asarray(ImageOps.mirror(picture))))
    assert len(set(foretold.words.tolist()) & set(seen.words.tolist())) > 0.4 * len(seen)


def test_an_empty_view_has_no_words() -> None:
    with Image.open(BytesIO(p.encoded(p.flat(), "JPEG"))) as image:
        words = words_of(extract(np.asarray(image)))
    assert (len(words.plain), len(words.mirrored)) == (0, 0)


def test_the_features_come_with_the_view_and_are_those_of_its_pixels() -> None:
    view = FiledView(ViewFile(VIEW.kind, VIEW.data))
    extracted = extract(view.rgb)
    assert (view.features.points == extracted.points).all()
    assert (view.features.descriptors == extracted.descriptors).all()


def test_a_view_without_features_is_looked_at_anew() -> None:
    bare = p.encoded(scenes.photograph(2, 480, 360), "JPEG")
    assert len(FiledView(ViewFile(RenditionKind.VIEW, bare)).features) > 100


def test_decoders_do_not_see_the_features() -> None:
    bare = ViewFile(RenditionKind.VIEW, p.encoded(scenes.photograph(2, 480, 360), "JPEG"))
    assert (open_view(with_features(bare)) == open_view(bare)).all()


@pytest.mark.parametrize("end", [b"\0\0\0\5FEAT", b"\xff\xff\xff\xffFEAT", b"\0\0\0\0FEAT"])
def test_damaged_features_are_refused(end: bytes) -> None:
    damaged = FiledView(ViewFile(RenditionKind.VIEW, p.encoded(p.flat(), "JPEG") + end))
    with pytest.raises(ValueError, match=r"features|cut off"):
        _ = damaged.features
