"""Which tags there are, and how many published pictures have each. Every query is bounded, however many tags exist."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, Func, IntegerField, OuterRef, QuerySet, When
from django.db.models.functions import Collate

from board.models import Post, Tag
from board.prose import number
from dedupe.models import Picture, State

MOST_COUNTED = 1000
"""Pictures of one tag are counted up to here: ``uses`` is never more, and then means "so many or more"."""
_NEWEST = 1000
"""Which tags are common is seen from so many pictures."""
_LOOKED_AT = 300
"""So many tags of a prefix, in their order, are weighed against each other for a suggestion."""
_WEIGHED = 100
"""Pictures of one tag are counted up to here when suggestions are put in order."""

_links = Post.tags.through.objects


def with_uses(tags: QuerySet[Tag], most: int = MOST_COUNTED) -> Any:
    """These tags with ``uses``, the number of published pictures that have each, counted up to ``most``."""
    counted = ArraySubquery(_live_links().values("pk")[:most])
    return tags.annotate(uses=Func(counted, function="CARDINALITY", output_field=IntegerField()))


def common_tags(limit: int) -> list[Tag]:
    """The tags that the newest pictures have most often, by how many of all published pictures have them."""
    newest = Picture.objects.live().order_by("-published_at", "-pk").values("pk")[:_NEWEST]
    seen = _links.filter(post__picture__in=newest).values("tag").annotate(times=Count("pk"))
    common = seen.order_by("-times", "tag").values("tag")[:limit]
    return list(with_uses(Tag.objects.filter(pk__in=common)).order_by("-uses", "name"))


def used_tags(prefix: str, after: str, limit: int) -> list[Tag]:
    """Up to ``limit`` tags that published pictures have, by name, beginning with ``prefix``, behind ``after``."""
    found = _beginning_with(prefix).filter(Exists(_live_links()))
    if after:
        found = found.filter(key__gt=after)
    return list(with_uses(found).order_by("key")[:limit])


def suggest_tags(prefix: str, limit: int) -> list[Tag]:
    """Tags of published pictures that begin with ``prefix``: that very one, then the most used first.

    Only the first of a prefix that very many tags have are weighed: one more letter finds the others.
    """
    looked_at = _beginning_with(prefix).order_by("key").values("pk")[:_LOOKED_AT]
    weighed = with_uses(Tag.objects.filter(pk__in=looked_at), _WEIGHED).filter(uses__gt=0)
    best = list(weighed.order_by(Case(When(name=prefix, then=0), default=1), "-uses", "name")[:limit])
    exact = with_uses(Tag.objects.filter(pk__in=[tag.pk for tag in best])).in_bulk()
    return [exact[tag.pk] for tag in best if tag.pk in exact]


def tags_with_uses(post: Post) -> list[Tag]:
    """The tags of a post, by name."""
    return list(with_uses(post.tags.all()).order_by("name"))


def uses_in_words(uses: int) -> str:
    """How many pictures, as a label."""
    return f"{number(uses)}+" if uses >= MOST_COUNTED else number(uses)


def _beginning_with(prefix: str) -> Any:
    """Tags with their ``key``, the name sorted by bytes, as the index has it."""
    tags = Tag.objects.annotate(key=Collate("name", "C"))
    return tags.filter(key__startswith=prefix) if prefix else tags


def _live_links() -> QuerySet[Any]:
    """What ties the tag of the query around it to published pictures."""
    return _links.filter(tag=OuterRef("pk"), post__picture__state=State.LIVE)
