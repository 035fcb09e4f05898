"""How far a long command is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time

from django.core.management.base import OutputWrapper

_BAR = 30
_REDRAWN_EVERY = 0.2  # seconds
_TOLD_EVERY = 60.0  # seconds, where lines are kept
_UNITS = ((86400, "days"), (3600, "hours"), (60, "minutes"), (1, "seconds"))


class Progress:
    """Draws on ``stream``. ``already`` is what earlier runs have done: it does not count for the speed."""

    def __init__(self, stream: OutputWrapper, total: int, already: int = 0) -> None:
        self._stream, self._total, self._already = stream, total, already
        self._bar = stream.isatty()
        self._began = time.monotonic()
        self._next = 0.0

    def show(self, done: int) -> None:
        """Tell that ``done`` of the total are done, if it is time to tell something."""
        if not self.is_due():
            return
        now = time.monotonic()
        self._next = now + (_REDRAWN_EVERY if self._bar else _TOLD_EVERY)
        words = self._words(done, now - self._began)
        self._write(f"\r\033[K{self._drawn(done)} {words}" if self._bar else f"{words}\n")

    def is_due(self) -> bool:
        """Whether ``show`` would say something now."""
        return time.monotonic() >= self._next

    def clear(self) -> None:
        """Make room for a line of words; the bar comes back below it."""
        if self._bar:
            self._write("\r\033[K")
            self._next = 0.0

    def say(self, words: str) -> None:
        """A line above the bar."""
        self.clear()
        self._write(f"{words}\n")

    def _write(self, text: str) -> None:
        self._stream.write(text, style_func=str, ending="")
        self._stream.flush()

    def _drawn(self, done: int) -> str:
        filled = min(_BAR * done // max(self._total, 1), _BAR)
        return f"[{'#' * filled}{' ' * (_BAR - filled)}]"

    def _words(self, done: int, seconds: float) -> str:
        share = 100 * done / self._total if self._total else 100.0
        words = f"{done:,} of {self._total:,} ({min(share, 100.0):.1f} %)"
        fresh = done - self._already
        if fresh <= 0 or seconds <= 0:
            return words
        left = max(self._total - done, 0) * seconds / fresh
        return f"{words}, {fresh / seconds:.1f} a second, {about(left)} left"


def about(seconds: float) -> str:
    """A length of time in its largest unit that gives two or more, else in seconds."""
    for length, unit in _UNITS:
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} seconds"
