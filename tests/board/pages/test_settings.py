"""One's account: keys that are shown once, a password that ends sessions, and a way out of everywhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from board.models import ApiToken, User
from tests.board.pages.conftest import PASSWORD, at, browser_of, text

NEW = "hill-dawn-77"
CHANGE = {"form": "password", "old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}


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


def test_the_password_changes_and_ends_every_other_session(as_alice: Client, alice: User) -> None:
    elsewhere = browser_of(alice)
    assert as_alice.post(at("account"), CHANGE | {"old_password": "x"}).status_code == 400
    assert elsewhere.get(at("account")).status_code == 200
    assert as_alice.post(at("account"), CHANGE).status_code == 302
    assert as_alice.get(at("account")).status_code == 200
    assert elsewhere.get(at("account")).status_code == 302
    alice.refresh_from_db()
    assert alice.check_password(NEW)


@pytest.mark.parametrize(("asked", "left"), [({}, 2), ({"revoke": "on"}, 0)])
def test_keys_end_with_the_password_if_asked(
    as_alice: Client, alice: User, bob: User, asked: dict[str, str], left: int
) -> None:
    for name in ("laptop", "server"):
        ApiToken.issue(alice, name)
    ApiToken.issue(bob, "his")
    page = as_alice.post(at("account"), CHANGE | asked, follow=True)
    assert alice.api_tokens.count() == left
    assert bob.api_tokens.count() == 1
    assert ("2 keys do not work any more" in text(page)) == (not left)


@pytest.mark.parametrize(("asked", "left"), [({}, 1), ({"revoke": "1"}, 0)])
def test_signing_out_everywhere_ends_all_sessions(
    as_alice: Client, as_bob: Client, alice: User, asked: dict[str, str], left: int
) -> None:
    elsewhere = browser_of(alice)
    ApiToken.issue(alice, "laptop")
    left_page = as_alice.post(at("sign-out-everywhere"), asked, follow=True)
    assert "You are signed out everywhere." in text(left_page)
    assert [each.get(at("account")).status_code for each in (as_alice, elsewhere, as_bob)] == [302, 302, 200]
    assert alice.api_tokens.count() == left
    assert as_alice.post(at("sign-in"), {"username": "alice", "password": PASSWORD}).status_code == 302
    assert as_alice.get(at("account")).status_code == 200


def test_whoever_was_signed_in_before_there_were_epochs_stays_so(alice: User) -> None:
    """Adding the field to a running site signs nobody out."""
    from django.contrib.auth.models import AbstractUser

    assert alice.get_session_auth_hash() == AbstractUser.get_session_auth_hash(alice)


def test_a_new_secret_key_keeps_sessions_of_every_epoch(alice: User, settings: Any) -> None:
    User.objects.filter(pk=alice.pk).update(session_epoch=3)
    alice.refresh_from_db()
    browser = browser_of(alice)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one, as long as Django's check of its length would have it"
    assert browser.get(at("account")).status_code == 200


@pytest.mark.parametrize("weak", ["lake-42", "password1234", "83920174652", "alice-hill1"])
def test_weak_passwords_are_refused(weak: str) -> None:
    person = User(username="alice-hill")
    with pytest.raises(ValidationError):
        validate_password(weak, person)
    validate_password(NEW, person)
