"""A page is writing and rules on one plain ground; what is drawn by hand or photographed is none."""

import numpy as np
import pytest
from PIL import Image

from dedupe.imaging.alignment import LUMA
from dedupe.imaging.pages import ground_of, is_page, slanting
from tests import pictures as p
from tests import scenes
from tests.dedupe.imaging.views import edited, opened
from tests.pages import comic, dialog, table

Pair = tuple[
    np.ndarray[tuple[int, int], np.dtype[np.float32]], np.ndarray[tuple[int, int], np.dtype[np.bool_]]
]


def luma_of(image: Image.Image) -> Pair:
    luma = np.asarray(image.convert("RGB"), np.float32) @ LUMA
    return luma, np.ones(luma.shape, bool)


@pytest.mark.parametrize(
    "page",
    [dialog("Invoices"), table(), table(ground="#1b1d21", ink="#dde"), scenes.page(), p.flat("#345")],
    ids=["dialog", "table", "dark table", "text", "nothing"],
)
@pytest.mark.parametrize("edit", ["", "JPEG 10", "resize ×0.5", "channel swap"])
def test_a_page_is_one_however_it_was_saved(page: Image.Image, edit: str) -> None:
    assert is_page(*luma_of(opened(edited(page, edit)) if edit else page))


@pytest.mark.parametrize(
    "picture",
    [
        comic("Good morning!"),
        comic("Good morning!", 2),
        scenes.drawing(),
        scenes.photograph(),
        p.gradient(),
        p.logo(),
    ],
    ids=["comic", "another comic", "drawing", "photograph", "gradient", "logo"],
)
def test_what_is_drawn_or_photographed_is_no_page(picture: Image.Image) -> None:
    assert not is_page(*luma_of(picture))


def test_the_ground_is_the_level_of_most_pixels() -> None:
    level, share = ground_of(*luma_of(dialog("Invoices")))
    assert level == pytest.approx(255, abs=2)
    assert 0.8 < share < 1
    assert ground_of(*luma_of(table(ground="#202020", ink="white")))[0] == pytest.approx(32, abs=2)


def test_only_what_overlaps_is_looked_at() -> None:
    both = scenes.photograph(1, 1440, 360)
    both.paste(dialog("Invoices"), (0, 0))
    luma, overlap = luma_of(both)
    assert not is_page(luma, overlap)
    overlap[:, 480:] = False
    assert is_page(luma, overlap)


def test_nothing_large_slants_nowhere() -> None:
    assert slanting(*luma_of(scenes.page()), 255) == 0
    assert slanting(*luma_of(p.flat("white")), 255) == 0
