"""Tags as templates show them."""

from __future__ import annotations

from typing import Any

from django import template

from board import tags
from dedupe.models import Picture

register = template.Library()


@register.inclusion_tag("_tags.html")
def tags_of(picture: Picture) -> dict[str, Any]:
    """The tags of a picture, each with how many published pictures have it."""
    post = getattr(picture, "post", None)
    return {"tags": tags.tags_with_uses(post) if post is not None else []}


@register.filter
def uses_in_words(uses: int) -> str:
    """How many pictures have a tag, as a label."""
    return tags.uses_in_words(uses)
