"""What an address asks for: read strictly, before anything is looked up."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from dedupe.fetching.networks import is_public
from dedupe.fetching.problems import NotFetched, Unfetched

PORTS = frozenset({80, 443})
_LONGEST = 2000
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Parsers disagree about these, and each disagreement has been somebody's hole.
_UNCLEAR = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
_HOST = re.compile(r"[a-z0-9_.:-]+")
_KEPT = "%/:=&~+!$,;'@()*"


@dataclass(frozen=True)
class Target:
    """Where to connect, and what to ask there. ``host`` is ASCII, ``path`` has its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The value of the header Host."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(address: str, ports: Collection[int] = PORTS) -> Target:
    """Read an address. Raises NotFetched when it is none, has a password in it, or names another port."""
    if len(address) > _LONGEST or _UNCLEAR.search(address):
        raise NotFetched(Unfetched.NOT_AN_ADDRESS)
    try:
        parts = urlsplit(address)
        host, given_port = _ascii(parts.hostname or ""), parts.port
    except ValueError as error:
        raise NotFetched(Unfetched.NOT_AN_ADDRESS) from error
    if parts.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host):
        raise NotFetched(Unfetched.NOT_AN_ADDRESS)
    if "@" in parts.netloc:
        raise NotFetched(Unfetched.WITH_PASSWORD)
    port = _DEFAULT_PORTS[parts.scheme] if given_port is None else given_port
    if port not in ports:
        raise NotFetched(Unfetched.OTHER_PORT, f"port {port}")
    query = f"?{quote(parts.query, safe=_KEPT + '?')}" if parts.query else ""
    return Target(parts.scheme, host, port, (quote(parts.path, safe=_KEPT) or "/") + query)


def _ascii(host: str) -> str:
    """The name as DNS has it. Raises ValueError (UnicodeError) for one that it cannot have."""
    return host if host.isascii() else host.encode("idna").decode().lower()


def check_address(address: str) -> None:
    """Refuse at once what can be told without asking anybody: bad forms, and numbers that are not public.

    Raises NotFetched.
    """
    host = target_of(address).host
    try:
        ip_address(host)
    except ValueError:
        return  # a name, which is looked up when it is fetched
    if not is_public(host):
        raise NotFetched(Unfetched.NOT_PUBLIC)
