"""Choosing the language of the site, and the words of its scripts in that language."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import JavaScriptCatalog, set_language

from board.languages import is_offered
from board.models import User

_ONE_HOUR = "public, max-age=3600"
_catalogue = JavaScriptCatalog.as_view(packages=["board"])


@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Keep the language in a cookie, and with the account of whoever is signed in; then back to the page."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and is_offered(language):
        User.objects.filter(pk=request.user.pk).update(language=language)
    return set_language(request)


@require_safe
def words(request: HttpRequest, language: str) -> HttpResponseBase:
    """The catalogue of the scripts. Its language is in the address, so that every cache may keep it for a while."""
    if not is_offered(language):
        raise Http404("There is no such language.")
    with translation.override(language):
        response = _catalogue(request)
    response["Cache-Control"] = _ONE_HOUR
    return response
