"""Whoever asks too much is told when to come back: on pages, in the API, in pieces of pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from board.limits.groups import Group
from board.models import ApiToken, User
from tests.board.limits.conftest import Tighten

pytestmark = pytest.mark.django_db


def statuses(client: Client, address: str, times: int, **options: Any) -> list[int]:
    return [client.get(address, **options).status_code for _ in range(times)]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_page_says_it_in_words(tighten: Tighten) -> None:
    tighten(Group.EVERYTHING, 2)
    client = Client()
    assert statuses(client, "/tags/", 2) == [200, 200]
    refused = client.get("/tags/")
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    assert "Please wait" in refused.content.decode()
    assert refused["Cache-Control"] == "no-store"


def test_the_api_answers_with_a_problem_document(tighten: Tighten) -> None:
    tighten(Group.EVERYTHING, 1)
    client = Client()
    assert client.get("/api/v1/tags?prefix=hi").status_code == 200
    refused = client.get("/api/v1/tags?prefix=hi")
    assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
    assert refused.json()["status"] == 429
    assert int(refused["Retry-After"])


def test_htmx_gets_a_sentence(tighten: Tighten) -> None:
    tighten(Group.SIMILAR, 0)
    refused = Client().get("/pictures/abc/similar", headers={"HX-Request": "true"})
    assert refused.status_code == 429
    assert "<html" not in refused.content.decode()
    assert "each look takes us some work" in refused.content.decode()


@pytest.mark.hostile("input 19")
def test_searches_are_dearer_than_pages(tighten: Tighten, alice: User) -> None:
    tighten(Group.SEARCH, 1)
    client = signed_in(alice)
    assert statuses(client, "/search?address=nothing", 2) == [404, 429]
    assert client.post("/search").status_code == 429
    assert client.post("/api/v1/search").status_code == 429
    assert client.get("/search").status_code == 200


@pytest.mark.hostile("input 19")
def test_a_person_is_one_wherever_they_sit(tighten: Tighten, alice: User, bob: User) -> None:
    """Sessions and keys of one person are counted together; other people at the same address are not."""
    tighten(Group.EVERYTHING, 2)
    _, key = ApiToken.issue(alice, "program")
    assert signed_in(alice).get("/tags/").status_code == 200
    assert signed_in(alice).get("/tags/").status_code == 200
    assert (
        Client().get("/api/v1/tags?prefix=hi", headers={"Authorization": f"Bearer {key}"}).status_code == 429
    )
    assert signed_in(bob).get("/tags/").status_code == 200
    assert Client().get("/tags/").status_code == 200


def test_a_wrong_key_counts_by_address(tighten: Tighten) -> None:
    tighten(Group.EVERYTHING, 2)
    wrong = [{"Authorization": f"Bearer doppel_{number}"} for number in range(3)]
    assert [Client().get("/api/v1/uploads", headers=each).status_code for each in wrong] == [401, 401, 429]


def test_addresses_where_nothing_is_are_counted(tighten: Tighten) -> None:
    tighten(Group.EVERYTHING, 2)
    assert statuses(Client(), "/wp-login.php", 3) == [404, 404, 429]


def test_signing_in_and_registering_are_counted_by_address(tighten: Tighten, alice: User) -> None:
    tighten(Group.SIGN_IN, 1)
    tighten(Group.REGISTER, 1)
    for address in ("/sign-in", "/register"):
        assert [Client().post(address, {"username": "x"}).status_code for _ in range(2)][1] == 429
    assert Client().post("/admin/login/").status_code == 429
    assert Client().get("/sign-in").status_code == 200


def test_health_is_never_refused(tighten: Tighten) -> None:
    tighten(Group.EVERYTHING, 0)
    assert Client().get("/healthz").status_code == 200


def test_a_picture_asks_for_no_session(tighten: Tighten, alice: User, django_assert_num_queries: Any) -> None:
    """Renditions are kept by caches for everybody: counting them must not tell people apart."""
    tighten(Group.IMAGES, 0)
    client = signed_in(alice)
    with django_assert_num_queries(0):
        refused = client.get("/renditions/none")
    assert refused.status_code == 429


@pytest.mark.hostile("input 19")
def test_a_refused_upload_is_not_read(tighten: Tighten, alice: User) -> None:
    """Whoever checks the CSRF token reads the whole request; the count comes before."""
    tighten(Group.UPLOADS, 0)
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post("/upload", {"file": "x"}).status_code == 429


def test_without_redis_pages_are_served(limits: Any, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert statuses(Client(), "/tags/", 3) == [200, 200, 200]
