"""The cast, and uploads that really go through storage, the jail and Postgres."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageEnhance

from board.models import User
from dedupe import workflow
from dedupe.conf import conf
from dedupe.models import Match, Picture, State, Verdict
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


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice")


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob")


@pytest.fixture
def mod(db: None) -> User:
    return User.objects.create_user("mod", is_staff=True)


def jpeg(image: Image.Image, quality: int = 90) -> bytes:
    return encoded(image, "JPEG", quality=quality)


def scene(seed: int = 1) -> Image.Image:
    """A picture with plenty of detail, 320 × 240."""
    return landscape(seed, 320, 240)


def captioned(image: Image.Image) -> Image.Image:
    """The same picture with a bar of other content across it."""
    copy = image.copy()
    ImageDraw.Draw(copy).rectangle((20, 200, 300, 225), fill="white", outline="black")
    return copy


def brighter(image: Image.Image, factor: float = 1.06) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(factor)


def submit(owner: Any, data: bytes, name: str = "picture.jpg", **details: Any) -> Picture:
    """Store an upload; nobody has looked at it yet."""
    return workflow.submit_picture(owner, io.BytesIO(data), size=len(data), file_name=name, details=details)


@pytest.fixture
def upload(db: None) -> Upload:
    """Store an upload and take it through its check."""

    def store_and_check(owner: Any, data: bytes, name: str = "picture.jpg", **details: Any) -> Picture:
        picture = submit(owner, data, name, **details)
        workflow.analyse_picture(picture.pk)
        picture.refresh_from_db()
        return picture

    return store_and_check


@pytest.fixture
def live(upload: Upload, bob: User) -> Picture:
    """Bob's published picture."""
    picture = upload(bob, jpeg(scene(), 92))
    assert picture.state == State.LIVE
    return picture


@pytest.fixture
def held(upload: Upload, alice: User, live: Picture) -> Picture:
    """Alice's upload of the same picture, saved again: she is asked."""
    picture = upload(alice, jpeg(scene(), 60))
    assert picture.state == State.HELD
    return picture


@pytest.fixture
def match(held: Picture) -> Match:
    """The question about Alice's upload."""
    return Match.objects.get(query=held)


@pytest.fixture
def say(alice: User, held: Picture, match: Match) -> Callable[..., Any]:
    """Alice answers: say(Verdict.SAME)."""

    def answer(verdict: Verdict, reason: str = "", actor: Any = alice) -> Any:
        return workflow.answer(actor, held, match, verdict, reason)

    return answer


def state_of(picture: Picture) -> str:
    return Picture.objects.get(pk=picture.pk).state
