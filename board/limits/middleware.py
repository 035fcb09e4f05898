"""Every request is counted before anything else is done with it, and refused when there were too many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from board.callers import Caller, caller_of, visitor_of
from board.limits.answers import please_wait, too_many
from board.limits.counting import Count, Excess, counters
from board.limits.groups import Group, Rates
from board.limits.routes import groups_of
from board.limits.words import WORDS

_BY_ADDRESS = {Group.IMAGES, Group.SIGN_IN, Group.REGISTER}
"""Who is signed in does not matter here: for pictures it is not even looked up, as caches keep them for everybody."""


class LimitMiddleware:
    """Stands before the one that reads the request for its CSRF token: what is refused is not read either."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.LIMITS_ON and request.resolver_match is None:
            # No view was asked: nothing is at this address. Whoever looks for doors that way is counted too.
            return _refused(request, None) or response
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not settings.LIMITS_ON:
            return None
        return _refused(request, request.resolver_match.route if request.resolver_match else None)


def _refused(request: HttpRequest, route: str | None) -> HttpResponse | None:
    groups = [group for group in groups_of(route, request) if group is not Group.UNLIMITED]
    if not groups:
        return None
    person = caller_of(request) if set(groups) - _BY_ADDRESS else visitor_of(request)
    counts = [_count(request, group, person) for group in groups]
    excess = counters().add(counts)
    return None if excess is None else _answer(request, excess)


def _count(request: HttpRequest, group: Group, caller: Caller) -> Count:
    rates: Rates = settings.LIMITS[group]
    who = visitor_of(request) if group in _BY_ADDRESS else caller
    return Count(group, who.name, rates.person if who.is_person else rates.visitor)


def _answer(request: HttpRequest, excess: Excess) -> HttpResponse:
    return too_many(request, please_wait(_(WORDS[excess.group]), excess.seconds), excess.seconds)
