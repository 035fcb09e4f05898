"""What happens inside, told to whoever listens: how long steps took, how much was looked at, what did not answer.

Nothing is kept here, and nobody need listen; a site that watches itself connects to the signals. Unlike those of
``dedupe.signals`` they are sent whether or not a transaction is committed, and a receiver must not write.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from django.dispatch import Signal

stage_ended = Signal()
"""``stage``, ``seconds``, ``failed``: a step of an analysis or of a search has ended."""
searched = Signal()
"""``candidates``: so many came from the index routes."""
compared = Signal()
"""``pictures``: so many were compared for real."""
storage_failed = Signal()
"""``trouble``: a call to the picture store did not succeed, or was not made."""
breaker_opened = Signal()
"""The picture store is left alone for a while."""


class Stage(StrEnum):
    """The steps of an analysis. WHOLE holds all but WAIT, which is the time from the upload to the first claim."""

    WAIT = "wait"
    FETCH = "fetch"
    DECODE = "decode"
    STORE = "store"
    EMBED = "embed"
    KEEP = "keep"
    SEARCH = "search"
    COMPARE = "compare"
    SETTLE = "settle"
    WHOLE = "whole"


class Trouble(StrEnum):
    """What went wrong with the picture store: it gave no answer, or a bad one, or was left alone."""

    SILENT = "silent"
    REFUSED = "refused"
    LEFT_ALONE = "left_alone"


@contextmanager
def timed(stage: Stage) -> Iterator[None]:
    """Tell how long what is done within took, and whether it failed."""
    began, failed = time.perf_counter(), True
    try:
        yield
        failed = False
    finally:
        stage_ended.send(Stage, stage=stage, seconds=time.perf_counter() - began, failed=failed)
