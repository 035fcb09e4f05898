"""Every edit that people make is found and named; what is not a copy is not found; nothing crashes."""

import hashlib
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from dedupe.imaging import ASK_PROBABILITY, Method, Relation, View, analyse, verify
from dedupe.imaging.verification import MOST_PAIRS
from dedupe.imaging.wire_comparisons import comparison_to_json
from tests import pictures as p
from tests import scenes
from tests.dedupe.imaging.views import edited, found, view, views_of

R = Relation
LETTERED = {R.VARIANT, R.RECOLOURED}
"""Lettering takes the colours with it: both names say that it is not the same picture."""

NAMED = {
    "JPEG 30": {R.RE_ENCODED}, "JPEG 10": {R.RE_ENCODED}, "WebP 50": {R.RE_ENCODED},
    "resize ×0.5": {R.RESIZED}, "resize ×0.2": {R.RESIZED}, "squish 1.33": {R.RESIZED},
    "brightness 1.4": {R.RECOLOURED}, "contrast 1.6": {R.RECOLOURED}, "gamma 0.5": {R.RECOLOURED},
    "greyscale": {R.GREYSCALE}, "channel swap": LETTERED,
    "blur 2": {R.RE_ENCODED}, "noise 15": {R.RE_ENCODED},
    "crop 5 %": {R.CROPPED}, "crop 10 %": {R.CROPPED}, "crop 20 %": {R.CROPPED}, "crop 30 %": {R.CROPPED},
    "crop 50 %": {R.CROPPED},
    "letterbox": {R.FRAMED}, "frame 4 %": {R.FRAMED}, "frame 10 %": {R.FRAMED},
    "small watermark": {R.RE_ENCODED}, "large watermark": LETTERED, "meme text": {R.VARIANT},
    "caption bar 22 %": {R.CAPTIONED},
    "mirror": {R.MIRRORED}, "rotate 4°": {R.ROTATED}, "rotate 15°": {R.ROTATED},
    "rotate 90°": {R.ROTATED}, "rotate 180°": {R.ROTATED},
    "screenshot": {R.CONTAINS}, "picture in picture": {R.CONTAINS},
    "combined": {R.CROPPED, R.VARIANT},
}  # fmt: skip


def assert_found_and_named(original: bytes, image: Image.Image, edit: str, above: float = 0.95) -> None:
    probability, relation = found(original, edited(image, edit))
    assert probability > above
    assert relation in NAMED[edit]


@pytest.mark.parametrize("edit", NAMED)
def test_each_edit_of_a_photograph_is_found_and_named(edit: str) -> None:
    photograph = scenes.photograph()
    assert_found_and_named(p.encoded(photograph, "JPEG", quality=90), photograph, edit)


OF_DRAWINGS = [
    "JPEG 30", "resize ×0.2", "squish 1.33", "gamma 0.5", "greyscale", "channel swap", "crop 5 %", "crop 50 %",
    "letterbox", "frame 10 %", "meme text", "caption bar 22 %", "mirror", "rotate 15°", "rotate 180°", "screenshot",
    "picture in picture",
]  # fmt: skip


@pytest.mark.parametrize("edit", OF_DRAWINGS)
def test_each_edit_of_a_drawing_is_found_and_named(edit: str) -> None:
    drawing = scenes.drawing()
    assert_found_and_named(p.encoded(drawing, "JPEG", quality=90), drawing, edit)


SURVIVED_BY_LOGOS = [
    "JPEG 30",
    "resize ×0.5",
    "resize ×0.2",
    "squish 1.33",
    "greyscale",
    "mirror",
    "rotate 90°",
]


@pytest.mark.parametrize("edit", SURVIVED_BY_LOGOS)
@pytest.mark.parametrize("seed", [2, 3])
def test_edits_of_the_whole_frame_are_found_of_flat_logos_too(edit: str, seed: int) -> None:
    assert_found_and_named(p.encoded(p.logo(seed)), p.logo(seed), edit, above=0.9)


def test_a_page_of_text_is_found_in_another_format_and_size() -> None:
    page = scenes.page()
    for data in (p.encoded(page, "WEBP", quality=60), p.encoded(page.resize((400, 500)), "JPEG")):
        probability, relation = found(p.encoded(page), data)
        assert probability > 0.95
        assert relation in {R.RE_ENCODED, R.RESIZED}


