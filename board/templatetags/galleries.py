"""The galleries that a picture stands in, and the form that puts it into one."""

from __future__ import annotations

from typing import Any

from django import template

from board.models import Gallery
from board.pages.gallery_forms import PutForm
from dedupe.models import Picture

register = template.Library()

_NAMED = 8


@register.inclusion_tag("galleries/_of_picture.html", takes_context=True)
def galleries_of(context: dict[str, Any], picture: Picture) -> dict[str, Any]:
    """The galleries of a published picture, newest first, and a form to put it into one of one's own."""
    user = context["user"]
    found: list[Gallery] = []
    if context.get("has_galleries", True):
        found = list(Gallery.objects.filter(pictures=picture).order_by("-pk")[: _NAMED + 1])
    return {
        "picture": picture,
        "galleries": found[:_NAMED],
        "has_more": len(found) > _NAMED,
        "form": PutForm(user) if user.is_authenticated else None,
        "csrf_token": context.get("csrf_token"),
    }
