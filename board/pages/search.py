"""Search by picture: by a file, which is looked at and forgotten, or by the address of a picture that is here."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from board.floods import is_flood
from board.pages.alike import SHOWN, THIS_ONE, YOURS, Answer, answer_of
from board.pages.naming import picture_at
from board.searching import nearest_to_file, nearest_to_picture
from dedupe.conf import conf
from dedupe.imaging import Limits, Refused
from dedupe.jail.client import JailUnavailable
from dedupe.models import Picture
from dedupe.search import SearchFailed
from dedupe.visibility import variants_of

log = logging.getLogger(__name__)

_RETRY_SECONDS = "10"
_ADDRESS_LENGTH = 500
_NO_FILE = _("Please choose a picture, or paste the address of one that is here.")
_NOWHERE = _("There is no published picture at this address.")
_FLOOD = _("This file is much too large to be read.")
_NOT_FINISHED = _(
    "The search could not be finished. That does not mean that nothing is alike: please try again shortly."
)
_NOT_OPENED = _("The picture could not be opened right now. Please try again shortly.")
_NOT_MEASURED = _("This picture has not been measured yet. Please try again later.")


@dataclass(frozen=True)
class Outcome:
    """What to show: an answer, or a problem in words; and the picture of ours that was asked about, if any."""

    answer: Answer | None = None
    problem: str = ""
    status: int = 200
    picture: Picture | None = None


@csrf_exempt  # only until its size is looked at: whoever checks the token reads the whole request
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """The form, and below it what was found. The script asks for the answer alone, as htmx does."""
    if request.method == "POST" and is_flood(request):
        return _page(request, Outcome(problem=str(_FLOOD), status=413))
    return _search(request)


@csrf_protect
@login_required
def _search(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        file = request.FILES.get("file")
        return _page(request, _by_file(file) if file else Outcome(problem=str(_NO_FILE), status=400))
    address = request.GET.get("address", "").strip()[:_ADDRESS_LENGTH]
    return _page(request, _by_address(address) if address else Outcome(), address)


def _page(request: HttpRequest, outcome: Outcome, address: str = "") -> HttpResponse:
    context: dict[str, Any] = {"outcome": outcome, "address": address, "max_bytes": Limits().max_bytes}
    alone = bool(request.htmx)  # type: ignore[attr-defined]
    template = "search/_answer.html" if alone else "search/search.html"
    response = render(request, template, context, status=outcome.status)
    if outcome.status == 503:
        response["Retry-After"] = _RETRY_SECONDS
    response["Vary"] = "HX-Request, Cookie"
    return response


def _by_file(file: UploadedFile[Any]) -> Outcome:
    try:
        found = nearest_to_file(file, file.size or 0, SHOWN)
    except Refused as refused:
        return Outcome(problem=gettext(refused.refusal.message), status=422)
    except (SearchFailed, JailUnavailable) as error:
        return _failed(error)
    return Outcome(answer_of(found, conf().matching, YOURS))


def _by_address(address: str) -> Outcome:
    picture = picture_at(address)
    if picture is None:
        return Outcome(problem=str(_NOWHERE), status=404)
    try:
        found = nearest_to_picture(picture, SHOWN)
    except SearchFailed as error:
        return _failed(error)
    if found is None:
        return Outcome(problem=str(_NOT_MEASURED), status=503, picture=picture)
    variants = [each.pk for each in variants_of(picture)]
    return Outcome(answer_of(found, conf().matching, THIS_ONE, variants), picture=picture)


def _failed(error: Exception) -> Outcome:
    log.warning("A search failed: %s", error)
    words = _NOT_OPENED if isinstance(error, JailUnavailable) else _NOT_FINISHED
    return Outcome(problem=str(words), status=503)
