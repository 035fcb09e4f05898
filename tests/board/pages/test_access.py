"""What keeps others out of the pages, beside the table of permissions, and what is said to them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from board.models import User
from dedupe.models import Case, Picture
from tests.board.pages.conftest import at, browser_of, text

OPEN = ["gallery", "galleries", "tags", "sign-in", "register"]
SIGNED_IN = ["upload", "uploads", "search", "new-gallery", "history", "account", "notices", "favourites"]
STAFF = ["review", "stats"]


@pytest.mark.django_db
def test_visitors_are_asked_to_sign_in_and_come_back(client: Client) -> None:
    for name in ("uploads", "review"):
        assert client.get(at(name))["Location"] == f"{at('sign-in')}?next={at(name)}"


def test_staff_pages_refuse_others_in_words(as_alice: Client) -> None:
    refused = as_alice.get(at("review"))
    assert refused.status_code == 403
    assert "not for this account" in text(refused)


@pytest.mark.parametrize("who", ["visitor", "bob"])
def test_acts_on_what_belongs_to_others_do_nothing(held: Picture, bob: User, match: Any, who: str) -> None:
    browser = browser_of(bob if who == "bob" else None)
    for name in ("answer", "withdraw"):
        response = browser.post(at(name, held.public_id), {"match": match.pk, "verdict": "same"})
        assert response.status_code == (404 if who == "bob" else 302)
    held.refresh_from_db()
    assert held.state == "held"


@pytest.mark.parametrize("name", ["answer", "withdraw", "report", "comment", "favourite", "edit"])
@pytest.mark.hostile("input 17")
def test_unsafe_acts_need_a_token_against_forgery(held: Picture, alice: User, name: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    response = browser.post(at(name, held.public_id), {"verdict": "same"})
    assert response.status_code == 403
    assert "Nothing was changed" in text(response)


@pytest.mark.django_db
def test_nothing_here_is_said_kindly(client: Client) -> None:
    response = client.get("/no-such-page")
    assert response.status_code == 404
    assert "There is nothing at this address" in text(response)


def test_nothing_is_written_inline(as_mod: Client, override: Case, held: Picture) -> None:
    addresses = [at(name) for name in OPEN[:2] + SIGNED_IN + STAFF]
    addresses += [at("case", override.pk), at("picture", held.public_id)]
    for address in addresses:
        page = text(as_mod.get(address))
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        assert "<script>" not in page
