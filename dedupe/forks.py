"""What a process does before it forks, and a fork first: they share no connection, inherit no lock, end together."""

from __future__ import annotations

import os
import threading
import time
from multiprocessing import parent_process
from multiprocessing.connection import wait
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import DatabaseWrapper

_THREADS = Path("/proc/self/task")
_PATIENCE = 5.0
"""Seconds to wait for a thread to end."""


def leave_database() -> None:
    """Close this process's connections and their pool, and wait until the pool's threads are gone.

    The next query opens new ones. Without it a fork would share a connection with its parent. And a fork beside a
    thread that is only just ending inherits the lock of OpenSSL that the thread holds meanwhile, which nobody gives
    back: the fork's first connection then waits for ever (https://github.com/openssl/openssl/issues/19066).
    """
    ours = connections[DEFAULT_DB_ALIAS]
    assert isinstance(ours, DatabaseWrapper)
    before = _native_threads()
    ours.close()
    ours.close_pool()
    _wait_until_gone(before - _native_threads())


def end_with_parent() -> None:
    """Wait in a thread of a forked process until the parent is gone, then end at once."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _native_threads() -> set[int]:
    return {thread.native_id for thread in threading.enumerate() if thread.native_id is not None}


def _wait_until_gone(threads: set[int]) -> None:
    """Wait for the system's threads: Python counts one as joined before the libraries' own clearing up is done.

    Where the system does not tell of its threads, as on macOS, they get a moment.
    """
    if threads and not _THREADS.exists():
        time.sleep(0.1)
    deadline = time.monotonic() + _PATIENCE
    while any((_THREADS / str(thread)).exists() for thread in threads) and time.monotonic() < deadline:
        time.sleep(0.001)
