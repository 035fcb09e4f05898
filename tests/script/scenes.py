"""A site started by the supervisor as a person would, and what is left of it afterwards."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from script.supervisor.places import ROOT
from tests.servers.live import eventually


class Session:
    """A terminal in which the supervisor runs."""

    def __init__(self, var: Path, *arguments: str) -> None:
        self.lines: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "script.supervisor", "--var", str(var), "--port", "0", *arguments],
            cwd=ROOT,
            # What is measured elsewhere need not be slowed down here.
            env={name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        self.lines.extend(self._process.stdout or ())

    def said(self, words: str) -> bool:
        """Whether a line with these words has appeared."""
        return any(words in line for line in self.lines)

    def await_line(self, words: str, limit: float = 150) -> str:
        """The first line with these words; fails, showing everything, when none comes."""
        eventually(
            lambda: self.said(words) or self._process.poll() is not None, limit=limit, what=repr(words)
        )
        self._reader.join(timeout=1)
        assert self.said(words), "".join(self.lines)
        return next(line for line in self.lines if words in line)

    def address(self) -> str:
        """Where the site is, as it was printed."""
        return self.await_line(" is ready ").split()[-1]

    def signal(self, number: signal.Signals) -> int:
        """Send it; the exit status."""
        self._process.send_signal(number)
        return self.status()

    def status(self) -> int:
        """The exit status, once it has ended."""
        return self._process.wait(timeout=45)

    def close(self) -> None:
        """In case the test failed half-way."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()


@contextmanager
def session(var: Path, *arguments: str) -> Iterator[Session]:
    """A supervisor that ends with the block at the latest."""
    terminal = Session(var, *arguments)
    try:
        yield terminal
    finally:
        terminal.close()
        eventually(lambda: not processes_of(var), limit=20, what="the end of all processes")


def processes_of(var: Path) -> list[str]:
    """Every process, as its command line, that was told of this folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            told = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
            if str(var).encode() in told:
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def pid_of(var: Path, words: str) -> int:
    """The process of this folder with these words in its command line; the oldest if there are several."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            told = (entry / "environ").read_bytes() + command.encode()
            if words in command and str(var).encode() in told:
                found.append(int(entry.name))
    return min(found)
