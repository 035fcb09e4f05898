"""Uploads that really go through storage, the jail and Postgres."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageEnhance

from board.models import User
from dedupe import workflow
from dedupe.models import Match, Picture, State, Verdict
from tests.uploads import Upload, jpeg, match, own_media, scene, submit, upload

__all__ = ["Upload", "jpeg", "match", "own_media", "scene", "submit", "upload"]


def captioned(image: Image.Image) -> Image.Image:
    """The same picture with a bar of other content across it."""
    copy = image.copy()
    ImageDraw.Draw(copy).rectangle((20, 200, 300, 225), fill="white", outline="black")
    return copy


def brighter(image: Image.Image, factor: float = 1.06) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(factor)


@pytest.fixture(params=["filesystem", "s3"])
def place(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> str:
    """Both kinds of storage, one after the other."""
    if request.param == "s3":
        bucket = request.getfixturevalue("s3")
        from board.settings import bucket_storage

        settings.STORAGES = settings.STORAGES | {
            name: bucket_storage(name, bucket.environment()) for name in ("originals", "renditions")
        }
    return str(request.param)


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
def say(alice: User, held: Picture, match: Match) -> Callable[..., Any]:
    """Alice answers: say(Verdict.SAME)."""

    def answer(verdict: Verdict, reason: str = "", actor: Any = alice) -> Any:
        return workflow.answer(actor, held, match, verdict, reason)

    return answer


def state_of(picture: Picture) -> str:
    return Picture.objects.get(pk=picture.pk).state
