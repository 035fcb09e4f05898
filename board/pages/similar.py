"""Pictures that are similar to a published one: a page, and the part of the picture's page that is loaded late."""

from __future__ import annotations

import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from board.pages.alike import SHOWN, THIS_ONE, Answer, answer_of
from board.searching import nearest_to_picture
from dedupe.conf import conf
from dedupe.models import Picture
from dedupe.search import SearchFailed
from dedupe.visibility import variants_of

log = logging.getLogger(__name__)

_RETRY_SECONDS = "10"
_NOT_FINISHED = gettext_lazy(
    "The search for similar pictures could not be finished. That does not mean that there are none: "
    "please try again in a moment."
)
_NOT_MEASURED = gettext_lazy(
    "This picture has not been measured yet, so we cannot say what is similar. Please try again later."
)


@require_safe
def similar(request: HttpRequest, public_id: str) -> HttpResponse:
    """What is near to a picture, in words; for htmx, the list alone."""
    pictures = Picture.objects.live().select_related("post").prefetch_related("renditions")
    shown = pictures.filter(public_id=public_id).first()
    if shown is None:
        raise Http404("There is no such picture.")
    answer, problem = _answer_or_problem(shown)
    in_page = bool(request.htmx) and not request.htmx.boosted  # type: ignore[attr-defined]
    context: dict[str, Any] = {"picture": shown, "answer": answer, "problem": problem, "in_page": in_page}
    template = "picture/_similar.html" if in_page else "picture/similar.html"
    # htmx leaves out what comes with an error status, and the words must be seen.
    response = render(request, template, context, status=503 if problem and not in_page else 200)
    if problem:
        response["Retry-After"] = _RETRY_SECONDS
    response["Vary"] = "HX-Request"
    return response


def _answer_or_problem(shown: Picture) -> tuple[Answer | None, str]:
    try:
        found = nearest_to_picture(shown, SHOWN)
    except SearchFailed as error:
        log.warning("The search for pictures similar to %s failed: %s", shown.public_id, error)
        return None, str(_NOT_FINISHED)
    if found is None:
        return None, str(_NOT_MEASURED)
    variants = [each.pk for each in variants_of(shown)]
    return answer_of(found, conf().matching, THIS_ONE, variants), ""
