"""A match, seen from either of its pictures."""

from __future__ import annotations

import pytest

from dedupe.models import Match, Picture

MATRIX = [0.5, 0.0, 0.25, 0.0, 0.5, 0.1]
GEOMETRY = {
    "views": ["view", "view"],
    "method": "features",
    "matrix": MATRIX,
    "turned": 0.0,
    "mirrored": False,
    "scale": 0.5,
    "covered": [0.25, 1.0],
    "beyond": ["busy", "nothing"],
}


@pytest.fixture
def pair() -> tuple[Picture, Picture]:
    """The query and the candidate; nothing of them is stored."""
    return Picture(pk=1), Picture(pk=2)


def test_the_matrix_from_the_query_is_the_one_that_was_kept(pair: tuple[Picture, Picture]) -> None:
    match = Match(query=pair[0], candidate=pair[1], geometry=GEOMETRY)
    assert match.matrix_from(pair[0]) == tuple(MATRIX)


def test_the_matrix_from_the_candidate_undoes_it(pair: tuple[Picture, Picture]) -> None:
    match = Match(query=pair[0], candidate=pair[1], geometry=GEOMETRY)
    assert match.matrix_from(pair[1]) == (2.0, 0.0, -0.5, 0.0, 2.0, -0.2)
    seen = match.geometry_from(pair[1])
    assert seen is not None
    assert seen.covered == (1.0, 0.25)


def test_a_match_without_geometry_has_no_matrix(pair: tuple[Picture, Picture]) -> None:
    match = Match(query=pair[0], candidate=pair[1])
    assert match.matrix_from(pair[0]) is None
    assert match.geometry_from(pair[1]) is None
