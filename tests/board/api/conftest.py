"""The cast with their keys, and uploads that really went through storage, the jail and Postgres."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from board.models import ApiToken, User
from dedupe.models import Picture, State
from tests.people import person
from tests.uploads import Upload, jpeg, match, own_media, scene, upload

__all__ = ["Upload", "jpeg", "match", "own_media", "scene", "upload"]


@pytest.fixture(autouse=True)
def silent_doorbell(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Nobody rings the broker here; the pictures that would have been announced."""
    rung: list[int] = []
    monkeypatch.setattr("dedupe.workflow.submission.ring", lambda pk: not rung.append(pk))
    return rung


@dataclass
class Actor:
    """Somebody, and a client that acts for them by token; ``session`` acts by a signed-in browser."""

    user: User
    client: Client
    token: ApiToken
    key: str

    def session(self, **options: Any) -> Client:
        browser = Client(**options)
        browser.force_login(self.user)
        return browser

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path: str, body: Any = None) -> Any:
        return self.client.post(
            f"/api/v1/{path}", {} if body is None else body, content_type="application/json"
        )

    def delete(self, path: str) -> Any:
        return self.client.delete(f"/api/v1/{path}")

    def send(self, path: str, data: bytes, name: str = "picture.jpg", **fields: Any) -> Any:
        """Post a file with further form fields."""
        file = io.BytesIO(data)
        file.name = name
        return self.client.post(f"/api/v1/{path}", {"file": file, **fields})


def _actor(name: str, **options: Any) -> Actor:
    user = person(name, **options)
    token, key = ApiToken.issue(user, "tests")
    return Actor(user, Client(headers={"Authorization": f"Bearer {key}"}), token, key)


@pytest.fixture
def alice(db: None) -> Actor:
    return _actor("alice")


@pytest.fixture
def bob(db: None) -> Actor:
    return _actor("bob")


@pytest.fixture
def mod(db: None) -> Actor:
    return _actor("mod", is_staff=True)


@pytest.fixture
def live(upload: Upload, bob: Actor) -> Picture:
    """Bob's published picture."""
    picture = upload(bob, jpeg(scene(), 92), title="Hills", tags=["hills", "night_sea"], external_id="H-1")
    assert picture.state == State.LIVE
    return picture


@pytest.fixture
def held(upload: Upload, alice: Actor, live: Picture) -> Picture:
    """Alice's upload of the same picture, saved again: she is asked."""
    picture = upload(alice, jpeg(scene(), 60))
    assert picture.state == State.HELD
    return picture


def told(response: Any) -> dict[str, Any]:
    """What a problem document says, but for the number of its own request."""
    body = {name: value for name, value in response.json().items() if name != "request_id"}
    return body | {"status": response.status_code}


def problem_of(response: Any, status: int) -> dict[str, Any]:
    """The problem document of a response, after a look at its form."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert body["type"] == "about:blank"
    assert body["title"]
    assert body["detail"].endswith((".", ")", "…."))
    return body
