"""What the reader sees: a few lines of ours, and of the logs only what matters."""

import re
import sys
from collections import deque
from pathlib import Path

_ESSENTIAL = re.compile(r"\b(WARNING|ERROR|CRITICAL|FATAL|PANIC)\b|^\S*(Error|Exception)\b.*:")
# What says ERROR and means nothing: our own stops and starts, and a wish about the kernel.
_QUIET = re.compile(r"due to administrator command|system is starting up|overcommit must be enabled")
_WIDTH = 160
_BURST = 5


def say(line: str) -> None:
    """One line for the reader."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def complain(line: str) -> None:
    """One line about something that went wrong."""
    sys.stdout.flush()
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def last_lines(log: Path, count: int = 15) -> list[str]:
    """The end of a log."""
    if not log.exists():
        return []
    with log.open(errors="replace") as lines:
        return [line.rstrip("\n") for line in deque(lines, maxlen=count)]


class Tail:
    """Follows a log from where it stands now and hands out its new essential lines."""

    def __init__(self, name: str, log: Path) -> None:
        self._name = name
        self._log = log
        self._position = log.stat().st_size if log.exists() else 0

    def essential(self) -> list[str]:
        """New warnings and errors, each with the name of its process; a flood is cut short and says so."""
        found = [line for line in self._fresh() if _ESSENTIAL.search(line) and not _QUIET.search(line)]
        shown = [f"{self._name:>8} | {line[:_WIDTH]}" for line in found[:_BURST]]
        if len(found) > _BURST:
            shown.append(f"{self._name:>8} | … {len(found) - _BURST} more such lines in {self._log}")
        return shown

    def _fresh(self) -> list[str]:
        if not self._log.exists():
            return []
        size = self._log.stat().st_size
        if size < self._position:
            self._position = 0
        with self._log.open("rb") as log:
            log.seek(self._position)
            complete, newline, _ = log.read().rpartition(b"\n")
        self._position += len(complete) + len(newline)
        return complete.decode(errors="replace").splitlines()
