"""Every kind of no is a problem document."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, UnreadablePostError
from django.test import Client

from dedupe.imaging import Refusal, Refused
from dedupe.jail.client import JailUnavailable
from dedupe.search import SearchFailed
from dedupe.storage import StorageUnavailable
from dedupe.workflow import Conflict, NotAllowed, TooLate
from tests.board.api.conftest import Actor, problem_of


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Conflict("Somebody was first."), 409),
        (NotAllowed("Only staff may do this."), 403),
        (TooLate("It is too late."), 410),
        (SearchFailed("canceled"), 503),
        (JailUnavailable("dead"), 503),
        (StorageUnavailable("refused"), 503),
        (OperationalError("gone"), 503),
        (Refused(Refusal.BROKEN, "secret detail"), 422),
        (SuspiciousOperation("forged"), 400),
        (UnreadablePostError("broken off"), 400),
        (Http404("x"), 404),
        (RuntimeError("secret detail"), 500),
    ],
    ids=lambda value: type(value).__name__,
)
def test_exceptions(alice: Actor, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int) -> None:
    def fail(*args: Any, **options: Any) -> None:
        raise error

    monkeypatch.setattr("board.api.decisions.decisions_known_to", fail)
    response = alice.get("decisions")
    body = problem_of(response, status)
    assert "secret" not in response.content.decode()
    if status == 503:
        assert response["Retry-After"] == "10"
    if isinstance(error, Refused):
        assert body["refusal"] == "broken"


def test_faults_are_written_down(
    alice: Actor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("board.api.decisions.decisions_known_to", None)
    alice.get("decisions")
    assert "TypeError" in caplog.text


def test_validation_names_the_fields_and_repeats_nothing(alice: Actor) -> None:
    response = alice.post("precheck", {"sha256": "<script>"})
    body = problem_of(response, 422)
    assert body["errors"][0]["field"].endswith("sha256")
    assert "script" not in response.content.decode()


@pytest.mark.parametrize("body", ["", "{", "[" * 100_000, '"text"', "\xff"])
def test_bodies_that_are_no_json(alice: Actor, body: str) -> None:
    response = alice.client.generic("POST", "/api/v1/precheck", body, content_type="application/json")
    assert response.status_code in {400, 422}
    problem_of(response, response.status_code)


def test_a_large_json_body_is_not_read(alice: Actor) -> None:
    body = '{"sha256": "%s"}' % ("0" * 2_000_000)
    problem_of(alice.client.generic("POST", "/api/v1/precheck", body, content_type="application/json"), 413)


@pytest.mark.parametrize("client", ["anonymous", "alice"])
def test_a_flood_is_not_even_read(alice: Actor, client: str) -> None:
    who = Client() if client == "anonymous" else alice.client
    response = who.post("/api/v1/uploads", {}, headers={"Content-Length": str(1 << 40)})
    problem_of(response, 413)


def test_a_nonsensical_length_is_no_fault(alice: Actor) -> None:
    response = alice.client.get("/api/v1/decisions", CONTENT_LENGTH="many")
    assert response.status_code == 200


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\xe9"]
)
def test_a_broken_form(alice: Actor, kind: str) -> None:
    response = alice.client.generic("POST", "/api/v1/uploads", b"--x\r\nfoo", content_type=kind)
    problem_of(response, 400)


@pytest.mark.parametrize("path", ["", "nothing", "pictures/", "pictures/%00", "pictures/a%2Fb/similar"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_addresses_that_are_not_there(alice: Actor, method: str, path: str) -> None:
    response = alice.client.generic(method, f"/api/v1/{path}")
    problem_of(response, 405 if method == "POST" and "%00" in path else 404)


def test_other_methods_are_told_what_is_taken(db: None) -> None:
    response = Client().delete("/api/v1/uploads")
    assert "GET" in problem_of(response, 405)["detail"]
    assert set(response["Allow"].split(", ")) == {"GET", "POST"}
