"""Work spread over processes, each with a jail and a database connection of its own."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import TypeVar

from dedupe.forks import end_with_parent, leave_database
from dedupe.interruptions import allow_interruptions, uninterrupted

Task = TypeVar("Task")
Result = TypeVar("Result")
Progress = Callable[[int, int], None]
"""Told after each task how many are done, of how many."""


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(
    work: Callable[[Task], Result], tasks: Sequence[Task], jobs: int, progress: Progress
) -> Iterator[Result]:
    """Do every task and yield the results as they come, in any order.

    With one job the work is done in this process. More are forked, so that they find the scratch site; ``work``
    is then a function of a module, and tasks and results can be pickled. What ``work`` raises ends it all.
    """
    results = map(work, tasks) if jobs == 1 else _forked(work, tasks, jobs)
    for done, result in enumerate(results, start=1):
        progress(done, len(tasks))
        yield result


def _forked(work: Callable[[Task], Result], tasks: Sequence[Task], jobs: int) -> Iterator[Result]:
    leave_database()
    executor: ProcessPoolExecutor | None = None
    try:
        with uninterrupted():  # an executor that was broken off while it began can never be shut down
            executor = ProcessPoolExecutor(jobs, get_context("fork"), initializer=_settle_in)
            futures = [executor.submit(work, task) for task in tasks]
        for future in as_completed(futures):
            yield future.result()
    finally:
        if executor is not None:
            executor.shutdown(cancel_futures=True)


def _settle_in() -> None:
    """In a new process: leave Ctrl-C to the parent, and end with it even when it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    allow_interruptions()
    threading.Thread(target=end_with_parent, daemon=True).start()
