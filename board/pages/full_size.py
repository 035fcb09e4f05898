"""A copy as large as the picture, for looking closely: made when somebody zooms in so far, and kept for some days."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from board.limits.groups import Group
from board.limits.refusing import refused
from dedupe.doorbell import ring_for_renditions
from dedupe.imaging.renditions import FULL_SIDE, RenditionKind
from dedupe.models import Picture, Rendition
from dedupe.workflow.rendering import FullSize, order_full


def longest_of_full(picture: Picture) -> int:
    """How many pixels the longest side of a full-size copy has; 0 where the large rendition shows all there is."""
    longest = max(picture.width or 0, picture.height or 0)
    has_more = longest > RenditionKind.LARGE.longest and bool(picture.storage_key)
    return min(longest, FULL_SIDE) if has_more else 0


@require_GET
def full_size(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lead to the full-size copy, for people who are signed in and may see the picture.

    202 with Retry-After while it is made, 429 or 503 with Retry-After when too many were asked for, 404 if none can be.
    Only a copy that is yet to be made counts.
    """
    seen = Picture.objects.visible_to(request.user).prefetch_related("renditions")
    picture = seen.filter(public_id=public_id).first() if request.user.is_authenticated else None
    if picture is None:
        raise Http404("There is no such picture.")
    made = picture.rendition(Rendition.Kind.FULL)
    if made is None and not longest_of_full(picture):
        made = picture.rendition(Rendition.Kind.LARGE)
    if made is not None:
        response: HttpResponse = redirect("rendition", made.key)
        response["Cache-Control"] = "no-store"
        return response
    return _ordered(request, picture)


def _ordered(request: HttpRequest, picture: Picture) -> HttpResponse:
    is_waited_for = picture.rendition_orders.filter(what="full", made_at__isnull=True).exists()
    if not is_waited_for and (too_many := refused(request, [Group.COPIES])):
        return too_many
    told = order_full(picture)
    if told is FullSize.NOT_POSSIBLE:
        raise Http404("There is no larger copy of this picture.")
    if told is FullSize.BUSY:
        return _later(503, _("Many people look closely at pictures right now. Please try again shortly."), 10)
    if not is_waited_for:
        ring_for_renditions()
    return _later(202, _("The full-size copy is being made."), 1)


def _later(status: int, words: str, seconds: int) -> HttpResponse:
    response = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
