"""Two pages of one program each have something for themselves; whatever is done to one page does not."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.edits import EDITS
from dedupe.imaging import ASK_PROBABILITY, Relation, analyse, relation_of, verify
from dedupe.imaging.alignment import align
from dedupe.imaging.exchange import exchanged
from dedupe.imaging.rewriting import FINE_GRID
from tests import scenes
from tests.dedupe.imaging.views import edited, found, view, views_of
from tests.pages import ROWS, comic, dialog, table
from tests.pictures import encoded

OTHERS = 0.0015  # from here on nobody is asked


def between(second: Image.Image, first: Image.Image) -> float:
    alignment = align(np.asarray(first), np.asarray(second), np.eye(2, 3), FINE_GRID)
    assert alignment is not None
    return exchanged(alignment)


PAIRS = {
    "other words": (dialog("Invoices of 2026"), dialog("Letters to the club", "Write to somebody")),
    "another row between": (table(ROWS[:5]), table((*ROWS[:2], "Orchard", *ROWS[2:4]))),
    "other rows": (table(ROWS[:4]), table((*ROWS[:2], "Feathers and kettles", "Ink"))),
    "dark": (
        table(ROWS[:4], ground="#1b1d21", ink="#dde"),
        table((*ROWS[:2], "Feathers and kettles", "Ink"), ground="#1b1d21", ink="#dde"),
    ),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_two_pages_of_one_program_each_have_something_for_themselves(pair: str) -> None:
    first, second = PAIRS[pair]
    assert between(second, first) > OTHERS
    assert between(first, second) > OTHERS


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("edit", ["", "JPEG 30", "WebP 50", "greyscale"])
def test_nobody_is_asked_about_another_page(pair: str, edit: str) -> None:
    first, second = PAIRS[pair]
    probability, _ = found(first, edited(second, edit) if edit else second)
    assert probability < ASK_PROBABILITY


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("page", [dialog("Invoices of 2026"), table()], ids=["dialog", "table"])
def test_no_edit_exchanges_anything_of_note(page: Image.Image, edit: str) -> None:
    comparison = verify(*(views_of(analyse(each)) for each in (encoded(page), edited(page, edit))))
    if comparison is not None:  # half of a short list has too little to be compared
        assert comparison.exchanged < OTHERS


@pytest.mark.parametrize("rows", [ROWS[:3], ROWS[:4], ROWS[:6]])
def test_rows_that_were_only_added_or_only_cut_off_are_not_exchanged(rows: tuple[str, ...]) -> None:
    assert between(table(rows), table(ROWS[:5])) == 0


def test_nobody_is_asked_about_a_page_whose_arrow_points_elsewhere() -> None:
    first, second = table(pointed=1), table(pointed=4)
    assert between(second, first) > OTHERS
    assert found(first, second)[0] < ASK_PROBABILITY


@pytest.mark.parametrize(("share", "relation"), [(0.0, Relation.RE_ENCODED), (0.0012, Relation.VARIANT)])
def test_the_little_that_was_exchanged_makes_a_variant(share: float, relation: Relation) -> None:
    comparison = verify([view(table())], [view(table())])
    assert comparison is not None
    found = replace(comparison, exchanged=share)
    assert relation_of(found, size_stored=(480, 360), size_query=(480, 360)) is relation


def test_a_comic_that_says_something_else_is_a_variant_that_is_asked_about() -> None:
    first, second = (
        comic("Good morning!\nDid you sleep well?"),
        comic("Guten Morgen!\nHast du gut geschlafen,\noder nicht?"),
    )
    assert between(second, first) == 0
    probability, relation = found(first, second)
    assert probability > 0.9
    assert relation is Relation.VARIANT


def test_lettering_over_a_page_is_added_alone() -> None:
    page = table()
    lettered = page.copy()
    ImageDraw.Draw(lettered).text(
        (40, 120), "LOOK AT THIS", "white", font_size=56, stroke_width=4, stroke_fill="black"
    )
    assert between(lettered, page) == 0


def test_of_photographs_nothing_is_said() -> None:
    assert between(scenes.photograph(2, 480, 360), scenes.photograph(1, 480, 360)) == 0


def test_pages_that_were_laid_over_each_other_wrongly_say_nothing() -> None:
    page = scenes.page()
    assert between(page.rotate(3, fillcolor="white"), page) == 0


def test_a_blurred_copy_has_lost_nothing() -> None:
    page = dialog("Invoices of 2026")
    assert between(page.filter(ImageFilter.GaussianBlur(2)), page) == 0
