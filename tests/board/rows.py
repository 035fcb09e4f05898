"""Published pictures as rows alone, for tests that look at lists and not at pixels."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import count

from django.utils import timezone

from board.models import Post, Tag, User
from dedupe.models import Picture, Rendition, State

_numbers = count()


def published(
    owner: User | None, title: str = "", tags: Iterable[str] = (), state: str = State.LIVE
) -> Picture:
    """A picture with its post and a small rendition whose file does not exist."""
    number = next(_numbers)
    picture = Picture.objects.create(
        owner=owner,
        state=state,
        checksum=hashlib.sha256(str(number).encode()).hexdigest(),
        size_bytes=1000,
        storage_key=f"row-{number}",
        width=400,
        height=300,
        format="jpeg",
        published_at=timezone.now(),
    )
    Rendition.objects.create(
        picture=picture,
        kind=Rendition.Kind.SMALL,
        key=f"row-{number}.jpg",
        width=400,
        height=300,
        mime="image/jpeg",
        size_bytes=100,
    )
    post = Post.objects.create(picture=picture, title=title)
    post.tags.set(Tag.of_names(tags))
    return picture
