"""How two pictures are laid over each other on a page."""

from __future__ import annotations

import json
from typing import Any

from board.pages.stage import Stage, stage_of
from dedupe.models import Match, Picture
from tests.geometries import CROP

GEOMETRY = {**CROP, "matrix": [0.5, 0.0, 0.5, 0.0, 0.5, 0.25]}


def match(**more: Any) -> Match:
    newer, older = (Picture(pk=pk, public_id=f"picture{pk}", width=800, height=400) for pk in (1, 2))
    return Match(pk=7, **{"query": newer, "candidate": older, "geometry": GEOMETRY, **more})


def corners(points: str) -> set[tuple[float, ...]]:
    return {tuple(float(place) for place in point.split(",")) for point in points.split()}


def test_the_smaller_part_is_outlined_where_it_is_not_the_whole() -> None:
    found = match()
    stage = stage_of(found, found.query)
    assert json.loads(stage.matrix) == GEOMETRY["matrix"]
    assert corners(stage.theirs_outline) == {(0.5, 0.5), (1, 0.5), (1, 1), (0.5, 1)}
    assert stage.mine_outline == ""
    assert stage.differences == "/matches/7/differences.png?on=picture2"


def test_from_the_other_side_it_is_turned_round() -> None:
    found = match()
    stage = stage_of(found, found.candidate)
    assert json.loads(stage.matrix) == [2, 0, -1, 0, 2, -0.5]
    assert corners(stage.mine_outline) == {(0.5, 0.5), (1, 0.5), (1, 1), (0.5, 1)}
    assert stage.theirs_outline == ""
    assert stage.differences == "/matches/7/differences.png?on=picture1"


def test_without_geometry_there_is_nothing_to_lay() -> None:
    before = match(geometry={})
    assert stage_of(before, before.query) == Stage()


def test_pictures_that_miss_one_another_are_left_apart() -> None:
    apart = match(geometry=GEOMETRY | {"matrix": [1, 0, 5, 0, 1, 0]})
    assert stage_of(apart, apart.query) == Stage()
