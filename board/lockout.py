"""Too many wrong passwords for one name from one address: which name was tried, and what the answer is."""

from __future__ import annotations

from typing import Any

from axes.conf import settings
from axes.helpers import get_cool_off
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

_LONGEST = 255
"""Characters of a name that are kept with an attempt. Names of people are shorter, so nobody is taken for another."""


def name_tried(request: HttpRequest, credentials: Any) -> str:
    """The name that somebody tried to sign in with, however long."""
    given = request.POST if credentials is None else credentials
    return str(given.get(settings.AXES_USERNAME_FORM_FIELD) or "")[:_LONGEST]


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: Any) -> HttpResponse:
    """429 with the time to wait. It is the same for names that nobody has."""
    answer = HttpResponse(render_to_string("account/locked.html"), status=429)
    cool_off = get_cool_off(request)
    answer["Retry-After"] = str(int(cool_off.total_seconds()) if cool_off else 900)
    answer["Cache-Control"] = "no-store"
    return answer
