"""429, too many requests: a page, a piece of a page, or a problem document, with the time to wait."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_PROBLEM = "application/problem+json"


def span_in_words(seconds: int) -> str:
    """How long to wait, rounded up: "20 seconds", "1 minute", "2 hours"."""
    hours, minutes = (-(-seconds // size) for size in (3600, 60))
    if seconds > 2700:
        return ngettext("{count} hour", "{count} hours", hours).format(count=hours)
    if seconds > 45:
        return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
    return ngettext("{count} second", "{count} seconds", seconds).format(count=seconds)


def please_wait(why: str, seconds: int) -> str:
    """The sentences for whoever has to wait."""
    wait = _("Please wait {span}, then try again. Nothing is lost.")
    return f"{why} {wait.format(span=span_in_words(seconds))}"


def too_many(request: HttpRequest, words: str, seconds: int) -> HttpResponse:
    """The answer in the form that was asked for. It reads nothing from the database."""
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": "Too Many Requests", "status": 429, "detail": words}
        response: HttpResponse = JsonResponse(body, status=429, content_type=_PROBLEM)
    else:
        name = "_too_many.html" if request.headers.get("HX-Request") else "too_many.html"
        response = HttpResponse(render_to_string(name, {"words": words}), status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
