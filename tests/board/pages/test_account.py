"""Joining, signing in, and what belongs to an account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from board.models import ApiToken, User
from board.templatetags import doppel
from tests.board.pages.conftest import PASSWORD, at, text

NEW = {"username": "carol", "password1": PASSWORD, "password2": PASSWORD}


@pytest.mark.django_db
def test_registering_signs_in(client: Client) -> None:
    assert client.post(at("register"), NEW)["Location"] == at("upload")
    assert client.get(at("account")).status_code == 200
    assert client.get(at("register"))["Location"] == at("gallery")


@pytest.mark.parametrize(
    "change", [{"username": "ALICE"}, {"password2": "other"}, {"password1": "1", "password2": "1"}]
)
def test_a_bad_registration_is_explained(client: Client, alice: User, change: dict[str, str]) -> None:
    response = client.post(at("register"), NEW | change)
    assert response.status_code == 400
    assert "errorlist" in text(response)


def sign_in(client: Client, password: str = PASSWORD, **more: str) -> Any:
    return client.post(at("sign-in"), {"username": "alice", "password": password, **more})


def test_signing_in_leads_on_only_within_the_site(client: Client, alice: User) -> None:
    assert sign_in(client, next="https://evil.example/")["Location"] == at("gallery")
    client.logout()
    assert sign_in(client, next="//evil.example/")["Location"] == at("gallery")
    client.logout()
    assert sign_in(client, next=at("upload"))["Location"] == at("upload")


def test_signing_out_is_by_post(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert client.get(at("sign-out")).status_code == 405
    assert client.post(at("sign-out"))["Location"] == at("gallery")
    assert client.get(at("account")).status_code == 302


def test_too_many_attempts_are_told_to_wait(client: Client, alice: User, settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 2
    responses = [sign_in(client, "wrong") for _ in range(3)]
    assert responses[0].status_code == 200
    assert responses[-1].status_code == 429
    assert "Please wait a little" in text(responses[-1])


def test_a_key_is_shown_once(as_alice: Client, alice: User) -> None:
    page = text(as_alice.post(at("account"), {"form": "token", "name": "my script"}))
    key = page.split('<code id="key">')[1].split("<")[0]
    token = ApiToken.objects.get(owner=alice)
    assert ApiToken.digest_of(key) == token.digest
    assert key not in text(as_alice.get(at("account")))
    assert as_alice.post(at("account"), {"form": "token"}).status_code == 400


def test_a_key_is_revoked_by_its_owner_alone(as_alice: Client, as_bob: Client, alice: User) -> None:
    token, _ = ApiToken.issue(alice, "my script")
    assert as_bob.post(at("revoke-token", token.pk)).status_code == 404
    assert as_alice.post(at("revoke-token", token.pk)).status_code == 302
    assert not ApiToken.objects.exists()


def test_the_password_changes_and_the_session_stays(as_alice: Client, alice: User) -> None:
    given = {
        "form": "password",
        "old_password": PASSWORD,
        "new_password1": "hill-dawn-77",
        "new_password2": "hill-dawn-77",
    }
    assert as_alice.post(at("account"), given | {"old_password": "x"}).status_code == 400
    assert as_alice.post(at("account"), given).status_code == 302
    assert as_alice.get(at("account")).status_code == 200
    alice.refresh_from_db()
    assert alice.check_password("hill-dawn-77")


@pytest.mark.parametrize("name", ["outage.html", "500.html", "403_csrf.html", "account/locked.html"])
def test_pages_for_bad_moments_need_nothing(name: str) -> None:
    assert "<h1>" in render_to_string(name, {"detail": "Our database does not answer."})


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, "–"), (4, "4 seconds"), (60, "1 minute"), (7200, "2 hours"), (90000, "1 day")],
)
def test_durations(seconds: float | None, words: str) -> None:
    assert doppel.duration(seconds) == words


def test_small_words() -> None:
    assert doppel.ago(None) == ""
    assert doppel.ago(timezone.now()) == "now"
    assert doppel.ago(timezone.now() - timedelta(hours=3, minutes=1)) == "3 h"
    assert doppel.percent(0.675) == "68 %"
    assert doppel.safe_source("http://[broken") == ""
    assert doppel.host("https://example.org/x") == "example.org"