def test_the_other_way_round_the_stored_one_contains_the_query() -> None:
    screen = edited(scenes.photograph(), "picture in picture")
    small = scenes.photograph().resize((200, 150))
    assert found(screen, p.encoded(small))[1] in {R.CROPPED, R.CONTAINED}
    wall = scenes.photograph(7, 960, 720)
    wall.paste(scenes.photograph().resize((280, 210)), (300, 400))
    probability, relation = found(wall, scenes.photograph())
    assert probability > 0.95
    assert relation is R.CONTAINED


def test_a_redrawn_palette_is_a_recolouring_and_not_a_greyscale() -> None:
    red, green, blue = scenes.drawing(4).split()
    _, relation = found(scenes.drawing(4), Image.merge("RGB", (green, blue, red)))
    assert relation in LETTERED
    assert relation is not R.GREYSCALE


def test_a_retouched_part_makes_a_variant() -> None:
    retouched = scenes.photograph()
    ImageDraw.Draw(retouched).ellipse((200, 150, 360, 310), fill=(250, 250, 250))
    probability, relation = found(scenes.photograph(), retouched)
    assert probability > 0.95
    assert relation is R.VARIANT


@pytest.mark.parametrize("make", [scenes.photograph, scenes.drawing, scenes.page, p.landscape, p.logo])
def test_other_pictures_of_the_same_kind_are_not_found(make: object) -> None:
    pictures = [make(seed) for seed in range(1, 7)]  # type: ignore[operator]
    for one, other in pairwise(pictures):
        assert found(one, other)[0] < ASK_PROBABILITY


def test_two_wordmarks_on_one_ground_are_two_pictures() -> None:
    names = ["ACORN", "BISON", "CEDAR", "DOVES"]
    for one, other in pairwise(scenes.wordmark(name) for name in names):
        assert found(one, other)[0] < ASK_PROBABILITY


def test_two_shapes_on_one_ground_are_two_pictures() -> None:
    ring, frame = (Image.new("RGB", (1600, 900), "black") for _ in range(2))
    ImageDraw.Draw(ring).ellipse((740, 390, 860, 510), outline="white", width=30)
    ImageDraw.Draw(frame).rectangle((740, 390, 860, 510), outline="white", width=30)
    assert found(ring, frame)[0] < ASK_PROBABILITY


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_small_badge_that_two_pictures_carry_does_not_make_them_one(seed: int) -> None:
    badge = scenes.emblem(seed)
    one = scenes.with_emblem(scenes.photograph(1), badge, 500, 340)
    other = scenes.with_emblem(scenes.photograph(2), badge, 500, 340)
    assert found(one, other)[0] < ASK_PROBABILITY
    assert found(one, scenes.with_emblem(scenes.drawing(5), badge, 40, 60))[0] < ASK_PROBABILITY


def test_empty_pictures_are_never_accused() -> None:
    empty = [p.flat(), p.flat("navy"), p.gradient(), p.dot(), ImageOps.mirror(p.gradient())]
    for one, other in pairwise([*empty, scenes.photograph()]):
        assert found(one, other)[0] < ASK_PROBABILITY


ODD = [(1, 1), (1, 480), (480, 1), (2, 3), (7, 9), (12, 12), (480, 5), (31, 64)]


