"""One deadline over everything that a fetch does."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from dedupe.fetching.problems import NotFetched, Unfetched


class Deadline:
    """A moment after which nothing goes on.

    Time-outs of a socket start anew with every byte, so that a drip may last for ever. Here the connection is cut.
    """

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    @property
    def has_passed(self) -> bool:
        return time.monotonic() >= self._at

    def left(self) -> float:
        """Seconds, more than 0. Raises NotFetched when there are none."""
        seconds = self._at - time.monotonic()
        if seconds <= 0:
            raise NotFetched(Unfetched.TOO_SLOW)
        return seconds

    @contextmanager
    def cutting(self, connection: socket.socket) -> Iterator[None]:
        """Within, the connection is cut when the moment comes: whoever reads from it finds its end."""
        timer = threading.Timer(self.left(), _cut, [connection])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):
        # Of the plain socket: TLS would first drop its state, under the hands of the thread that reads.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
