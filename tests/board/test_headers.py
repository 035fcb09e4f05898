"""Headers that every answer carries, of views, of other middleware and of static files."""

from __future__ import annotations

import pytest
from django.test import Client

from board.headers import INERT


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/", "/healthz", "/api/v1/tags?prefix=hi", "/nowhere", "/static/css/base.css"]
)
def test_every_answer_carries_them(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_a_static_file_loads_nothing(client: Client) -> None:
    answer = client.get("/static/mark.svg")
    assert answer.status_code == 200
    assert answer["Content-Security-Policy"] == INERT


@pytest.mark.django_db
def test_pages_belong_to_one_browser_and_say_what_they_depend_on(client: Client) -> None:
    assert client.get("/tags/")["Cache-Control"] == "private, no-cache"
    assert "Cookie" in client.get("/tags/")["Vary"]
    answer = client.get("/api/v1/tags?prefix=hi")
    assert answer["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie"} <= {each.strip() for each in answer["Vary"].split(",")}
