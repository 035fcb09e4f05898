"""All tags that published pictures have, by name."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from board.models import Tag
from board.tags import used_tags

PAGE = 120


@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    """Those that begin with ``?q=``, behind the tag ``?after=``, each with how many pictures have it."""
    prefix, after = (_name(request, key) for key in ("q", "after"))
    found = used_tags(prefix, after, PAGE + 1)
    context = {
        "tags": found[:PAGE],
        "next": found[PAGE - 1].name if len(found) > PAGE else "",
        "is_first_page": not after,
        "prefix": prefix,
    }
    return render(request, "tags.html", context)


def _name(request: HttpRequest, key: str) -> str:
    """What was typed, as tags are written."""
    return next(iter(Tag.names_in(f"{request.GET.get(key, '')[:60]},")), "")
