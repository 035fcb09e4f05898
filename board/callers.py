"""Who asks: the person, where somebody is signed in, or else the address that the request comes from."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest

from board.tokens import token_in

_NETWORK = 64
"""Bits of an IPv6 address that belong to a household; who has them has all addresses below."""


@dataclass(frozen=True)
class Caller:
    """Somebody, as the counters know them."""

    name: str
    is_person: bool


def address_of(request: HttpRequest) -> str:
    """The address of the visitor, as an IP address; ``X-Forwarded-For`` counts only as far as our proxies wrote it.

    Each proxy adds at the end the address that it was asked from. So with two of ours the visitor's is the second from
    the end, whatever a visitor has written before it.
    """
    last = _ip(request.META.get("REMOTE_ADDR", ""))
    if not settings.PROXIES:
        return last
    forwarded = [each.strip() for each in request.headers.get("X-Forwarded-For", "").split(",")]
    ours = [each for each in forwarded if each][-settings.PROXIES :]
    return _ip(ours[0]) if ours else last


def _ip(text: str) -> str:
    """An address without its port, IPv4 where it is one; ``0.0.0.0`` for what is none."""
    try:
        found = ipaddress.ip_address(text.rpartition(":")[0] if text.count(":") == 1 else text.strip("[]"))
    except ValueError:
        return "0.0.0.0"  # noqa: S104  nobody's address: whoever has none shares it
    return str(getattr(found, "ipv4_mapped", None) or found)


def household_of(address: str) -> str:
    """The address that is counted: of IPv6 the network, as everybody has many addresses in it."""
    found = ipaddress.ip_address(address)
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, _NETWORK), strict=False))


def visitor_of(request: HttpRequest) -> Caller:
    """Whoever it is, by their address."""
    return Caller(f"address:{household_of(address_of(request))}", is_person=False)


def caller_of(request: HttpRequest) -> Caller:
    """The person of the session or of the token; who has neither, or a wrong one, counts by address.

    A request without a session is not given one by this look.
    """
    try:
        pk = _person_of(request)
    except (OperationalError, InterfaceError):
        pk = None  # the page itself will say that the database does not answer
    return visitor_of(request) if pk is None else Caller(f"person:{pk}", is_person=True)


def _person_of(request: HttpRequest) -> int | None:
    if "Authorization" in request.headers:
        token = token_in(request)
        return None if token is None else token.owner_id
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return request.user.pk if request.user.is_authenticated else None
