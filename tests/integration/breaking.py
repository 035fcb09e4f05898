"""A running site of which every part can be broken while it works, and put right again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from script.supervisor.places import ROOT
from script.supervisor.readiness import readiness
from tests.servers.live import LiveSite, eventually
from tests.servers.proxy import Proxy


@dataclass(frozen=True)
class Gates:
    """Where processes are stopped (``tests.integration.gates``)."""

    folder: Path

    def close(self, step: str) -> None:
        """Stop the next process that comes to this step."""
        (self.folder / f"closed-{step}").touch()

    def wait_for(self, step: str, limit: float = 40) -> int:
        """The process that stands before the step; fails when none comes."""
        found: list[Path] = []

        def stands_there() -> bool:
            found[:] = self.folder.glob(f"at-{step}-*")
            return bool(found)

        eventually(stands_there, limit=limit, what=f"a process before the step {step}")
        return int(found[0].name.rpartition("-")[2])

    def open(self) -> None:
        """Let everybody go on, now and from now on."""
        for file in self.folder.iterdir():
            file.unlink(missing_ok=True)


class Keeper:
    """The process of ``tests.integration.keeper``."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.keeper"],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, act: str) -> Any:
        """Have it do something; what it says."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{act}\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


@dataclass
class BreakableSite:
    """Web and worker behind proxies, and who watches over them."""

    live: LiveSite
    database: Proxy
    broker: Proxy
    store: Proxy
    gates: Gates
    keeper: Keeper
    frozen: list[int] = field(default_factory=list)
    ending: list[str] = field(default_factory=list)

    def kill(self, name: str) -> None:
        """Kill web or worker with all that it started, without a chance to clean up."""
        kill_tree(self.live.children[name].pid)

    def end(self, name: str) -> None:
        """Tell web or worker to end, which takes until its work is done."""
        self.live.children[name].ask_to_stop()
        self.ending.append(name)

    def freeze(self, pid: int) -> None:
        """Stop a process, until all is mended."""
        os.kill(pid, signal.SIGSTOP)
        self.frozen.append(pid)

    def kill_next_child(self, pool_child: int, limit: float = 3) -> bool:
        """Kill the next process that decodes or compares for a child of the pool."""
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            with suppress(psutil.NoSuchProcess):
                zygotes = psutil.Process(pool_child).children()
                children = [child for zygote in zygotes for child in zygote.children()]
                if children:
                    children[0].kill()
                    return True
            time.sleep(0.001)
        return False

    def mend(self) -> None:
        """Put everything right: proxies pass on, the frozen go on, who has died is started again."""
        for proxy in (self.database, self.broker, self.store):
            proxy.mend()
        self.gates.open()
        while self.frozen:
            with suppress(ProcessLookupError):
                os.kill(self.frozen.pop(), signal.SIGCONT)
        self.revive()

    def revive(self) -> None:
        """Start again who has ended, or is about to."""
        while self.ending:
            ended = self.live.children[self.ending.pop()]
            eventually(lambda: ended.exit_status is not None, limit=90, what="the end that was asked for")  # noqa: B023
        for name in ("web", "worker"):
            if self.live.children[name].exit_status is not None:
                self.live.stop(name, patience=0)
                self.live.start(name)

    def await_ready(self, limit: float = 120) -> None:
        """Return when all parts work; whoever ends meanwhile is started again, as a supervisor does.

        A Celery 5.7 worker that holds a message when its broker goes away ends itself instead of connecting anew.
        """

        def is_ready() -> bool:
            self.revive()
            return readiness("127.0.0.1", self.live.site.port)[0]

        eventually(is_ready, limit=limit, what="/readyz")

    def settle(self, limit: float = 120) -> None:
        """Return when no upload waits for the machine; pauses and leases run out more quickly than by the clock.

        Each time that leases run out the next attempt has twice as long: a busy machine is not a fourth fault.
        """
        deadline = time.monotonic() + limit
        patience = 8.0
        lapse_at = time.monotonic() + patience
        while self.keeper("waiting"):
            if time.monotonic() > deadline:
                raise AssertionError(f"still waiting after {limit:.0f} s: {self.keeper('states')}")
            if time.monotonic() > lapse_at:
                self.keeper("lapse")
                patience *= 2
                lapse_at = time.monotonic() + patience
            self.revive()
            self.keeper("hurry")
            time.sleep(0.5)

    def sweep_and_check(self) -> list[str]:
        """One sweep, and what breaks the invariants after it."""
        self.keeper("sweep")
        violations: list[str] = self.keeper("check")
        return violations


def kill_tree(pid: int) -> None:
    """Kill a process and all that it started, those that are a group of their own too."""
    with suppress(psutil.NoSuchProcess):
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(family[1:], timeout=3)


@contextmanager
def proxies(*targets: int) -> Iterator[list[Proxy]]:
    """A proxy before each of these ports."""
    made = [Proxy(target) for target in targets]
    try:
        yield made
    finally:
        for proxy in made:
            proxy.close()