@pytest.mark.parametrize("size", ODD, ids=str)
def test_odd_shapes_are_compared_with_everything_and_crash_nothing(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    odd = View("view", noise)
    for other in (odd, view(scenes.photograph()), View("view", noise[::-1].copy()), view(p.flat())):
        for stored, query in ((odd, other), (other, odd)):
            comparison = verify([stored], [query])
            assert comparison is None or 0 <= comparison.probability <= 1
    assert (verify([odd], [view(scenes.photograph())]) or _Low()).probability < ASK_PROBABILITY


class _Low:
    probability = 0.0


def test_without_views_there_is_nothing_to_compare() -> None:
    assert verify([], [view(p.logo())]) is None
    assert verify([view(p.logo())], []) is None


def test_what_is_found_is_found_the_other_way_round() -> None:
    for edit in ("crop 20 %", "rotate 15°", "mirror", "caption bar 22 %", "resize ×0.2"):
        stored, query = (
            views_of(analyse(data))
            for data in (p.encoded(scenes.photograph()), edited(scenes.photograph(), edit))
        )
        there, back = verify(stored, query), verify(query, stored)
        assert there is not None
        assert back is not None
        assert min(there.probability, back.probability) > 0.95
        assert there.coverage == pytest.approx(back.coverage[::-1], abs=0.03)


def test_the_method_is_told() -> None:
    picture = scenes.photograph()
    crop = verify([view(picture)], [view(picture.crop((60, 40, 400, 300)))])
    assert crop is not None
    assert (crop.method, crop.places > 50) == (Method.FEATURES, True)
    copy = verify([view(picture)], [view(picture)])
    assert copy is not None
    assert (copy.method, copy.places) == (Method.FRAME, 0)


def test_smooth_pictures_are_laid_frame_on_frame() -> None:
    smooth = p.logo(2)
    bare = verify([view(smooth)], [view(smooth.resize((80, 80)))])
    assert bare is not None
    assert (bare.method, bare.places, bare.spread) == (Method.FRAME, 0, (0.0, 0.0))
    assert bare.probability > 0.9


class TestViews:
    """Pictures over white, over black, and later moments."""

    def test_a_cutout_over_black_is_found_by_the_view_over_black(self) -> None:
        cutout = p.cutout()
        flattened = Image.new("RGB", cutout.size, "black")
        flattened.paste(cutout, mask=cutout.getchannel("A"))
        stored, query = views_of(analyse(p.encoded(cutout))), views_of(analyse(p.encoded(flattened)))
        assert [each.name for each in stored] == ["view", "view_black"]
        comparison = verify(stored, query)
        assert comparison is not None
        assert comparison.probability > 0.95
        assert comparison.views[1] == "view"

    def test_a_still_is_found_in_the_middle_of_an_animation(self) -> None:
        frames = [scenes.photograph(seed, 240, 180) for seed in (11, 12, 13, 14, 15, 16, 17, 18)]
        moving = views_of(analyse(p.animation("GIF", frames)))
        comparison = verify(moving, views_of(analyse(p.encoded(frames[4]))))
        assert comparison is not None
        assert comparison.views == ("view_frame2", "view")
        assert comparison.probability > 0.95

    def test_the_search_among_views_ends(self) -> None:
        opened: list[str] = []

        class Counted(View):
            @property
            def features(self) -> object:  # type: ignore[override]
                opened.append(self.name)
                return view(p.flat()).features

        many = [Counted(str(number), np.asarray(p.flat(size=(40, 30)))) for number in range(6)]
        verify(many, many)
        assert len(opened) == 2 * MOST_PAIRS


GOLDEN = """
import hashlib, json
from dedupe.imaging import verify
from dedupe.imaging.wire_comparisons import comparison_to_json
from tests import scenes, pictures
from tests.dedupe.imaging.views import view
pairs = [(scenes.photograph(), scenes.photograph().crop((60, 40, 560, 440))), (pictures.logo(2),) * 2]
for stored, query in pairs:
    print(hashlib.sha256(json.dumps(comparison_to_json(verify([view(stored)], [view(query)]))).encode()).hexdigest())
"""


def test_four_processes_and_the_same_one_twice_give_the_same_numbers() -> None:
    twice = [verify([view(scenes.drawing())], [view(scenes.drawing().rotate(7))]) for _ in range(2)]
    assert twice[0] == twice[1]
    runs = [
        subprocess.Popen([sys.executable, "-c", GOLDEN], stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    answers = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0, 0]
    assert len(answers[0].split()) == 2
    assert len(set(answers)) == 1


def test_a_comparison_is_plain_numbers() -> None:
    comparison = verify([view(scenes.photograph())], [view(scenes.photograph())])
    assert comparison is not None
    digest = hashlib.sha256(repr(comparison_to_json(comparison)).encode()).hexdigest()
    assert len(digest) == 64
    assert comparison.matrix == pytest.approx((1, 0, 0, 0, 1, 0), abs=1e-3)
