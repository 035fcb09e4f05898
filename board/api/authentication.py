"""Who asks: a program with a token, a person with a session, or, where that is enough, anybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from board.api.problems import Problem
from board.models import ApiToken, User
from board.tokens import token_in
from dedupe.models import Power
from dedupe.permissions import require

_NOTE_USE_EVERY = timedelta(minutes=1)


class TokenAuth(HttpBearer):
    """``Authorization: Bearer doppel_…``: a token that its owner made on the settings page."""

    openapi_description = "A token from the settings page."

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        found = token_in(request)
        if found is None:
            return None
        _note_use(found)
        request.user = found.owner
        return found.owner


def _note_use(token: ApiToken) -> None:
    """Write down that a token was used, at most once a minute, so that reading does not become writing."""
    now = timezone.now()
    stale = now - _NOTE_USE_EVERY
    if token.last_used_at is not None and token.last_used_at > stale:
        return
    unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lte=stale)
    ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)


class SessionAuth(APIKeyCookie):
    """A person who is signed in on the site. Unsafe methods need the CSRF token in ``X-CSRFToken``."""

    param_name = settings.SESSION_COOKIE_NAME
    openapi_description = "The session of a person who is signed in; unsafe methods need X-CSRFToken."

    def __call__(self, request: HttpRequest) -> Any | None:
        """Unlike ninja's: whoever is not signed in is told so first, and a wrong token is never passed over."""
        if "Authorization" in request.headers:
            return None
        return self.authenticate(request, None)

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        if not request.user.is_authenticated:
            return None
        if check_csrf(request):
            raise Problem(
                403,
                f"The CSRF token is missing or wrong: send the {settings.CSRF_COOKIE_NAME} cookie as X-CSRFToken.",
            )
        return request.user


def anybody(request: HttpRequest) -> Any | None:
    """Let everybody in who does not claim to be somebody."""
    return None if "Authorization" in request.headers else request.user


class PowerTokenAuth(TokenAuth):
    """A token whose owner holds a power."""

    def __init__(self, power: Power) -> None:
        super().__init__()
        self.power = power

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        return _with_power(super().authenticate(request, token), self.power)


class PowerSessionAuth(SessionAuth):
    """A session of somebody who holds a power."""

    def __init__(self, power: Power) -> None:
        super().__init__()
        self.power = power

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        return _with_power(super().authenticate(request, key), self.power)


def _with_power(user: User | None, power: Power) -> User | None:
    """Whom we know must hold the power, before anything else of the request is looked at. Raises NotAllowed."""
    if user is not None:
        require(user, power)
    return user


def only_with(power: Power) -> list[TokenAuth | SessionAuth]:
    """People who hold a power, and their programs; other people get 403."""
    return [PowerTokenAuth(power), PowerSessionAuth(power)]


signed_in = [TokenAuth(), SessionAuth()]
"""People and their programs."""
staff = only_with(Power.REVIEW)
"""Reviewers, and so moderators and operators too."""
everybody = [*signed_in, anybody]
"""People, programs and anonymous visitors: only for what reads published pictures."""


def person(request: HttpRequest) -> User:
    """Who is signed in, behind ``signed_in`` and ``staff``."""
    return cast("User", request.user)
