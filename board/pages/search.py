"""Search by picture: the browser sends it to the API, and nothing is stored."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from dedupe.imaging import Limits


@ensure_csrf_cookie
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The form; its script shows what the API has found."""
    return render(request, "search.html", {"max_bytes": Limits().max_bytes})
