"""Differences: what an edit of the whole picture explains is taken away, the rest is measured."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from dedupe.imaging.alignment import Alignment, align
from dedupe.imaging.differences import Differences, difference_map, measure_differences
from tests import pictures as p
from tests import scenes

PHOTOGRAPH = scenes.photograph(1, 480, 360)


def aligned(second: Image.Image, first: Image.Image = PHOTOGRAPH) -> Alignment:
    alignment = align(np.asarray(first), np.asarray(second), np.eye(2, 3))
    assert alignment is not None
    return alignment


def between(second: Image.Image, first: Image.Image = PHOTOGRAPH) -> Differences:
    return measure_differences(aligned(second, first))


def test_a_picture_does_not_differ_from_itself() -> None:
    found = between(PHOTOGRAPH)
    assert found.luma > 0.999
    assert found.edges > 0.99
    assert (found.changed, found.recoloured) == (0, 0)
    assert max(found.error, abs(found.brighter), found.colour, found.tint) < 0.5
    assert found.contrast > 20
    assert found.texture > 4


@pytest.mark.parametrize("factor", [0.6, 1.4])
def test_brightness_is_told_and_taken_away(factor: float) -> None:
    found = between(ImageEnhance.Brightness(PHOTOGRAPH).enhance(factor))
    assert found.brighter * (factor - 1) > 8
    assert found.luma > 0.97
    assert found.changed < 0.02


def test_softness_is_told_and_taken_away() -> None:
    soft = PHOTOGRAPH.filter(ImageFilter.GaussianBlur(5))
    found = between(soft)
    assert found.blur == pytest.approx(2, rel=0.3), "5 pixels of the picture, 2 of the grid"
    assert found.edges > 0.97
    assert found.changed < 0.02
    assert between(PHOTOGRAPH).blur == 0


def test_sharp_letters_over_a_picture_do_not_make_the_picture_a_soft_one() -> None:
    lettered = PHOTOGRAPH.copy()
    pen = ImageDraw.Draw(lettered)
    for line in range(3):
        pen.text(
            (20, 20 + 100 * line), "SHARP LETTERS", "white", font_size=54, stroke_width=4, stroke_fill="black"
        )
    found = between(lettered)
    assert found.blur == 0
    assert found.changed > 0.02


def test_another_picture_is_no_soft_copy() -> None:
    assert between(scenes.photograph(2, 480, 360)).blur == 0
    assert between(scenes.photograph(2, 480, 360).filter(ImageFilter.GaussianBlur(5))).blur == 0


def lettered(ground: Image.Image, *lines: str) -> Image.Image:
    image = ground.copy()
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        pen.text((20, 10 + 80 * number), line, "white", font_size=54, stroke_width=4, stroke_fill="black")
    return image


def test_all_of_a_bare_picture_is_kept_under_lettering_that_outweighs_it() -> None:
    bare = p.flat("#204060", (480, 360))
    ImageDraw.Draw(bare).ellipse((180, 250, 300, 340), fill="#c08040")
    found = between(lettered(bare, "MUCH LETTERING", "ABOVE AN EGG", "ON BLUE"), bare)
    assert found.agreeing < 0.5
    assert found.kept > 0.95
    assert between(bare, lettered(bare, "MUCH LETTERING", "ABOVE AN EGG", "ON BLUE")).kept == pytest.approx(
        found.kept
    )


def test_of_two_texts_below_one_head_neither_is_kept() -> None:
    head = lettered(p.flat("#204060", (480, 360)), "ONE HEAD")
    pages = [
        lettered(Image.new("RGB", (480, 280), "#204060"), *lines)
        for lines in (("SAYS THIS", "AND THAT"), ("TELLS MUCH", "OF OTHERS"))
    ]
    first, second = head.copy(), head.copy()
    first.paste(pages[0], (0, 90))
    second.paste(pages[1], (0, 90))
    assert between(second, first).kept < 0.75


def test_what_has_no_structure_keeps_none() -> None:
    assert between(p.flat("white", (480, 360)), p.flat("white", (480, 360))).kept == 0


def test_no_tone_curve_is_taken_that_makes_it_worse() -> None:
    icon = p.flat("white", (8, 8))
    for place in range(24):  # half of them grey; of each darker tone too few for the curve to reach it
        icon.putpixel((2 + place % 4, 1 + place // 4), (128 if place % 2 else 4 * place,) * 3)
    assert between(icon, icon).error < 1


def test_swapping_turns_the_sign_of_brightness() -> None:
    bright = ImageEnhance.Brightness(PHOTOGRAPH).enhance(1.3)
    assert between(bright).brighter == pytest.approx(-between(PHOTOGRAPH, bright).brighter, abs=0.5)


def test_greyscale_is_faded_chroma_and_a_turned_hue_is_not() -> None:
    grey = between(PHOTOGRAPH.convert("L").convert("RGB"))
    assert grey.colour > 3
    assert grey.tint < 0.3
    faded = between(ImageEnhance.Color(PHOTOGRAPH).enhance(0.4))
    assert faded.tint < 0.6
    red, green, blue = PHOTOGRAPH.split()
    turned = between(Image.merge("RGB", (blue, red, green)))
    assert turned.tint > 3
    assert turned.recoloured > 0.1


def test_a_changed_part_is_a_share_of_blocks_and_stands_on_the_map() -> None:
    painted = PHOTOGRAPH.copy()
    ImageDraw.Draw(painted).rectangle((0, 0, 239, 179), fill=(255, 0, 255))
    found = between(painted)
    assert 0.2 < found.changed < 0.3
    assert found.largest > 40
    drawn = difference_map(aligned(painted))
    height, width = drawn.shape
    assert drawn[height // 2 + 3 :].mean() < 6
    assert drawn[: height // 2 - 3, : width // 2 - 3].mean() > 20


def test_small_lettering_stays_small() -> None:
    marked = PHOTOGRAPH.copy()
    ImageDraw.Draw(marked).text((10, 340), "© someone", fill="white")
    assert between(marked).changed < 0.02
    assert between(marked).edges > 0.9


def test_other_pictures_have_other_edges() -> None:
    found = between(scenes.photograph(2, 480, 360))
    assert found.edges < 0.3
    assert found.changed > 0.2


@pytest.mark.parametrize("colour", ["white", "black", "navy"])
def test_pictures_without_content_are_measured_and_agree_in_nothing(colour: str) -> None:
    plain = Image.new("RGB", (480, 360), colour)
    for found in (between(plain), between(PHOTOGRAPH, plain), between(plain, plain)):
        assert all(np.isfinite(list(vars(found).values())))
        assert found.edges == 0
    assert between(plain, plain).luma == 0


def test_every_number_stays_in_its_range() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (360, 480, 3), dtype=np.uint8)
    for other in (
        Image.fromarray(noise),
        Image.fromarray(255 - np.asarray(PHOTOGRAPH)),
        scenes.page(1, 480, 360),
    ):
        found = between(other)
        assert -1 <= found.luma <= 1.001
        assert -1 <= found.edges <= 1.001
        assert 0 <= found.changed <= 1
        assert 0 <= found.recoloured <= 1
        assert 0 <= found.error <= found.largest <= 255


def test_a_page_of_two_tones_agrees_with_its_copy() -> None:
    page = Image.new("RGB", (480, 80), "white")
    ImageDraw.Draw(page).text((20, 30), "one line in small letters", fill=(60, 60, 60))
    copy = Image.open(BytesIO(p.encoded(page, "JPEG", quality=30))).convert("RGB")
    assert between(copy, page).luma > 0.9


def test_the_border_of_one_of_them_leaves_no_trace() -> None:
    drawing = scenes.drawing()
    framed = np.asarray(ImageOps.expand(drawing, 24, "black"))
    height, width = framed.shape[:2]
    # The whole picture lies within the frame: places of the framed one, in units of its longest side, onto it.
    scale, shift = max(height, width) / max(drawing.size), -24 / max(drawing.size)
    alignment = align(np.asarray(drawing), framed, np.array([[scale, 0.0, shift], [0.0, scale, shift]]))
    assert alignment is not None
    assert measure_differences(alignment).agreeing > 0.97
