"""One child process: how it starts, how it is asked to stop, and what becomes of its group."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from script.supervisor.accounts import Account
from script.supervisor.errors import RunError, StoppedError
from script.supervisor.guardian import MARK, Guardian, group_lives
from script.supervisor.waiting import never

_PR_SET_PDEATHSIG = 1
_LOG_LIMIT = 5_000_000


@dataclass(frozen=True)
class Program:
    """What to run, as whom, where its output goes, and how it likes to be stopped."""

    name: str
    command: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    directory: Path = Path("/")
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 10.0


class Child:
    """A running program, leader of a session and a process group of its own."""

    def __init__(self, program: Program, guardian: Guardian) -> None:
        self.program = program
        self.started = time.monotonic()
        self._guardian = guardian
        _rotate(program.log)
        account = program.account
        with program.log.open("ab") as log:
            self._popen = subprocess.Popen(
                program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=program.directory,
                env={**os.environ, **program.environment, MARK: guardian.mark},
                start_new_session=True,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
                preexec_fn=_end_with_parent(program.stop_signal),
            )
        guardian.watch(self.pid, program.stop_signal)

    @property
    def pid(self) -> int:
        """Its process id, which is that of its group too."""
        return self._popen.pid

    @property
    def exit_status(self) -> int | None:
        """None while it runs."""
        return self._popen.poll()

    def ask_to_stop(self) -> None:
        """Send its stop signal and return at once."""
        if self.exit_status is None:
            self._popen.send_signal(self.program.stop_signal)

    def end(self, patience: float | None = None) -> None:
        """Ask it to stop, wait as long as it may take, then kill whatever is left of its group."""
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(self.program.patience if patience is None else patience)
        self._kill_group()

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._popen.wait()
        deadline = time.monotonic() + 1
        while group_lives(self.pid) and time.monotonic() < deadline:
            time.sleep(0.01)
        self._guardian.forget(self.pid)


def run_to_end(
    program: Program, guardian: Guardian, stopping: Callable[[], bool] = never, limit: float = 300
) -> None:
    """Run a program that ends by itself; fail when it ends badly or not at all."""
    child = Child(program, guardian)
    try:
        while child.exit_status is None:
            if stopping():
                raise StoppedError
            if time.monotonic() - child.started > limit:
                raise RunError(f"{program.name} did not finish in {limit:.0f} seconds.", program.log)
            time.sleep(0.02)
    finally:
        status = child.exit_status
        child.end(patience=2)
    if status:
        raise RunError(f"{program.name} failed (exit status {status}).", program.log)


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))


def _end_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """Linux sends it when the thread that made the child ends, so only the main thread may ask for it."""
    if not sys.platform.startswith("linux") or threading.current_thread() is not threading.main_thread():
        return None
    prctl = ctypes.CDLL(None).prctl
    wanted = number.value

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, wanted, 0, 0, 0)

    return ask
