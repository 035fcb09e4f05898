"""Which language a page is in: the person's choice in its cookie, else the first one that the browser asks for."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils.cache import patch_vary_headers

_IN_WORDS = ("text/html", "text/plain", "application/json", "application/problem+json")


class LanguageMiddleware(LocaleMiddleware):
    """Django's, which says of answers in words alone that they depend on the language.

    A picture is the same in every language, and a cache in front of the site keeps one copy of it.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.get("Content-Type", "").partition(";")[0]
        if kind in _IN_WORDS or 300 <= response.status_code < 400:
            # The cookie decides before the browser's languages do.
            patch_vary_headers(response, ("Cookie",))
            return super().process_response(request, response)
        return response


def is_offered(language: str) -> bool:
    """Whether the site is written in this language."""
    return language in dict(settings.LANGUAGES)


def keep_language(response: HttpResponseBase, language: str) -> None:
    """Let the browser remember a choice of language, for a year, as Django's ``set_language`` does."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
