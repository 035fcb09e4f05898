"""Uploads that really go through storage, the jail and Postgres; each conftest imports the fixtures it shares."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from dedupe import workflow
from dedupe.conf import conf
from dedupe.models import Match, Picture
from tests.memory import place_before_the_jail, remembering
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


def scene(seed: int = 1) -> Image.Image:
    """A picture with plenty of detail, 320 × 240."""
    return landscape(seed, 320, 240)


def jpeg(image: Image.Image, quality: int = 90) -> bytes:
    return encoded(image, "JPEG", quality=quality)


def submit(owner: Any, data: bytes, name: str = "picture.jpg", **details: Any) -> Picture:
    """Store an upload; nobody has looked at it yet."""
    return workflow.submit_picture(owner, io.BytesIO(data), size=len(data), file_name=name, details=details)


@pytest.fixture
def upload(db: None, monkeypatch: pytest.MonkeyPatch) -> Upload:
    """Store an upload and take it through its check: upload(owner, bytes, name, check=False, title=…).

    Pictures that were checked before are not analysed again, only stored, searched for and settled.
    """
    place_before_the_jail(monkeypatch)

    def store_and_check(
        owner: Any, data: bytes, name: str = "picture.jpg", check: bool = True, **details: Any
    ) -> Picture:
        picture = submit(getattr(owner, "user", owner), data, name, **details)
        if check:
            with remembering():
                workflow.analyse_picture(picture.pk)
        picture.refresh_from_db()
        return picture

    return store_and_check


@pytest.fixture
def match(held: Picture) -> Match:
    """The question about the upload that is held."""
    return Match.objects.get(query=held)
