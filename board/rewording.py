"""Changes to the words of a post, each written down with the decision that made it, so that its undo finds them."""

from __future__ import annotations

from collections.abc import Iterable

from board.models import Post, Tag
from dedupe.models import Decision
from dedupe.workflow.ledger import record


def add_tags(decision: Decision, post: Post, tags: Iterable[Tag]) -> None:
    for tag in tags:
        post.tags.add(tag)
        record(decision, "post", post.pk, "tags", None, tag.pk)


def remove_tags(decision: Decision, post: Post, tags: Iterable[Tag]) -> None:
    for tag in tags:
        post.tags.remove(tag)
        record(decision, "post", post.pk, "tags", tag.pk, None)


def reword(decision: Decision, post: Post, field: str, value: str | list[str]) -> None:
    """Set one of title, source and further_sources; what is as it should be leaves no entry."""
    before = getattr(post, field)
    if before == value:
        return
    setattr(post, field, value)
    post.save(update_fields=[field])
    record(decision, "post", post.pk, field, before, value)
