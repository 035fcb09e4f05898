"""Problem documents (RFC 9457): the one form in which the API says that something was not done."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from board.comments import TooFast
from board.outages import outage
from board.quotas import OverQuota
from board.watching.logs import route_of
from board.watching.tracing import request_id
from dedupe.imaging import Refused
from dedupe.jail.client import JailUnavailable
from dedupe.search import SearchFailed
from dedupe.storage import StorageUnavailable
from dedupe.workflow import Conflict, NotAllowed, TooLate, TooMany

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
_RETRY_SECONDS = "10"


class Problem(Exception):
    """Something was not done: an HTTP status and a sentence; ``more`` are further members of the document."""

    def __init__(self, status: int, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.more = more


def not_found(what: str) -> Problem:
    """The answer for what is not there, and for what is not this person's: there is no difference."""
    return Problem(404, f"There is no such {what}.")


def respond(status: int, detail: str, **more: Any) -> JsonResponse:
    """The problem document as a response, with the headers that its status asks for."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **more,
    }
    if request_id():
        body["request_id"] = request_id()
    response = JsonResponse(body, status=status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="Doppel"'
    if status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}:
        response["Retry-After"] = _RETRY_SECONDS
    return response


def wait(detail: str, seconds: int) -> JsonResponse:
    """429: too much for now, and when there is room again."""
    response = respond(429, detail)
    response["Retry-After"] = str(seconds)
    return response


def _of_problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return respond(error.status, error.detail, **error.more)


def _of_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == HTTPStatus.UNAUTHORIZED:
        return respond(401, "Sign in, or send a valid token: Authorization: Bearer doppel_….")
    return respond(error.status_code, f"{error.message.rstrip('.')}.")


def _of_validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Which fields are wrong and why; what was sent is not repeated."""
    errors = [
        {
            "where": str(each["loc"][0]),
            "field": ".".join(str(part) for part in each["loc"][1:]),
            "message": str(each["msg"]),
        }
        for each in error.errors
    ]
    fields = ", ".join(dict.fromkeys(each["field"] for each in errors if each["field"]))
    return respond(422, f"The request does not fit: {fields or 'its body'}.", errors=errors)


def _of_refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return respond(422, gettext(error.refusal.message), refusal=error.refusal.value)


def _of_search_failed(request: HttpRequest, error: SearchFailed) -> HttpResponse:
    log.warning("A search failed: %s", error)
    return respond(
        503,
        gettext("The search for look-alikes could not be finished; that does not mean that there are none."),
    )


def _of_jail(request: HttpRequest, error: JailUnavailable) -> HttpResponse:
    log.error("The jail does not answer: %s", error)
    return respond(503, gettext("The picture could not be opened right now. Please try again shortly."))


def _of_too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return respond(413, gettext("The request is larger than this address takes."))


def _of_unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    return respond(400, "The request could not be read.")


def _unforeseen(request: HttpRequest, error: Exception) -> HttpResponse:
    """A fault of ours: the log has everything, the answer nothing."""
    log.error("Fault at %s %s", request.method, route_of(request), exc_info=error)
    return respond(500, gettext("Something went wrong on our side. It has been written down."))


def _with_status(status: int) -> Callable[[HttpRequest, Exception], HttpResponse]:
    return lambda request, error: respond(status, str(error))


def answer_with_problems(api: NinjaAPI) -> None:
    """Let ``api`` answer every exception with a problem document."""
    handlers: dict[type[Exception], Callable[..., HttpResponse]] = {
        Problem: _of_problem,
        Http404: lambda request, error: respond(404, "There is nothing at this address."),
        HttpError: _of_http_error,
        ValidationError: _of_validation,
        Refused: _of_refused,
        OverQuota: lambda request, error: wait(str(error), error.seconds),
        TooFast: lambda request, error: wait(str(error), error.seconds),
        Conflict: _with_status(409),
        NotAllowed: _with_status(403),
        TooLate: _with_status(410),
        TooMany: _with_status(429),
        SearchFailed: _of_search_failed,
        JailUnavailable: _of_jail,
        RequestDataTooBig: _of_too_big,
        SuspiciousOperation: _of_unreadable,
        MultiPartParserError: _of_unreadable,
        UnreadablePostError: _of_unreadable,
        StorageUnavailable: outage,
        OperationalError: outage,
        InterfaceError: outage,
        Exception: _unforeseen,
    }
    for kind, answer in handlers.items():
        api.add_exception_handler(kind, answer)
