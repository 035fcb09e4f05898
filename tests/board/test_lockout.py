"""Wrong passwords: the address that tries them waits; the person whose name was tried does not."""

from __future__ import annotations

from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import hashers
from django.test import Client

from board.models import User
from tests.people import person

PASSWORD = "lake-dusk-42"
ATTACKER, VICTIM = "198.51.100.7", "203.0.113.9"

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(db: None) -> User:
    return person("alice", password=PASSWORD)


@pytest.fixture(autouse=True)
def behind_nginx(settings: Any) -> None:
    """Every request comes from the proxy, which says whom it was asked by."""
    settings.AXES_FAILURE_LIMIT = 3
    settings.PROXIES = 1


def sign_in(name: str, password: str, address: str, path: str = "/sign-in") -> Any:
    """From a browser that was never here."""
    client = Client(headers={"X-Forwarded-For": address}, REMOTE_ADDR="10.0.0.1")
    return client.post(path, {"username": name, "password": password})


def test_many_wrong_passwords_are_told_to_wait(alice: User) -> None:
    answers = [sign_in("alice", "wrong", ATTACKER) for _ in range(4)]
    assert [each.status_code for each in answers[:2]] == [200, 200]
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) == 15 * 60
    assert "Please wait a little" in answers[-1].content.decode()
    assert sign_in("alice", PASSWORD, ATTACKER).status_code == 429


def test_nobody_is_locked_out_by_their_name_alone(alice: User) -> None:
    for _ in range(6):
        sign_in("alice", "wrong", ATTACKER)
    assert sign_in("alice", PASSWORD, VICTIM).status_code == 302


def test_the_count_is_kept_where_every_process_sees_it(alice: User) -> None:
    sign_in("alice", "wrong", ATTACKER)
    row = AccessAttempt.objects.get()
    assert (row.username, row.ip_address, row.failures_since_start) == ("alice", ATTACKER, 1)


def test_the_door_of_the_admin_is_the_same(alice: User) -> None:
    for _ in range(3):
        sign_in("alice", "wrong", ATTACKER, "/admin/login/")
    assert sign_in("alice", PASSWORD, ATTACKER).status_code == 429


def test_unknown_names_and_wrong_passwords_look_and_cost_the_same(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("gone", password=PASSWORD, is_active=False)
    hashed: list[str] = []
    encode = hashers.MD5PasswordHasher.encode

    def noted(self: Any, password: str, *rest: Any) -> str:
        hashed.append(password)
        return str(encode(self, password, *rest))

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", noted)
    pages = {}
    for name in ("alice", "nobody", "gone"):
        answer = sign_in(name, "wrong", VICTIM)
        form = answer.content.decode().split("<main")[1].replace(name, "…")
        pages[name] = (
            answer.status_code,
            form.split('name="csrfmiddlewaretoken"')[0],
            form.count("errorlist"),
        )
    assert pages["alice"] == pages["nobody"] == pages["gone"]
    assert hashed == ["wrong"] * 3
    answers = [sign_in(name, "wrong", ATTACKER).status_code for name in ("alice", "nobody") for _ in range(4)]
    assert answers[:4] == answers[4:]


@pytest.mark.parametrize("name", ["a" * 5000, "a\x00b", "\ud7ffé" * 200, "' OR 1=1 --"])
def test_odd_names_are_just_wrong(name: str) -> None:
    assert sign_in(name, "wrong", VICTIM).status_code == 200
