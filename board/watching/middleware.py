"""Around every request: its id, its line in the log, and how long it took."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from http import HTTPMethod

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from board.watching import counting
from board.watching.logs import UNHEARD, route_of
from board.watching.tracing import HEADER, accepted, tracing

log = logging.getLogger("board.access")

_METHODS = frozenset(HTTPMethod)
_STATIC = "/static/"


class WatchingMiddleware:
    """The outermost: what the others answer by themselves is seen too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number = accepted(request.headers.get(HEADER, ""))
        request.trace_id = number  # type: ignore[attr-defined]
        began = time.perf_counter()
        with tracing(number):
            response = self.get_response(request)
            response[HEADER] = number
            _write_down(request, response.status_code, time.perf_counter() - began)
        return response


def _write_down(request: HttpRequest, status: int, seconds: float) -> None:
    """Routes, methods and statuses are few; an address is never a label."""
    route = _STATIC if request.path.startswith(_STATIC) else route_of(request)
    method = request.method if request.method in _METHODS else "other"
    counting.note_request(method or "other", route, status, seconds)
    if route in UNHEARD or (route == _STATIC and status < 400):
        return
    told = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
    match, user = request.resolver_match, getattr(request, "_cached_user", None)
    if match is not None and "public_id" in match.kwargs:
        told["picture"] = str(match.kwargs["public_id"])[:14]
    if user is not None and user.pk:
        told["user"] = user.pk
    log.info("%s %s %d in %.0f ms", method, route, status, seconds * 1000, extra=told)
