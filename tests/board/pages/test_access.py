"""Every page for everybody: visitors, people, staff."""

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


@pytest.mark.parametrize("name", OPEN)
@pytest.mark.django_db
def test_open_pages_need_no_account(client: Client, name: str) -> None:
    assert client.get(at(name)).status_code == 200


@pytest.mark.parametrize("name", SIGNED_IN + STAFF)
@pytest.mark.django_db
def test_visitors_are_asked_to_sign_in(client: Client, name: str) -> None:
    response = client.get(at(name))
    assert (response.status_code, response["Location"]) == (302, f"{at('sign-in')}?next={at(name)}")


@pytest.mark.parametrize("name", SIGNED_IN)
def test_people_have_pages_of_their_own(as_alice: Client, name: str) -> None:
    assert as_alice.get(at(name)).status_code == 200


@pytest.mark.parametrize("name", STAFF)
def test_staff_pages_refuse_others_in_words(as_alice: Client, as_mod: Client, name: str) -> None:
    refused = as_alice.get(at(name))
    assert refused.status_code == 403
    assert "not for this account" in text(refused)
    assert as_mod.get(at(name)).status_code == 200


def test_a_case_is_for_staff(as_alice: Client, as_mod: Client, override: Case, client: Client) -> None:
    address = at("case", override.pk)
    assert client.get(address).status_code == 302
    assert as_alice.get(address).status_code == 403
    assert as_mod.get(address).status_code == 200
    assert as_mod.get(at("case", override.pk + 99)).status_code == 404


def test_an_upload_exists_for_its_owner_and_staff_alone(
    held: Picture, as_alice: Client, as_bob: Client, as_mod: Client, client: Client
) -> None:
    for name in ("upload-status", "original"):
        address = at(name, held.public_id)
        assert as_bob.get(address).status_code == 404
        assert as_alice.get(address).status_code == as_mod.get(address).status_code == 200
    assert client.get(at("upload-status", held.public_id)).status_code == 302
    assert client.get(at("original", held.public_id)).status_code == 404


@pytest.mark.parametrize("who", ["visitor", "bob"])
def test_acts_on_what_belongs_to_others_do_nothing(held: Picture, bob: User, match: Any, who: str) -> None:
    browser = browser_of(bob if who == "bob" else None)
    for name in ("answer", "withdraw"):
        response = browser.post(at(name, held.public_id), {"match": match.pk, "verdict": "same"})
        assert response.status_code == (404 if who == "bob" else 302)
    held.refresh_from_db()
    assert held.state == "held"


@pytest.mark.parametrize("name", ["answer", "withdraw", "report", "comment", "favourite", "edit"])
def test_unsafe_acts_need_a_token_against_forgery(held: Picture, alice: User, name: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    response = browser.post(at(name, held.public_id), {"verdict": "same"})
    assert response.status_code == 403
    assert "Nothing was changed" in text(response)


@pytest.mark.django_db
def test_acts_are_not_done_by_get(as_alice: Client, held: Picture) -> None:
    for name in ("answer", "withdraw", "report", "comment", "favourite"):
        assert as_alice.get(at(name, held.public_id)).status_code == 405


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
