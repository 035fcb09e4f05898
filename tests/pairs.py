"""Pictures and pairs written straight into the tables, for tests that need their rows and not their pixels."""

from __future__ import annotations

from itertools import count
from typing import Any

from django.utils import timezone

from board.models import Post, Tag, User
from dedupe.models import Match, Picture, State

_numbers = count(1)


def published(
    owner: User | None, title: str = "The lake", tags: tuple[str, ...] = (), **more: Any
) -> Picture:
    """A picture with its post, live unless ``state`` says otherwise."""
    number = next(_numbers)
    given: dict[str, Any] = {
        "state": State.LIVE,
        "checksum": f"{number:064x}",
        "size_bytes": 1000,
        "width": 4,
        "height": 3,
        "format": "jpeg",
        "published_at": timezone.now(),
        "storage_key": f"key-{number}",
    }
    picture = Picture.objects.create(owner=owner, **(given | more))
    post = Post.objects.create(picture=picture, title=title)
    post.tags.set(Tag.of_names(tags))
    return picture


def asked(owner: User | None, title: str = "The lake again") -> Picture:
    """An upload whose owner is asked about it."""
    return published(owner, title, state=State.HELD, published_at=None, held_at=timezone.now())


def pair(query: Picture, candidate: Picture, verdict: str = "", *, confident: bool = True) -> Match:
    """A match of the two, decided as ``verdict`` says."""
    return Match.objects.create(
        query=query,
        candidate=candidate,
        relation="re_encoded",
        probability=0.99,
        algorithm_version=1,
        settings_version="tests",
        confident=confident,
        verdict=verdict,
    )


def state_of(picture: Picture) -> State:
    return State(Picture.objects.values_list("state", flat=True).get(pk=picture.pk))
