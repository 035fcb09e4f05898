"""One run at a time in one folder."""

import fcntl
import os
import time
from typing import IO

from script.supervisor.errors import RunError
from script.supervisor.places import Places


def take_lock(places: Places) -> IO[str]:
    """The right to run this folder; a guardian that still cleans up after a crash is waited for."""
    lock = places.lock.open("a+")
    deadline = time.monotonic() + 12
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            pid, _, address = lock.read().partition(" ")
            if _runs(pid) or time.monotonic() > deadline:
                where = f" at {address}" if address else ""
                who = f" (process {pid})" if pid else ""
                raise RunError(f"This site already runs{where}{who}. Stop that one first.") from None
            time.sleep(0.1)
        else:
            lock.truncate(0)
            lock.write(f"{os.getpid()} ")
            lock.flush()
            return lock


def _runs(pid: str) -> bool:
    if not pid.isdigit():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
