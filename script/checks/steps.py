"""One step of the checks: a command, run in a group of its own so that an interrupt leaves nothing behind."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from script.supervisor.guardian import MARK, Guardian
from script.supervisor.places import ROOT

_PATIENCE = 30.0


@dataclass(frozen=True)
class Step:
    """What to run and what to call it."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How a step ended."""

    name: str
    status: int
    output: str
    seconds: float


class Bench:
    """Runs steps and can end all that run at this moment."""

    def __init__(self, guardian: Guardian, environment: Mapping[str, str]) -> None:
        self.interrupted = False
        self._guardian = guardian
        self._environment = {**os.environ, **environment, MARK: guardian.mark}
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()

    def run(self, step: Step, each_line: Callable[[str], None] | None = None) -> Outcome:
        """Run one step to its end; its output is kept, and given away line by line meanwhile."""
        began = time.monotonic()
        with self._lock:
            if self.interrupted:
                return Outcome(step.name, 130, "not run", 0)
            process = self._start(step)
            self._running.add(process)
        lines = []
        for line in process.stdout or ():
            lines.append(line)
            if each_line:
                each_line(line)
        status = process.wait()
        with self._lock:
            self._running.discard(process)
        _kill(process)
        self._guardian.forget(process.pid)
        return Outcome(step.name, status, "".join(lines), time.monotonic() - began)

    def run_side_by_side(self, steps: Sequence[Step], report: Callable[[Outcome], None]) -> list[Outcome]:
        """Run steps on all processors; report each in the order of the list."""
        outcomes = []
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for outcome in pool.map(self.run, steps):
                report(outcome)
                outcomes.append(outcome)
        return outcomes

    def interrupt(self) -> None:
        """Ask what runs to stop as Ctrl-C would, and kill it when it does not; asked again, kill at once."""
        patience = 0.0 if self.interrupted else _PATIENCE
        self.interrupted = True
        for process in list(self._running):
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGINT)
            last_word = threading.Timer(patience, _kill, [process])
            last_word.daemon = True
            last_word.start()

    def _start(self, step: Step) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            step.command,
            cwd=ROOT,
            env={**self._environment, **step.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._guardian.watch(process.pid, signal.SIGINT)
        return process


def _kill(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def python(name: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Step:
    """A step that runs this environment's Python."""
    return Step(name, [sys.executable, *arguments], environment or {})
