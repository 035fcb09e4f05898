"""A process of its own that kills what its parent leaves behind, however the parent ends, SIGKILL included.

It holds the reading end of a pipe whose writing end only the parent has: the pipe ends when the parent does.
Over it the parent says, a line each, which process groups and folders are to go then. Children that made a
session of their own are found by a mark in their environment, where the system shows it (/proc).
Run by path with `python -I -S`, so this module imports the standard library only.
"""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

MARK = "DOPPEL_GUARDED"
PATIENCE = 5.0


class Guardian:
    """The parent's end: tells the guardian what to kill if we vanish."""

    def __init__(self, keep_open: tuple[int, ...] = ()) -> None:
        """Start it; it keeps `keep_open` (a lock, say) until it has finished its work."""
        self.mark = secrets.token_hex(16)
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(__file__).resolve()), self.mark],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=keep_open,
            cwd="/",
            env={},
        )

    def watch(self, group: int, stop_signal: signal.Signals = signal.SIGTERM) -> None:
        """Have this process group stopped by its signal, and killed soon after, when we are gone."""
        self._tell(f"watch {group} {stop_signal.value}")

    def forget(self, group: int) -> None:
        """This group has ended; its number may soon be another's."""
        self._tell(f"forget {group}")

    def remove(self, folder: Path) -> None:
        """Have this folder removed at the end."""
        self._tell(f"remove {folder}")

    def close(self) -> None:
        """Say that we end now; wait until everything still watched is gone."""
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=2 * PATIENCE)

    def _tell(self, line: str) -> None:
        if self._process.stdin:
            with contextlib.suppress(BrokenPipeError, ValueError):
                self._process.stdin.write(line.encode() + b"\n")
                self._process.stdin.flush()


def _read_orders(lines: Iterator[str]) -> tuple[dict[int, int], list[Path]]:
    groups: dict[int, int] = {}
    folders: list[Path] = []
    for line in lines:
        order, _, rest = line.rstrip("\n").partition(" ")
        if order == "watch":
            group, number = rest.split()
            groups[int(group)] = int(number)
        elif order == "forget":
            groups.pop(int(rest), None)
        elif order == "remove":
            folders.append(Path(rest))
    return groups, folders


def group_lives(group: int) -> bool:
    """Whether any process of the group is left."""
    try:
        os.killpg(group, 0)
    except PermissionError:
        return True
    except ProcessLookupError:
        return False
    return True


def _signal_group(group: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _stop_groups(groups: dict[int, int]) -> None:
    for group, number in groups.items():
        _signal_group(group, number)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and any(map(group_lives, groups)):
        time.sleep(0.05)
    for group in groups:
        _signal_group(group, signal.SIGKILL)


def _marked_processes(mark: str) -> Iterator[int]:
    wanted = f"{MARK}={mark}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                yield int(entry.name)


def _kill_marked(mark: str) -> None:
    for _ in range(20):
        found = list(_marked_processes(mark))
        if not found:
            return
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)


def main(mark: str) -> None:
    """Wait for the end of the pipe, then clean up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups, folders = _read_orders(iter(sys.stdin.readline, ""))
    _stop_groups(groups)
    _kill_marked(mark)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])
