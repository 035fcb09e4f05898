"""A circuit breaker: after some failures in a row a service is left alone for a while, then tried by one caller.

Written here because pybreaker, the usual choice, holds its lock while the guarded call runs, so that threads wait for
one another; and its way round that lets every thread try at once when the pause is over, each for all its time-outs.
"""

from __future__ import annotations

import threading
import time
from enum import StrEnum


class Circuit(StrEnum):
    """Closed lets everybody through, open nobody, half open one."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class LeftAlone(Exception):
    """The service failed a moment ago and is not asked now."""


class Breaker:
    """Counts failures in a row, of this process alone. Safe among threads; the lock is never held during a call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._open_until = 0.0
        self._probe: int | None = None
        self._probe_until = 0.0

    def state(self, most: int) -> Circuit:
        """How the circuit stands, where so many failures in a row open it."""
        with self._lock:
            if self._failures < most:
                return Circuit.CLOSED
            return Circuit.OPEN if time.monotonic() < self._open_until else Circuit.HALF_OPEN

    def ask_leave(self, most: int, pause: float) -> None:
        """Return when the service may be called. Raises LeftAlone.

        The first to come after the pause is the probe. One of which nothing is heard for another pause is forgotten.
        """
        with self._lock:
            if self._failures < most:
                return
            now, me = time.monotonic(), threading.get_ident()
            if now < self._open_until or (self._probe not in {None, me} and now < self._probe_until):
                raise LeftAlone
            self._probe, self._probe_until = me, now + pause

    def note_answer(self) -> None:
        """The service answered, be it with a no: the circuit is closed."""
        if self._failures:
            with self._lock:
                self._failures, self._probe = 0, None

    def note_failure(self, most: int, pause: float) -> bool:
        """The service did not answer. Returns whether this opened the circuit, from closed or half open."""
        with self._lock:
            self._failures += 1
            if self._failures < most:
                return False
            now = time.monotonic()
            opened = now >= self._open_until
            self._open_until, self._probe = now + pause, None
            return opened

    def note_nothing(self) -> None:
        """The call ended for a reason of ours, and nothing was learned of the service."""
        with self._lock:
            if self._probe == threading.get_ident():
                self._probe = None
