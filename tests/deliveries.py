"""Uploads whose bytes come after their row, and a doorbell that rings into a list."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from board.models import User
from dedupe import incoming, workflow
from dedupe.models import Delivery, Picture
from dedupe.workflow import abandoned, deliveries, receiving, sweep
from tests.uploads import jpeg, scene

on_commit = pytest.mark.django_db(transaction=True)
DATA = jpeg(scene())


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The doorbell rings into a list."""
    heard: list[tuple[str, int]] = []

    def ring(picture_id: int, task: str = "dedupe.analyse") -> bool:
        heard.append((task.removeprefix("dedupe."), picture_id))
        return True

    for module in (deliveries, receiving, abandoned, sweep):
        monkeypatch.setattr(module, "ring", ring)
    return heard


@pytest.fixture(autouse=True)
def no_grace(settings: Any) -> None:
    """The sweep waits for nobody."""
    settings.DEDUPE = {"orphan_grace_seconds": 0}


def announce(owner: User, data: bytes = DATA, **more: Any) -> Delivery:
    given: dict[str, Any] = {"mime": "image/jpeg", "size_bytes": len(data), "file_name": "lake.jpg"}
    return workflow.announce_upload(owner, **given | more)


def send(delivery: Delivery, data: bytes = DATA) -> Delivery:
    assert incoming.keep(delivery.key, io.BytesIO(data))
    return delivery


def sent(owner: User, data: bytes = DATA, **more: Any) -> Picture:
    """Announced, sent and completed; nobody has taken it over."""
    return workflow.complete_upload(send(announce(owner, data, **more), data))


def received(picture: Picture) -> Picture:
    workflow.receive_picture(picture.pk)
    picture.refresh_from_db()
    return picture


def expire(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(expires_at=timezone.now() - timedelta(minutes=1))


def make_due(picture: Picture) -> None:
    Delivery.objects.filter(picture=picture).update(next_attempt_at=timezone.now())


def stored_names(tmp_path: Path) -> set[str]:
    top = tmp_path / "media" / "originals"
    return {str(path.relative_to(top)) for path in top.rglob("*") if path.is_file()}
