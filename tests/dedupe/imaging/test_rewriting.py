"""What was rewritten on a page is told from what coding and scaling leave."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from dedupe.imaging import Relation, relation_of
from dedupe.imaging.alignment import align
from dedupe.imaging.rewriting import FINE_GRID, rewritten
from dedupe.imaging.verification import View, verify
from tests import pictures as p
from tests import scenes

SAID = 0.012  # from here on a copy is called a variant


def dialog(typed: str, size: tuple[int, int] = (480, 360)) -> Image.Image:
    image = p.flat("white", size)
    pen = ImageDraw.Draw(image)
    pen.text((24, 16), "Create a new document", "#202428", font_size=26)
    for row, label in enumerate(("Name", "Kind of document", "Folder")):
        pen.text((24, 74 + 66 * row), label, "#404448", font_size=15)
        pen.rectangle((24, 96 + 66 * row, 456, 126 + 66 * row), outline="#a0a4a8")
    pen.text((34, 100), typed, "#101418", font_size=18)
    pen.rounded_rectangle((356, 306, 456, 340), 6, fill="#1c5c38")
    pen.text((384, 312), "Save", "white", font_size=18)
    return image


def coded(image: Image.Image, quality: int) -> Image.Image:
    file = BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


def between(second: Image.Image, first: Image.Image) -> float:
    alignment = align(np.asarray(first), np.asarray(second), np.eye(2, 3), FINE_GRID)
    assert alignment is not None
    return rewritten(alignment)


PAGE = dialog("Invoices of 2026")


@pytest.mark.parametrize("typed", ["", "Letters to the club", "Minutes of May"])
def test_other_words_in_one_dialog_are_seen(typed: str) -> None:
    assert between(dialog(typed), PAGE) > SAID
    assert between(PAGE, dialog(typed)) > SAID


@pytest.mark.parametrize(
    "copy",
    [
        PAGE,
        coded(PAGE, 30),
        PAGE.resize((240, 180), Image.Resampling.LANCZOS),
        PAGE.filter(ImageFilter.GaussianBlur(1.5)),
        ImageEnhance.Brightness(PAGE).enhance(0.8),
        ImageEnhance.Contrast(PAGE).enhance(1.4),
        PAGE.convert("L").convert("RGB"),
    ],
    ids=["itself", "JPEG 30", "half the size", "blurred", "darker", "more contrast", "grey"],
)
def test_a_copy_is_not_rewritten(copy: Image.Image) -> None:
    assert between(copy, PAGE) < SAID


def test_a_mark_on_a_picture_full_of_structure_is_not_counted() -> None:
    photograph = scenes.photograph(3, 480, 360)
    marked = photograph.copy()
    ImageDraw.Draw(marked).text((300, 320), "A. Nonymous", "white", font_size=18)
    assert between(marked, photograph) == 0


@pytest.mark.parametrize("colour", ["white", "#123456"])
def test_nothing_is_rewritten_where_nothing_stands(colour: str) -> None:
    assert between(p.flat(colour, (480, 360)), p.flat(colour, (480, 360))) == 0


def test_a_negative_is_wholly_rewritten_at_most() -> None:
    assert 0 <= between(Image.eval(PAGE, lambda level: 255 - level), PAGE) <= 1


def test_a_dialog_with_other_words_is_a_variant_and_its_copy_the_same_picture() -> None:
    def relation(query: Image.Image) -> Relation:
        comparison = verify([View("view", np.asarray(PAGE))], [View("view", np.asarray(query))])
        assert comparison is not None
        assert comparison.probability > 0.9
        return relation_of(comparison, size_stored=PAGE.size, size_query=query.size)

    assert relation(dialog("Letters to the club")) is Relation.VARIANT
    assert relation(coded(PAGE, 40)).same_picture
