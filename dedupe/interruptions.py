"""Interruptions: SIGINT, SIGTERM and SIGHUP as KeyboardInterrupt, held back while something has to become whole.

To block the signals in the main thread is not enough: the kernel then gives them to any other thread of the process,
a library's for instance, and Python raises in the main thread all the same. So the hand that raises asks first.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Hold:
    """How many ``uninterrupted`` blocks this process is in, and whether an interruption waits for their end."""

    depth = 0
    waits = False


def interrupt(number: int, frame: FrameType | None) -> None:
    """A signal handler: raises KeyboardInterrupt, now or when nothing holds it back any more."""
    _Hold.waits = _Hold.depth > 0
    if not _Hold.waits:
        raise KeyboardInterrupt


def interrupt_once(number: int, frame: FrameType | None) -> None:
    """A signal handler: as ``interrupt``, and deaf to further signals of this kind."""
    signal.signal(number, signal.SIG_IGN)
    interrupt(number, frame)


@contextmanager
def interrupted_by_signals() -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP raise KeyboardInterrupt here. For the main thread."""
    before = {number: signal.signal(number, interrupt) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold back interruptions until something is whole, or tidied up. For the main thread; may be nested.

    A process that is forked inside holds them back until it calls ``allow_interruptions``.
    """
    _Hold.depth += 1
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        _Hold.depth -= 1
        if not _Hold.depth:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            if _Hold.waits:
                _Hold.waits = False
                raise KeyboardInterrupt


def allow_interruptions() -> None:
    """In a process that was forked while they were held back; what waited was meant for the parent."""
    _Hold.depth, _Hold.waits = 0, False
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
