"""The page of a fault of ours, with the number under which the log knows what happened."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseServerError
from django.template.loader import render_to_string

from board.watching.tracing import request_id


def fault(request: HttpRequest) -> HttpResponseServerError:
    """Needs no database, no session and no context: any of them may be what has failed."""
    return HttpResponseServerError(render_to_string("500.html", trace(request)))


def trace(request: HttpRequest) -> dict[str, Any]:
    """For templates: the id of this request."""
    return {"request_id": request_id()}
