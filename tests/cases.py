"""Cases of the review queue about pictures that are rows alone: for pages that list many and decode none."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from board.models import Post, Tag, User
from dedupe.imaging import ALGORITHM_VERSION, Relation
from dedupe.models import MACHINE_KINDS, Case, CaseKind, Match, Picture, Rendition, State

_numbers = count(1)


def published(owner: User, days_ago: float = 1, tags: tuple[str, ...] = (), **more: Any) -> Picture:
    """A published picture with a post and its two displayed renditions, whose bytes are nowhere."""
    number = next(_numbers)
    moment = timezone.now() - timedelta(days=days_ago)
    given: dict[str, Any] = {
        "format": "jpeg",
        "quality": 90,
        "width": 320,
        "height": 240,
        "state": State.LIVE,
    }
    picture = Picture.objects.create(
        owner=owner,
        storage_key=f"originals/{number}",
        checksum=f"{number:064d}",
        size_bytes=1000 + number,
        created_at=moment,
        published_at=moment,
        **(given | more),
    )
    Post.objects.create(picture=picture, title=f"Picture {number}").tags.set(Tag.of_names(tags))
    for kind in Rendition.DISPLAYED:
        Rendition.objects.create(
            picture=picture, kind=kind, key=f"{number}-{kind}.webp", width=320, height=240,
            mime="image/webp", size_bytes=900,
        )  # fmt: skip
    return picture


def case_about(
    newer: Picture,
    older: Picture,
    kind: CaseKind = CaseKind.FIND,
    *,
    relation: Relation = Relation.RE_ENCODED,
    probability: float = 0.99,
    hours_ago: float = 1,
    **more: Any,
) -> Case:
    """An open case about a pair."""
    match = Match.objects.create(
        query=newer,
        candidate=older,
        relation=relation,
        probability=probability,
        algorithm_version=ALGORITHM_VERSION,
        settings_version="test",
        confident=probability >= 0.95,
        routes=["phash"],
    )
    opened_by = None if kind in MACHINE_KINDS else newer.owner
    moment = timezone.now() - timedelta(hours=hours_ago)
    return Case.objects.create(
        kind=kind, picture=newer, match=match, opened_by=opened_by, created_at=moment, **more
    )
