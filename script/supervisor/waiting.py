"""Waiting for a server that has just been started."""

import time
from collections.abc import Callable
from pathlib import Path

from script.supervisor.errors import RunError, StoppedError


def never() -> bool:
    """For who cannot be asked to stop."""
    return False


def wait_for(
    name: str,
    answers: Callable[[], bool],
    *,
    alive: Callable[[], bool],
    log: Path,
    stopping: Callable[[], bool] = never,
    limit: float = 60,
) -> None:
    """Return when it answers; fail when it dies, or takes longer than the limit."""
    deadline = time.monotonic() + limit
    while not answers():
        if stopping():
            raise StoppedError
        if not alive():
            raise RunError(f"{name} ended while it was starting.", log)
        if time.monotonic() > deadline:
            raise RunError(f"{name} did not answer within {limit:.0f} seconds.", log)
        time.sleep(0.03)
