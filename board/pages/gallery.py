"""The gallery: published pictures, newest first, by the words that describe them."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from board.models import Tag
from board.tags import common_tags
from dedupe.models import Picture

PAGE = 40
_MOST_TAGS = 24


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Live pictures, ``?q=`` all of whose words are among their tags, before the picture ``?before=``."""
    words = wanted_tags(request)
    found = with_tags(words)
    anchor = Picture.objects.live().filter(public_id=request.GET.get("before", "")).first()
    if anchor is not None:
        found = found.filter(older_than(anchor))
    shown = list(found[: PAGE + 1])
    context = {
        "pictures": shown[:PAGE],
        "older": shown[PAGE - 1].public_id if len(shown) > PAGE else "",
        "is_first_page": anchor is None,
        "words": words,
        "query": " ".join(words),
        "tags": common_tags(_MOST_TAGS),
        "board_name": getattr(settings, "BOARD_NAME", "Doppel"),
    }
    return render(request, "gallery.html", context)


def wanted_tags(request: HttpRequest) -> list[str]:
    """The words of ``?q=`` and ``?tag=``, as tags are written."""
    return Tag.names_in(f"{request.GET.get('q', '')[:300]} {request.GET.get('tag', '')[:60]}")


def with_tags(words: list[str]) -> QuerySet[Picture]:
    """Live pictures that have all these tags, newest first, with what a card shows."""
    found = Picture.objects.live().select_related("post").prefetch_related("renditions")
    for word in words:
        found = found.filter(post__tags__name=word)
    return found.order_by("-published_at", "-id")


def older_than(anchor: Picture) -> Q:
    """What comes after this picture in the gallery's order."""
    return Q(published_at__lt=anchor.published_at) | Q(published_at=anchor.published_at, id__lt=anchor.pk)
