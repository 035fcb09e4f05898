"""How the board follows its pictures: a post for each upload."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.dispatch import receiver

from board.models import Post, Tag
from dedupe.models import Picture
from dedupe.signals import picture_submitted


@receiver(picture_submitted, sender=Picture)
def write_post(picture: Picture, details: Mapping[str, Any], **_: object) -> None:
    """Write the post of a new upload. ``details``: title, tags (names), source, external_id, attributes."""
    post = Post.objects.create(
        picture=picture,
        title=str(details.get("title", ""))[:200],
        source=str(details.get("source", ""))[:500],
        external_id=str(details.get("external_id", ""))[:200],
        attributes=details.get("attributes") or {},
    )
    if tags := details.get("tags"):
        post.tags.set(Tag.of_names(tags))
