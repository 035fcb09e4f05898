"""One request, counted in some groups: let in, or answered with what its sender has had too much of."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from board.callers import Caller, caller_of, visitor_of
from board.limits.answers import please_wait, too_many
from board.limits.counting import Count, Excess, counters
from board.limits.groups import Group, Rates
from board.limits.words import WORDS

_BY_ADDRESS = {Group.IMAGES, Group.SIGN_IN, Group.REGISTER}
"""Who is signed in does not matter here: for pictures it is not even looked up, as caches keep them for everybody."""


def refused(request: HttpRequest, groups: Sequence[Group]) -> HttpResponse | None:
    """Count a request in these groups; 429 where it is one too many in any of them. None without limits."""
    counted = [group for group in groups if group is not Group.UNLIMITED]
    if not counted or not settings.LIMITS_ON:
        return None
    caller = caller_of(request) if set(counted) - _BY_ADDRESS else visitor_of(request)
    excess = counters().add([_count(request, group, caller) for group in counted])
    return None if excess is None else _answer(request, excess)


def _count(request: HttpRequest, group: Group, caller: Caller) -> Count:
    rates: Rates = settings.LIMITS[group]
    who = visitor_of(request) if group in _BY_ADDRESS else caller
    return Count(group, who.name, rates.person if who.is_person else rates.visitor)


def _answer(request: HttpRequest, excess: Excess) -> HttpResponse:
    return too_many(request, please_wait(_(WORDS[excess.group]), excess.seconds), excess.seconds)
