"""Every request is counted before anything else is done with it, and refused when there were too many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from board.limits.refusing import refused
from board.limits.routes import groups_of


class LimitMiddleware:
    """Stands before the one that reads the request for its CSRF token: what is refused is not read either."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.resolver_match is None:
            # No view was asked: nothing is at this address. Whoever looks for doors that way is counted too.
            return refused(request, groups_of(None, request)) or response
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        route = request.resolver_match.route if request.resolver_match else None
        return refused(request, groups_of(route, request))
