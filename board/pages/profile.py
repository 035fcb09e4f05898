"""A person's page: what everybody may know of them, and nothing about uploads that are not published."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from board.models import Comment, Gallery, User
from board.pages.gallery import older_than
from dedupe.models import Picture, State

PAGE = 40
_MOST_GALLERIES = 50


@require_safe
def profile(request: HttpRequest, name: str) -> HttpResponse:
    """The person of this name, and their published pictures before the picture ``?before=``."""
    shown = User.objects.filter(username__iexact=name).first()
    if shown is None:
        raise Http404("There is nobody of this name.")
    published = Picture.objects.live().filter(owner=shown)
    found = published.select_related("post").prefetch_related("renditions").order_by("-published_at", "-id")
    anchor = published.filter(public_id=request.GET.get("before", "")).first()
    rows = list((found if anchor is None else found.filter(older_than(anchor)))[: PAGE + 1])
    context = {
        "person": shown,
        "is_self": shown.pk == request.user.pk,
        "pictures": rows[:PAGE],
        "older": rows[PAGE - 1].public_id if len(rows) > PAGE else "",
        "is_first_page": anchor is None,
        "how_many": published.count(),
        "comments": _comments_of(shown).count(),
        "galleries": list(_galleries_of(shown)[:_MOST_GALLERIES]),
    }
    return render(request, "profile.html", context)


def _comments_of(shown: User) -> QuerySet[Comment]:
    """Comments that everybody can read."""
    return Comment.objects.filter(author=shown, removed_at__isnull=True, picture__state=State.LIVE)


def _galleries_of(shown: User) -> QuerySet[Gallery]:
    """This person's galleries, the newest first, each with how many published pictures it ``holds``."""
    holds = Count("places", filter=Q(places__picture__state=State.LIVE))
    return Gallery.objects.filter(owner=shown).annotate(holds=holds)
