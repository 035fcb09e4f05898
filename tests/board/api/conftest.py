"""The cast with their keys, and uploads that really went through storage, the jail and Postgres."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from board.models import ApiToken, User
from dedupe import workflow
from dedupe.conf import conf
from dedupe.models import Match, Picture, State
from tests.pictures import encoded, landscape

Upload = Callable[..., Picture]


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path) -> None:
    """Each test stores in a folder of its own."""
    places = {name: dict(place) for name, place in settings.STORAGES.items()}
    for name in ("originals", "renditions"):
        places[name]["OPTIONS"] = {"location": tmp_path / "media" / name}
    settings.STORAGES = places
    settings.MEDIA_ROOT = str(tmp_path / "media")
    conf.cache_clear()


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
    user = User.objects.create_user(name, **options)
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


def jpeg(image: Image.Image, quality: int = 90) -> bytes:
    return encoded(image, "JPEG", quality=quality)


def scene(seed: int = 1) -> Image.Image:
    """A picture with plenty of detail, 320 × 240."""
    return landscape(seed, 320, 240)


@pytest.fixture
def upload(db: None) -> Upload:
    """Store an upload and take it through its check."""

    def store_and_check(owner: Actor, data: bytes, name: str = "picture.jpg", **details: Any) -> Picture:
        stream = io.BytesIO(data)
        picture = workflow.submit_picture(owner.user, stream, size=len(data), file_name=name, details=details)
        workflow.analyse_picture(picture.pk)
        picture.refresh_from_db()
        return picture

    return store_and_check


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


@pytest.fixture
def match(held: Picture) -> Match:
    """The question about Alice's upload."""
    return Match.objects.get(query=held)


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
