"""Keeps the children running: one that dies is started again after a growing pause, but not for ever."""

import time
from collections import deque

from script.supervisor.errors import RunError
from script.supervisor.guardian import Guardian
from script.supervisor.processes import Child, Program
from script.supervisor.terminal import Tail, complain

_LONGEST_PAUSE = 15.0
_DEATHS, _WITHIN = 5, 120.0


class Kept:
    """One program that is to run as long as we do."""

    def __init__(self, program: Program, guardian: Guardian) -> None:
        self.program = program
        self._guardian = guardian
        self._deaths: deque[float] = deque(maxlen=_DEATHS)
        self._again_at: float | None = None
        self._tail = Tail(program.name, program.log)
        self.child = Child(program, guardian)

    def alive(self) -> bool:
        """Whether it runs at this moment."""
        return self.child.exit_status is None

    def look_after(self) -> None:
        """Show its essential lines; notice its death; start it again when its pause is over."""
        for line in self._tail.essential():
            complain(line)
        if self._again_at is not None:
            if time.monotonic() >= self._again_at:
                self._again_at = None
                self.child = Child(self.program, self._guardian)
        elif not self.alive():
            self._note_death()

    def _note_death(self) -> None:
        status = self.child.exit_status
        # Children of the dead one must not work on beside its successor.
        self.child.end(patience=0)
        now = time.monotonic()
        self._deaths.append(now)
        name = self.program.name
        if len(self._deaths) == _DEATHS and now - self._deaths[0] < _WITHIN:
            raise RunError(f"{name} died {_DEATHS} times within {_WITHIN:.0f} seconds.", self.program.log)
        recent = sum(1 for death in self._deaths if now - death < _WITHIN)
        pause = min(2.0 ** (recent - 1), _LONGEST_PAUSE)
        complain(f"{name} ended ({describe(status)}); starting it again in {pause:.0f} s.")
        self._again_at = now + pause


def describe(status: int | None) -> str:
    """An exit status in words."""
    if status is None:
        return "still running"
    return f"killed by signal {-status}" if status < 0 else f"exit status {status}"
