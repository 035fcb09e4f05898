"""How the two pictures of a match are laid over each other on a page."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.urls import reverse

from dedupe.imaging import common_part
from dedupe.imaging.geometry import Points
from dedupe.models import Match, Picture

_WHOLE = 0.97
"""A common part of this share of a picture needs no outline: it is all of it, but for a pixel or two."""


@dataclass(frozen=True)
class Stage:
    """What the views of two pictures need besides the pictures.

    ``matrix`` is a JSON list of six numbers, as of ``Match.matrix_from(mine)``, and ``common`` one of places on
    theirs, 0–1 of its width and height; both are empty where nothing was laid over each other. The outlines are
    points of an SVG polygon in the same unit, empty where the common part is the whole.
    """

    matrix: str = ""
    common: str = ""
    mine_outline: str = ""
    theirs_outline: str = ""
    differences: str = ""


def stage_of(match: Match, mine: Picture) -> Stage:
    """The stage of a match, seen by the uploader of ``mine``."""
    theirs = match.other(mine)
    geometry = match.geometry_from(mine)
    if geometry is None or not all((mine.width, mine.height, theirs.width, theirs.height)):
        return Stage()
    part = common_part(geometry.matrix, _size(theirs), _size(mine))
    if part is None:
        return Stage()
    return Stage(
        matrix=json.dumps(geometry.matrix),
        common=json.dumps(part.theirs),
        mine_outline=_outline(part.mine, geometry.covered[1]),
        theirs_outline=_outline(part.theirs, geometry.covered[0]),
        differences=f"{reverse('differences', args=[match.pk])}?on={theirs.public_id}" if match.pk else "",
    )


def _size(picture: Picture) -> tuple[int, int]:
    return picture.width or 1, picture.height or 1


def _outline(points: Points, share: float) -> str:
    return "" if share >= _WHOLE else " ".join(f"{x:g},{y:g}" for x, y in points)
