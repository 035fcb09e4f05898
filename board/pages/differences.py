"""The map of what differs between the two pictures of a match, drawn when somebody asks for it."""

from __future__ import annotations

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dedupe.imaging import Refused
from dedupe.jail.client import ChildKilled, JailUnavailable, map_differences
from dedupe.models import Match, Picture
from dedupe.search.query import views_of
from dedupe.storage import StorageUnavailable
from dedupe.visibility import may_see_match

log = logging.getLogger(__name__)

_ONE_DAY = "private, max-age=86400"
_NOT_NOW = "The differences cannot be drawn right now. Please try again shortly."
_NOTHING = "There is no such map."


@require_safe
def differences(request: HttpRequest, pk: int) -> HttpResponse:
    """A PNG of the size of one picture's view, for those whom the match is shown to.

    It lies on the candidate, or on the query if ``?on=`` names that one's public id.
    """
    match = Match.objects.select_related("query", "candidate").filter(pk=pk).first()
    if match is None or not may_see_match(request.user, match):
        raise Http404(_NOTHING)
    theirs = match.query if request.GET.get("on") == match.query.public_id else match.candidate
    try:
        drawn = _drawn(match, theirs)
    except (StorageUnavailable, JailUnavailable, ChildKilled) as error:
        log.error("No map of match %d: %s", match.pk, error)
        return _not_now()
    response = HttpResponse(drawn, content_type="image/png")
    response["Cache-Control"] = _ONE_DAY
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _drawn(match: Match, theirs: Picture) -> bytes:
    mine = match.other(theirs)
    geometry = match.geometry_from(mine)
    if geometry is None:
        raise Http404(_NOTHING)
    views = views_of([theirs.pk, mine.pk])
    there, here = (
        next((view for view in views.get(picture.pk, ()) if view.kind == name), None)
        for picture, name in zip((theirs, mine), geometry.views, strict=True)
    )
    if there is None or here is None:
        raise Http404(_NOTHING)
    try:
        return map_differences(there, here, geometry.matrix)
    except Refused as refused:
        log.warning("No map of match %d: %s", match.pk, refused)
        raise Http404(_NOTHING) from refused


def _not_now() -> HttpResponse:
    response = HttpResponse(_NOT_NOW, status=503, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = "10"
    response["Cache-Control"] = "no-store"
    return response
