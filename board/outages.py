"""When a part that we need is down, people and programs are told so, with 503, and what to do."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from board.watching.faults import trace
from board.watching.logs import route_of
from dedupe.storage import StorageUnavailable

log = logging.getLogger(__name__)

_RETRY_SECONDS = "10"
_OF_STORE = _(
    "Our picture store does not answer right now. Nothing that we had accepted is lost; please try again shortly."
)
_OF_DATABASE = _(
    "Our database does not answer right now. Nothing that we had accepted is lost; please try again shortly."
)


class OutageMiddleware:
    """Turns a database or storage that does not answer into a plain page, or a problem document for programs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError, StorageUnavailable) as error:
            return outage(request, error)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, (OperationalError, InterfaceError, StorageUnavailable)):
            return outage(request, error)
        return None


def outage(request: HttpRequest, error: Exception) -> HttpResponse:
    """The answer for this outage: which part is down, and that nothing acknowledged is lost."""
    log.error("Outage at %s: %s", route_of(request), error)
    detail = str(_OF_STORE if isinstance(error, StorageUnavailable) else _OF_DATABASE)
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": "Service unavailable", "status": 503, "detail": detail}
        body |= trace(request)
        response: HttpResponse = JsonResponse(body, status=503, content_type="application/problem+json")
    else:
        response = HttpResponse(
            render_to_string("outage.html", {"detail": detail, **trace(request)}), status=503
        )
    response["Retry-After"] = _RETRY_SECONDS
    return response
