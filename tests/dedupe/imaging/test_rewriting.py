"""What was rewritten on a page is told from what coding and scaling leave."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from dedupe.imaging import ASK_PROBABILITY, Comparison, Relation, relation_of
from dedupe.imaging.alignment import align
from dedupe.imaging.rewriting import FINE_GRID, rewritten
from dedupe.imaging.verification import View, verify
from tests import pictures as p
from tests import scenes
from tests.pages import dialog

SAID = 0.012  # from here on a copy is called a variant


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


def compared(query: Image.Image) -> Comparison:
    comparison = verify([View("view", np.asarray(PAGE))], [View("view", np.asarray(query))])
    assert comparison is not None
    return comparison


def relation(query: Image.Image) -> Relation:
    return relation_of(compared(query), size_stored=PAGE.size, size_query=query.size)


@pytest.mark.parametrize("typed", ["", "Invoices of 2026 and of 2027"])
def test_a_dialog_of_which_something_was_added_or_taken_away_is_a_variant(typed: str) -> None:
    assert compared(dialog(typed)).probability > 0.9
    assert relation(dialog(typed)) is Relation.VARIANT


def test_a_copy_of_a_dialog_is_the_same_picture() -> None:
    assert compared(coded(PAGE, 40)).probability > 0.9
    assert relation(coded(PAGE, 40)).same_picture


@pytest.mark.parametrize("query", [dialog("Letters to the club"), dialog("Novel", "Write a letter home")])
def test_nobody_is_asked_about_a_dialog_with_other_words(query: Image.Image) -> None:
    assert compared(query).probability < ASK_PROBABILITY
