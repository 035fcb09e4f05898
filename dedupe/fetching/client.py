"""The guarded client: resolves a name once, checks what it means, and connects to exactly that.

It sends no cookies and no credentials, asks no proxy, and follows few redirects, each checked as the first address was.
"""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO
from urllib.parse import urljoin

from dedupe.fetching.deadline import Deadline
from dedupe.fetching.networks import Network, is_public
from dedupe.fetching.problems import NotFetched, Unfetched
from dedupe.fetching.targets import PORTS, Target, target_of
from dedupe.imaging import Limits, Refusal, Refused

_CHUNK = 1 << 16
_TRIED = 3
_CONNECT_SECONDS = 5.0
_HEADERS = {
    "Accept": "image/*",
    "Connection": "close",
    "User-Agent": "Doppel (fetches a picture for a person)",
}
_CERTIFIED = ssl.create_default_context()
_REDIRECTS = {301, 302, 303, 307, 308}


def look_up(host: str, port: int, seconds: float) -> list[str]:
    """The IP addresses of a name. Raises OSError, TimeoutError among them."""
    pool = ThreadPoolExecutor(1, "look-up")  # the system's own patience cannot be bounded otherwise
    try:
        found = pool.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM).result(seconds)
    finally:
        pool.shutdown(wait=False)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True)
class Guard:
    """The bounds of a fetch. ``trusted`` networks are fetched from though they are not public: for tests."""

    seconds: float = 20
    max_bytes: int = Limits().max_bytes
    redirects: int = 3
    ports: Collection[int] = PORTS
    trusted: tuple[Network, ...] = ()
    look_up: Callable[[str, int, float], list[str]] = look_up


def fetch(address: str, into: IO[bytes], guard: Guard) -> None:
    """Write what is at an address into a file, whatever the site says that it is.

    Raises NotFetched, and Refused (TOO_MANY_BYTES).
    """
    deadline = Deadline(guard.seconds)
    for _ in range(guard.redirects + 1):
        with _asked(target_of(address, guard.ports), guard, deadline) as response:
            onward = _leads_to(response)
            if onward is None:
                _keep(response, into, guard.max_bytes, deadline)
                return
        address = _joined(address, onward)
    raise NotFetched(Unfetched.TOO_MANY_REDIRECTS)


def _joined(address: str, onward: str) -> str:
    try:
        return urljoin(address, onward)
    except ValueError as error:
        raise NotFetched(Unfetched.NOT_AN_ADDRESS, "a redirect") from error


@contextmanager
def _asked(target: Target, guard: Guard, deadline: Deadline) -> Iterator[http.client.HTTPResponse]:
    """The answer of the site, while its connection is open."""
    try:
        connection = _connected(target, guard, deadline)
        if target.scheme == "https":
            connection = _CERTIFIED.wrap_socket(
                connection, server_hostname=target.host, do_handshake_on_connect=False
            )
        with connection, deadline.cutting(connection):
            if isinstance(connection, ssl.SSLSocket):
                connection.do_handshake()
            yield _response(connection, target)
    except (OSError, http.client.HTTPException, ValueError) as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise  # that is our disk, not their site
        if deadline.has_passed:
            raise NotFetched(Unfetched.TOO_SLOW) from error
        raise NotFetched(Unfetched.NO_ANSWER, type(error).__name__) from error


def _connected(target: Target, guard: Guard, deadline: Deadline) -> socket.socket:
    """A connection to an address that was checked: the name is not looked up again."""
    problem: OSError = OSError("no address")
    for address in _checked(target, guard, deadline)[:_TRIED]:
        try:
            connection = socket.create_connection(
                (address, target.port), timeout=min(_CONNECT_SECONDS, deadline.left())
            )
        except OSError as error:
            problem = error
            continue
        connection.settimeout(deadline.left())
        return connection
    raise problem


def _checked(target: Target, guard: Guard, deadline: Deadline) -> list[str]:
    """What the name means. One address that is not public spoils all: no honest site mixes them."""
    try:
        addresses = guard.look_up(target.host, target.port, deadline.left())
    except TimeoutError as error:
        raise NotFetched(Unfetched.NO_ANSWER, "the name was not resolved in time") from error
    except (OSError, UnicodeError) as error:
        raise NotFetched(Unfetched.NOT_PUBLIC, "no such name") from error
    if not addresses or not all(is_public(address, guard.trusted) for address in addresses):
        raise NotFetched(Unfetched.NOT_PUBLIC, "not on the public internet")
    return addresses


def _response(connection: socket.socket, target: Target) -> http.client.HTTPResponse:
    client = http.client.HTTPConnection(target.host, target.port)
    client.sock = connection
    client.auto_open = 0  # it would look the name up itself
    client.request("GET", target.path, headers={"Host": target.authority} | _HEADERS)
    return client.getresponse()


def _leads_to(response: http.client.HTTPResponse) -> str | None:
    """Where a redirect leads, or None when the picture is here. Raises NotFetched when it is nowhere."""
    status = response.status
    if status == http.client.OK:
        return None
    location = response.getheader("Location", "")
    if status in _REDIRECTS and location:
        return location.encode("latin-1", "replace").decode("utf-8", "replace")
    if status in {http.client.NOT_FOUND, http.client.GONE}:
        raise NotFetched(Unfetched.NOT_THERE, f"status {status}")
    if status >= http.client.INTERNAL_SERVER_ERROR:
        raise NotFetched(Unfetched.NO_ANSWER, f"status {status}")
    raise NotFetched(Unfetched.NOT_GIVEN, f"status {status}")


def _keep(response: http.client.HTTPResponse, into: IO[bytes], max_bytes: int, deadline: Deadline) -> None:
    """Write the body, as it came: nothing is unpacked."""
    if (response.length or 0) > max_bytes:
        raise Refused(Refusal.TOO_MANY_BYTES, f"{response.length} bytes announced")
    kept = 0
    while chunk := response.read(_CHUNK):
        kept += len(chunk)
        if kept > max_bytes:
            raise Refused(Refusal.TOO_MANY_BYTES, f"more than {max_bytes} bytes")
        into.write(chunk)
    deadline.left()  # what was cut looks like an end
    if response.length:
        raise NotFetched(Unfetched.NO_ANSWER, f"{response.length} bytes are missing")
