"""Joining, signing in, and what belongs to an account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from board.models import User
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


@pytest.mark.parametrize(
    "name", ["outage.html", "500.html", "403_csrf.html", "account/locked.html", "too_many.html"]
)
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
