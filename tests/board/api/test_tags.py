"""Tags that begin with a prefix."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from dedupe.models import State
from tests.board.api.conftest import Actor, problem_of
from tests.board.rows import published


def get(**query: Any) -> Any:
    """As anybody."""
    return Client().get("/api/v1/tags", query)


@pytest.fixture
def some(bob: Actor) -> None:
    published(bob.user, tags=["lake", "lakeside", "old_boat", "été"])
    published(bob.user, tags=["lakeside"])
    published(bob.user, tags=["lake_of_secrets", "lake"], state=State.HELD)


def test_published_tags_are_suggested_with_counts(some: None) -> None:
    assert get(prefix="la").json() == {
        "items": [{"name": "lakeside", "uses": 2}, {"name": "lake", "uses": 1}]
    }
    assert [item["name"] for item in get(prefix="lake").json()["items"]] == ["lake", "lakeside"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [("LAKES", ["lakeside"]), ("Old b", ["old_boat"]), ("é", ["été"]), ("%", []), ("zzz", []), ("", [])],
)
def test_a_prefix_is_read_as_tags_are_typed(some: None, typed: str, found: list[str]) -> None:
    assert [item["name"] for item in get(prefix=typed).json()["items"]] == found


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"prefix": "x" * 61},
        {"prefix": "a\x00"},
        {"prefix": "a", "limit": 0},
        {"prefix": "a", "limit": 21},
    ],
)
def test_bounds(db: None, query: dict[str, Any]) -> None:
    problem_of(get(**query), 422)


def test_it_takes_two_queries(some: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        assert len(get(prefix="l", limit=1).json()["items"]) == 1
