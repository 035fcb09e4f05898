"""The cast at their browsers, and uploads that really went through storage, the jail and Postgres."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from board.models import User
from dedupe import workflow
from dedupe.models import Case, Match, Picture, State, Verdict
from tests import people
from tests.board.limits.conftest import Tighten, limits, tighten
from tests.pictures import encoded, landscape
from tests.uploads import Upload, match, own_media, upload

__all__ = ["Tighten", "Upload", "limits", "match", "own_media", "tighten", "upload"]

PASSWORD = "lake-dusk-42"
HOSTILE = '"><svg onload=alert(1)>\u202egpj.exe'


@pytest.fixture(autouse=True)
def silent_doorbell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody rings the broker here."""
    monkeypatch.setattr("dedupe.workflow.submission.ring", lambda pk: True)


def person(name: str, **more: Any) -> User:
    return people.person(name, password=PASSWORD, **more)


@pytest.fixture
def alice(db: None) -> User:
    return person("alice")


@pytest.fixture
def bob(db: None) -> User:
    return person("bob")


@pytest.fixture
def mod(db: None) -> User:
    return person("mod", is_staff=True)


def browser_of(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


@pytest.fixture
def as_alice(alice: User) -> Client:
    return browser_of(alice)


@pytest.fixture
def as_bob(bob: User) -> Client:
    return browser_of(bob)


@pytest.fixture
def as_mod(mod: User) -> Client:
    return browser_of(mod)


def jpeg(seed: int = 1, quality: int = 90, size: tuple[int, int] = (320, 240)) -> bytes:
    return encoded(landscape(seed, 320, 240).resize(size, Image.Resampling.LANCZOS), "JPEG", quality=quality)


@pytest.fixture
def live(upload: Upload, bob: User) -> Picture:
    """Bob's published picture."""
    picture = upload(bob, jpeg(quality=92), title="The lake", tags=["lake", "dusk"])
    assert picture.state == State.LIVE
    return picture


@pytest.fixture
def held(upload: Upload, alice: User, live: Picture) -> Picture:
    """Alice's upload of the same picture, saved again: she is asked."""
    picture = upload(alice, jpeg(quality=60), name=HOSTILE, title=HOSTILE, tags=["alps"])
    assert picture.state == State.HELD
    return picture


@pytest.fixture
def redirecting(held: Picture, match: Match, alice: User) -> Picture:
    """Alice's upload after she said that it is the same picture."""
    workflow.answer(alice, held, match, Verdict.SAME)
    held.refresh_from_db()
    return held


@pytest.fixture
def override(held: Picture, match: Match, alice: User) -> Case:
    """The case of Alice's answer that it is a different picture."""
    workflow.answer(alice, held, match, Verdict.DIFFERENT, "another season")
    return Case.objects.get()


@pytest.fixture
def proposal(held: Picture, match: Match, alice: User) -> Case:
    """The case of Alice's answer that hers is the better copy."""
    workflow.answer(alice, held, match, Verdict.BETTER)
    return Case.objects.get()


def at(name: str, *args: Any) -> str:
    return reverse(name, args=args)


def text(response: Any) -> str:
    return response.content.decode()
