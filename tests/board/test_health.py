"""The two questions that a load balancer asks."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from board import health


@pytest.fixture(autouse=True)
def nobody_has_answered_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_worker_answered_at", -1e9)


def test_the_process_answers_without_any_other_part(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_without_a_worker_we_are_not_ready_and_the_part_is_named(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(health, "_SECONDS", 0.2)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"] == {"database": "ok", "storage": "ok", "worker": "TimeoutError"}


@pytest.mark.django_db(transaction=True)
def test_with_a_worker_we_are_ready(client: Client, worker: object) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)


@pytest.mark.django_db
def test_an_answer_is_remembered_for_a_moment(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setattr(health, "_worker_answered_at", time.monotonic())
    assert client.get("/readyz").status_code == 200


def test_each_part_that_fails_is_named_by_its_error(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OperationalError("no route")

    monkeypatch.setattr(health, "CHECKS", {"database": fail})
    assert client.get("/readyz").json() == {"ready": False, "parts": {"database": "OperationalError"}}
