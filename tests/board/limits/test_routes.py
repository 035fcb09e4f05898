"""The table names every route, and nothing else; the searches in it are counted as searches."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from board.limits.groups import Group
from board.limits.routes import groups_of, line_of, rules
from tests.board.test_permission_table import addresses


def test_every_route_has_a_line() -> None:
    assert [route for route in addresses() if line_of(route) is None] == []


def test_every_line_has_a_route() -> None:
    known = set(addresses())
    assert [route for route in rules() if route not in known and not route.endswith("**")] == []


@pytest.mark.parametrize(
    ("method", "route", "address", "groups"),
    [
        ("GET", "", "/", (Group.EVERYTHING,)),
        ("GET", "upload", "/upload", (Group.EVERYTHING,)),
        ("POST", "upload", "/upload", (Group.UPLOADS, Group.EVERYTHING)),
        ("GET", "search", "/search", (Group.EVERYTHING,)),
        ("GET", "search", "/search?address=abc", (Group.SEARCH, Group.EVERYTHING)),
        ("GET", "renditions/<path:key>", "/renditions/a", (Group.IMAGES,)),
        ("GET", "healthz", "/healthz", (Group.UNLIMITED,)),
        ("POST", "admin/login/", "/admin/login/", (Group.SIGN_IN, Group.EVERYTHING)),
        ("GET", "admin/board/tag/", "/admin/board/tag/", (Group.EVERYTHING,)),
        ("GET", None, "/nowhere", (Group.EVERYTHING,)),
    ],
)
def test_groups_of_requests(method: str, route: str | None, address: str, groups: tuple[Group, ...]) -> None:
    assert groups_of(route, RequestFactory().generic(method, address)) == groups
