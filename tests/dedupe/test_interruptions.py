"""Ctrl-C comes when something is whole, whichever thread of the process the kernel gives the signal to."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from dedupe.interruptions import (
    SIGNALS,
    _Hold,
    allow_interruptions,
    interrupt_once,
    interrupted_by_signals,
    uninterrupted,
)


@pytest.fixture
def another_thread() -> Iterator[int]:
    """One that blocks no signal, as those of a library that was begun before anything was held back."""
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    assert thread.ident is not None
    yield thread.ident
    over.set()
    thread.join()


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_interrupts(number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt), interrupted_by_signals():
        signal.raise_signal(number)


def test_the_handlers_of_before_come_back() -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    with interrupted_by_signals():
        assert [signal.getsignal(number) for number in SIGNALS] != before
    assert [signal.getsignal(number) for number in SIGNALS] == before


def held_back(send: Callable[[], object], reached: list[str]) -> None:
    """Interrupted as soon as it has begun what must become whole."""
    with interrupted_by_signals(), uninterrupted():
        send()
        sum(range(100_000))  # time enough for Python to look at signals
        reached.append("the end")


@pytest.mark.parametrize("number", SIGNALS)
def test_what_is_begun_is_finished_first(number: signal.Signals) -> None:
    reached: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        held_back(lambda: os.kill(os.getpid(), number), reached)
    assert reached


def test_a_signal_that_another_thread_takes_waits_too(another_thread: int) -> None:
    reached: list[str] = []

    def send_and_wait() -> None:
        signal.pthread_kill(another_thread, signal.SIGTERM)
        deadline = time.monotonic() + 30  # a thread takes its signal when it is given the processor
        while not _Hold.waits and time.monotonic() < deadline:
            time.sleep(0.001)

    with pytest.raises(KeyboardInterrupt):
        held_back(send_and_wait, reached)
    assert reached


def test_within_another_it_ends_with_the_outer_one() -> None:
    reached: list[str] = []

    def within() -> None:
        with uninterrupted():
            signal.raise_signal(signal.SIGTERM)
        reached.append("after the inner one")

    with pytest.raises(KeyboardInterrupt):
        held_back(within, reached)
    assert reached == ["after the inner one", "the end"]


def test_an_interruption_is_raised_once() -> None:
    with pytest.raises(KeyboardInterrupt), interrupted_by_signals(), uninterrupted():
        signal.raise_signal(signal.SIGTERM)
    with interrupted_by_signals(), uninterrupted():
        pass


def test_nothing_is_raised_without_a_signal() -> None:
    with interrupted_by_signals(), uninterrupted():
        pass


def test_one_that_listens_once_is_deaf_afterwards() -> None:
    before = signal.signal(signal.SIGTERM, interrupt_once)
    try:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_fork_that_allows_them_is_interrupted_at_once() -> None:
    with uninterrupted():
        child = os.fork()
        if not child:
            status = 1
            try:
                signal.signal(signal.SIGTERM, interrupt_once)
                allow_interruptions()
                signal.raise_signal(signal.SIGTERM)
            except KeyboardInterrupt:
                status = 0
            finally:
                os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
