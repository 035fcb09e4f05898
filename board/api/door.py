"""The door of the API: what is true of every address under it, whatever stands behind."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, re_path
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from board.api.openapi import describe_problems
from board.api.problems import answer_with_problems, respond
from board.floods import is_flood

_View = Callable[..., HttpResponse]
_DOCUMENTS = {"openapi-json", "openapi-view"}


class DoppelAPI(NinjaAPI):
    """A NinjaAPI whose every answer that says no is a problem document, and whose bodies are bounded."""

    def set_default_exception_handlers(self) -> None:
        answer_with_problems(self)

    def get_openapi_schema(self, *args: Any, **options: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(*args, **options)
        describe_problems(document)
        return document

    @property
    def urls(self) -> tuple[list[URLResolver | URLPattern], str, str]:
        patterns, application, namespace = super().urls
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                view = require_safe(pattern.callback) if pattern.name in _DOCUMENTS else pattern.callback
                pattern.callback = _guarded(view)
        return [*patterns, re_path(r"", _nothing_here)], application, namespace


def _guarded(view: _View) -> _View:
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_flood(request):
            return respond(413, "The request is larger than this address takes.")
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            return _nothing_here(request)
        # A picture's state may change at any time, and what is told of it differs by who asks.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(response, ["Authorization", "Cookie"])
        return _not_allowed(response) if response.status_code == 405 else response

    return guarded


def _not_allowed(response: HttpResponse) -> HttpResponse:
    problem = respond(405, f"This address takes {response['Allow']}.")
    problem["Allow"] = response["Allow"]
    return problem


def _nothing_here(request: HttpRequest) -> HttpResponse:
    return respond(404, "There is nothing at this address.")


_nothing_here.csrf_exempt = True  # type: ignore[attr-defined]
