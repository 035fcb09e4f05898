"""The token that a request carries, looked up once however many ask for it."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from board.models import ApiToken

_SCHEME = "bearer"
_NOT_ASKED = object()


def token_in(request: HttpRequest) -> ApiToken | None:
    """The token of ``Authorization: Bearer …`` with its owner, or None when there is none that is in force."""
    known = getattr(request, "_token", _NOT_ASKED)
    if known is _NOT_ASKED:
        known = _found(request.headers.get("Authorization", ""))
        request._token = known  # type: ignore[attr-defined]
    return cast("ApiToken | None", known)


def _found(header: str) -> ApiToken | None:
    scheme, _, key = header.partition(" ")
    if scheme.lower() != _SCHEME or not key:
        return None
    tokens = ApiToken.objects.select_related("owner")
    return tokens.filter(digest=ApiToken.digest_of(key), owner__is_active=True).first()
