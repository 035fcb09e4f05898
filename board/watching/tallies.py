"""Counting in every process, adding up in Postgres.

Web processes and workers come and go, on one machine or many, and a worker has no address at which Prometheus could
ask. So each process counts in its memory and, some seconds after the first count, adds what it has to the rows of
``Tally`` in one statement: any web process can then answer for all. No files, no ports, and nothing starts at zero
when a new version is deployed. A process that is killed loses the counts of its last seconds, and no more.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
from bisect import bisect_left
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from celery.signals import worker_process_shutdown
from django.conf import settings
from django.db import Error, connection

log = logging.getLogger(__name__)

_ADD = """
INSERT INTO board_tally (measure, labels, counts, total) VALUES (%s, %s, %s, %s)
ON CONFLICT (measure, labels) DO UPDATE SET
  total = board_tally.total + excluded.total,
  counts = ARRAY(SELECT coalesce(mine, 0) + coalesce(theirs, 0)
                   FROM unnest(board_tally.counts, excluded.counts) AS pair (mine, theirs))
"""


@dataclass(frozen=True)
class Measure:
    """A counter, or, with ``bounds`` (upper, inclusive), a histogram. Other bounds ask for another name."""

    name: str
    says: str
    labels: tuple[str, ...] = ()
    bounds: tuple[float, ...] = ()


@dataclass
class _Count:
    counts: list[int]
    total: float = 0.0


Key = tuple[str, tuple[str, ...]]


class Tallies:
    """What this process has counted and not added up yet. Safe among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[Key, _Count] = {}
        self._timer: threading.Timer | None = None

    def note(self, measure: Measure, *labels: str, value: float = 1.0) -> None:
        """Count one; of a histogram, one of this value."""
        assert len(labels) == len(measure.labels)
        with self._lock:
            kept = self._kept.setdefault(
                (measure.name, labels), _Count([0] * (len(measure.bounds) + 1 if measure.bounds else 1))
            )
            kept.counts[bisect_left(measure.bounds, value) if measure.bounds else 0] += 1
            if measure.bounds:
                kept.total += value
            self._set_timer()

    def _set_timer(self) -> None:
        if self._timer is None and settings.METRICS_FLUSH_SECONDS > 0:
            self._timer = threading.Timer(settings.METRICS_FLUSH_SECONDS, self._flush_and_let_go)
            self._timer.daemon = True
            self._timer.start()

    def _flush_and_let_go(self) -> None:
        with self._lock:
            self._timer = None
        try:
            self.flush()
        except Error as error:
            log.warning("Counts are kept for later, as the database does not take them: %s", error)
        finally:
            connection.close()

    def flush(self) -> None:
        """Add what was counted to the rows. Raises a database error; then it is kept, and added later."""
        with self._lock:
            taken, self._kept = self._kept, {}
        if not taken:
            return
        # In one order everywhere: two processes that add to the same rows wait for one another, and never crosswise.
        rows: list[list[Any]] = [
            [name, list(labels), kept.counts, kept.total]
            for (name, labels), kept in sorted(taken.items(), key=itemgetter(0))
        ]
        try:
            with connection.cursor() as cursor:
                cursor.executemany(_ADD, rows)
        except Error:
            self._take_back(taken)
            raise

    def _take_back(self, taken: dict[Key, _Count]) -> None:
        with self._lock:
            for key, kept in taken.items():
                since = self._kept.setdefault(key, _Count([0] * len(kept.counts)))
                since.counts = [a + b for a, b in zip(since.counts, kept.counts, strict=True)]
                since.total += kept.total
            self._set_timer()

    def forget(self) -> None:
        """Begin anew, as in a child of a fork, whose parent adds what was counted before."""
        self.__init__()  # type: ignore[misc]


tallies = Tallies()
os.register_at_fork(after_in_child=tallies.forget)


@worker_process_shutdown.connect(dispatch_uid="last_counts")
def add_the_last(**_: object) -> None:
    """A process that ends in peace adds what it has, unless it adds only when it is told to."""
    if settings.METRICS_FLUSH_SECONDS <= 0:
        return
    try:
        tallies.flush()
    except Exception as error:  # the database may have gone before us
        log.debug("The last counts of this process are lost: %s", error)


atexit.register(add_the_last)
