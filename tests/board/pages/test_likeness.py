"""What was done to a picture, in words, from both sides and in both voices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from board.pages.likeness import TO_STAFF, TO_UPLOADER, Pair, likeness, pair_of
from board.pages.wording import guess
from dedupe.imaging import Beyond, Geometry, Method, Relation, common_part
from dedupe.models import Match, Picture, Verdict

Matrix = tuple[float, float, float, float, float, float]
SAME_PLACE: Matrix = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
UPPER_LEFT: Matrix = (0.6, 0.0, 0.0, 0.0, 0.6, 0.0)
LOWER_RIGHT: Matrix = (0.5, 0.0, 0.5, 0.0, 0.5, 1 / 3)


def picture(width: int = 1200, height: int = 800, **more: Any) -> Picture:
    return Picture(width=width, height=height, **{"format": "jpeg", **more})


def lying(matrix: Matrix = SAME_PLACE, **more: Any) -> Geometry:
    """How mine lies on theirs, the former wholly on the latter if nothing else is said."""
    given: dict[str, Any] = {
        "views": ("view", "view"),
        "method": Method.FEATURES,
        "matrix": matrix,
        "turned": 0.0,
        "mirrored": False,
        "scale": matrix[0],
        "covered": (matrix[0] * matrix[4], 1.0),
        "beyond": (Beyond.NOTHING, Beyond.NOTHING),
    }
    return Geometry(**given | more)


def pair(relation: Relation, geometry: Geometry | None = None, **measured: float) -> Pair:
    # As many pixels for the same things on both, so that nothing was scaled.
    scale = geometry.scale if geometry else 1.0
    mine, theirs = picture(round(1200 * scale), round(800 * scale)), picture()
    part = common_part(geometry.matrix, (1200, 800), (1200, 800)) if geometry else None
    return Pair(relation, mine, theirs, geometry, part, measured)


def words(relation: Relation, geometry: Geometry | None = None, **measured: float) -> str:
    return likeness(pair(relation, geometry, **measured), TO_UPLOADER)


def turned_round(geometry: Geometry) -> Geometry:
    return geometry.from_other_side()


CROP = lying(UPPER_LEFT, beyond=(Beyond.BUSY, Beyond.NOTHING))
NARROW = lying((0.95, 0.0, 0.05, 0.0, 0.95, 0.0), beyond=(Beyond.BUSY, Beyond.NOTHING))
STRIP = lying(
    (1.2, 0.0, -0.1, 0.0, 1.2, -0.2),
    covered=(1.0, 0.8),
    beyond=(Beyond.NOTHING, Beyond.LETTERED),
)
FRAME = lying((1.1, 0.0, -0.05, 0.0, 1.1, -0.05), covered=(1.0, 0.8), beyond=(Beyond.NOTHING, Beyond.PLAIN))
PAIRED = lying(LOWER_RIGHT, covered=(0.4, 0.7), beyond=(Beyond.BUSY, Beyond.BUSY))


@pytest.mark.parametrize(
    ("relation", "geometry", "said"),
    [
        (Relation.CROPPED, CROP, "a variant, yours only the upper left part of it, about 35 %"),
        (
            Relation.CROPPED,
            turned_round(CROP),
            "a variant, yours showing more of it: the other is the upper left part of yours, about 35 %",
        ),
        (
            Relation.CROPPED,
            lying(LOWER_RIGHT),
            "a variant, yours only the lower right part of it, about 25 %",
        ),
        (
            Relation.CROPPED,
            lying((0.5, 0.0, 0.25, 0.0, 0.5, 1 / 6)),
            "a variant, yours only the middle of it, about 25 %",
        ),
        (Relation.CROPPED, NARROW, "a variant, yours cut a little at the left and the bottom"),
        (
            Relation.CROPPED,
            turned_round(NARROW),
            "a variant, yours showing a little more at the left and the bottom",
        ),
        (
            Relation.CROPPED,
            lying((0.95, 0.0, 0.025, 0.0, 0.95, 1 / 60)),
            "a variant, yours cut a little all round",
        ),
        (Relation.CROPPED, PAIRED, "a variant, each showing a part that the other does not"),
        (Relation.CROPPED, None, "a variant, one of the two showing more of it"),
        (Relation.FRAMED, FRAME, "the same picture, yours with a plain border"),
        (Relation.FRAMED, turned_round(FRAME), "the same picture, yours without the border round it"),
        (
            Relation.FRAMED,
            replace(FRAME, beyond=(Beyond.PLAIN, Beyond.PLAIN)),
            "the same picture, with another border",
        ),
        (Relation.FRAMED, None, "the same picture, one of the two with a plain border"),
        (Relation.CAPTIONED, STRIP, "a variant, yours with a strip of text above"),
        (Relation.CAPTIONED, turned_round(STRIP), "a variant, yours without the strip of text above"),
        (
            Relation.CAPTIONED,
            replace(STRIP, beyond=(Beyond.LETTERED, Beyond.LETTERED)),
            "a variant, each with other text beside it",
        ),
        (Relation.CAPTIONED, None, "a variant, one of the two with a strip of text"),
        (
            Relation.CONTAINS,
            lying((3.0, 0.0, -1.0, 0.0, 3.0, -1.0), covered=(1.0, 0.11)),
            "a variant, yours showing it among other things, on about 10 % of its area",
        ),
        (Relation.CONTAINS, None, "a variant, yours showing it among other things"),
        (
            Relation.CONTAINED,
            lying((0.2, 0.0, 0.1, 0.0, 0.2, 0.1)),
            "a variant, which the other shows among other things, on about 4 % of its area",
        ),
        (Relation.CONTAINED, None, "a variant, which the other shows among other things"),
        (Relation.MIRRORED, lying(mirrored=True), "a variant, mirrored from left to right"),
        (
            Relation.MIRRORED,
            lying(mirrored=True, turned=180.0),
            "a variant, mirrored from top to bottom",
        ),
        (
            Relation.MIRRORED,
            lying(mirrored=True, turned=90.0),
            "a variant, mirrored and turned by 90° to the left",
        ),
        (
            Relation.MIRRORED,
            replace(CROP, mirrored=True),
            "a variant, mirrored from left to right, yours only the upper left part of it, about 35 %",
        ),
        (Relation.MIRRORED, None, "a variant, mirrored from left to right"),
        (Relation.ROTATED, lying(turned=90.0), "a variant, yours turned by 90° to the left"),
        (
            Relation.ROTATED,
            turned_round(lying(turned=90.0)),
            "a variant, yours turned by 90° to the right",
        ),
        (Relation.ROTATED, lying(turned=-3.4), "a variant, yours turned by 3.4° to the right"),
        (Relation.ROTATED, lying(turned=180.0), "a variant, yours turned upside down"),
        (Relation.ROTATED, None, "a variant, turned"),
        (Relation.GREYSCALE, lying(), "the same picture, one of the two without its colours"),
    ],
)
def test_what_lies_where_is_said(relation: Relation, geometry: Geometry | None, said: str) -> None:
    assert words(relation, geometry) == said


@pytest.mark.parametrize(
    ("relation", "measured", "said"),
    [
        (Relation.RECOLOURED, {"brighter": 1.0, "recoloured": 0.5}, "a variant, in other colours"),
        (Relation.RECOLOURED, {"brighter": 9.0, "recoloured": 0.0}, "a variant, yours lighter"),
        (Relation.RECOLOURED, {"brighter": -9.0, "recoloured": 0.0}, "a variant, yours darker"),
        (
            Relation.RECOLOURED,
            {"brighter": -9.0, "recoloured": 0.5},
            "a variant, in other colours, yours darker",
        ),
        (Relation.RECOLOURED, {}, "a variant, in other colours"),
        (
            Relation.VARIANT,
            {"changed": 0.13},
            "nearly the same picture, with a part that differs, about 15 % of what both show",
        ),
        (Relation.VARIANT, {"changed": 0.0}, "nearly the same picture, with a part that differs"),
        (
            Relation.VARIANT,
            {"changed": 0.01, "steady": 0.91},
            "nearly the same picture, with little differences all over, as in another moment",
        ),
        (
            Relation.VARIANT,
            {"changed": 0.13, "steady": 0.91},
            "nearly the same picture, with a part that differs, about 15 % of what both show",
        ),
    ],
)
def test_what_was_measured_is_said(relation: Relation, measured: dict[str, float], said: str) -> None:
    assert words(relation, **measured) == said


@pytest.mark.parametrize(
    ("relation", "geometry", "mine", "theirs", "said"),
    [
        (Relation.RESIZED, None, {"format": "webp"}, {}, "smaller, and saved again as WebP"),
        (Relation.RESIZED, None, {"quality": 60}, {"quality": 92}, "smaller, and compressed more"),
        (Relation.RESIZED, None, {"quality": 92}, {"quality": 60}, "smaller, and compressed less"),
        (Relation.RESIZED, None, {"quality": 91}, {"quality": 92}, "yours smaller"),
        (Relation.CROPPED, CROP, {"format": "png"}, {}, "about 35 %, and saved again as PNG"),
        (Relation.CROPPED, CROP, {"width": 360, "height": 240}, {}, "about 35 %, yours at a smaller scale"),
        (Relation.CROPPED, CROP, {"width": 1440, "height": 960}, {}, "about 35 %, yours at a larger scale"),
        (
            Relation.CROPPED,
            CROP,
            {"width": 360, "height": 240, "quality": 50},
            {"quality": 90},
            "about 35 %, yours at a smaller scale and compressed more",
        ),
        (Relation.RE_ENCODED, None, {"format": "webp"}, {}, "the same picture, saved again as WebP"),
        (Relation.RE_ENCODED, None, {"quality": 50}, {"quality": 90}, "saved again, and compressed more"),
        (Relation.SAME_PIXELS, None, {"format": "png"}, {}, "point for point, in another file"),
        (Relation.VARIANT, None, {"format": "png"}, {}, "with a part that differs"),
    ],
)
def test_what_was_done_besides_is_said_too(
    relation: Relation, geometry: Geometry | None, mine: dict[str, Any], theirs: dict[str, Any], said: str
) -> None:
    part = common_part(geometry.matrix, (1200, 800), (1200, 800)) if geometry else None
    seen = Pair(
        relation, picture(**({"width": 720, "height": 480} | mine)), picture(**theirs), geometry, part
    )
    assert likeness(seen, TO_UPLOADER).endswith(said)


def test_staff_read_of_the_newer() -> None:
    assert likeness(pair(Relation.CROPPED, CROP), TO_STAFF) == (
        "a variant, the newer only the upper left part of it, about 35 %"
    )
    assert "the newer showing it among other things" in likeness(pair(Relation.CONTAINS), TO_STAFF)


@pytest.mark.parametrize("voice", [TO_UPLOADER, TO_STAFF])
@pytest.mark.parametrize("relation", list(Relation))
def test_every_relation_can_be_said_with_and_without_geometry(relation: Relation, voice: Any) -> None:
    for geometry in (None, CROP, turned_round(CROP)):
        said = likeness(pair(relation, geometry), voice)
        assert said.split(",")[0] in {"the same picture", "a variant", "nearly the same picture"}


@pytest.mark.parametrize("relation", list(Relation))
def test_only_what_is_proposed_as_the_same_is_called_so(relation: Relation) -> None:
    seen = pair(relation)
    called_same = likeness(seen, TO_UPLOADER).startswith("the same")
    assert called_same == (guess(seen, 1.0) is not Verdict.VARIANT)


def test_seen_from_the_candidate_everything_is_turned_round() -> None:
    query, candidate = picture(pk=1), picture(pk=2)
    match = Match(
        query=query,
        candidate=candidate,
        relation=Relation.CONTAINS,
        evidence={"brighter": 7.0},
        geometry={
            "views": ["view", "view"],
            "method": "features",
            "matrix": [2.0, 0.0, -0.5, 0.0, 2.0, -0.2],
            "turned": 0.0,
            "mirrored": False,
            "scale": 2.0,
            "covered": [1.0, 0.25],
            "beyond": ["nothing", "busy"],
        },
    )
    forth, back = pair_of(match, query), pair_of(match, candidate)
    assert (forth.relation, back.relation) == (Relation.CONTAINS, Relation.CONTAINED)
    assert (forth.measured["brighter"], back.measured["brighter"]) == (7.0, -7.0)
    assert forth.geometry is not None
    assert back.geometry is not None
    assert (forth.geometry.covered, back.geometry.covered) == ((1.0, 0.25), (0.25, 1.0))
    assert (back.theirs, forth.theirs) == (query, candidate)


def test_a_match_from_before_has_no_part() -> None:
    match = Match(query=picture(pk=1), candidate=picture(pk=2), relation=Relation.CROPPED)
    seen = pair_of(match, match.candidate)
    assert (seen.geometry, seen.part) == (None, None)
