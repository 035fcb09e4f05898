"""script/server from the first start to the last: it comes up, comes back, and leaves nothing behind."""

import os
import signal
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.script.scenes import Session, pid_of, processes_of, session
from tests.servers.live import eventually

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc"),
    # Several whole starts, on a machine that may be busy.
    pytest.mark.timeout(600),
]


def status_of(address: str) -> int:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return int(answer.status)


def test_it_starts_says_so_when_started_twice_and_stops_at_ctrl_c(var: Path) -> None:
    with session(var) as first:
        address = first.address()
        assert status_of(f"{address}readyz") == 200
        second = Session(var)
        assert second.status() == 1
        second.await_line(f"already runs at {address}")
        assert first.signal(signal.SIGINT) == 0
        assert processes_of(var) == []
        assert not first.said("Traceback")


def test_a_killed_supervisor_leaves_nothing_and_the_next_start_recovers(var: Path) -> None:
    with session(var) as first:
        first.address()
        note = (var / "postgres/postmaster.pid").read_text()
        first.signal(signal.SIGKILL)
        eventually(lambda: not processes_of(var), limit=15, what="the end of all processes")
    # As after a power cut, when the number in the note may meanwhile be another's: ours, say.
    (var / "postgres/postmaster.pid").write_text(note.replace(note.split()[0], str(os.getpid()), 1))
    with session(var) as second:
        assert status_of(f"{second.address()}healthz") == 200
        os.kill(pid_of(var, "celery --app board worker"), signal.SIGKILL)
        second.await_line("worker ended (killed by signal 9); starting it again")
        os.kill(pid_of(var, "gunicorn"), signal.SIGKILL)
        second.await_line("web ended (killed by signal 9); starting it again")
        eventually(lambda: is_up(second.address()), what="the page after the restart")
        assert second.signal(signal.SIGTERM) == 0
        assert processes_of(var) == []


def test_stopped_while_it_starts(var: Path) -> None:
    with session(var) as early:
        eventually(lambda: (var / "log/postgres.log").exists(), what="the start of Postgres")
        assert early.signal(signal.SIGINT) == 0
        assert processes_of(var) == []


def is_up(address: str) -> bool:
    try:
        return status_of(f"{address}healthz") == 200
    except OSError:
        return False
