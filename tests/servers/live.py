"""The site as a visitor meets it: web and worker processes on a database of their own."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from script.supervisor.errors import RunError
from script.supervisor.guardian import Guardian
from script.supervisor.places import ROOT
from script.supervisor.ports import free_port
from script.supervisor.processes import Child, Program
from script.supervisor.readiness import readiness
from script.supervisor.site import Site, laptop_environment
from script.supervisor.waiting import wait_for


@dataclass
class LiveSite:
    """A running site; a test may kill and restart its processes."""

    site: Site
    guardian: Guardian
    children: dict[str, Child] = field(default_factory=dict)

    @property
    def base_url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.site.port}"

    @property
    def environment(self) -> Mapping[str, str]:
        """The settings that its processes got."""
        return self.site.environment

    @property
    def media(self) -> Path:
        """Where its pictures are."""
        return Path(self.environment["DOPPEL_MEDIA_ROOT"])

    def start(self, name: str, **options: Any) -> Child:
        """Start web, worker or beat (options as those of Site's methods) and wait until it serves."""
        program: Program = getattr(self.site, name)(**options)
        before = program.log.stat().st_size if program.log.exists() else 0
        child = self.children[name] = Child(program, self.guardian)

        def serves() -> bool:
            if name == "web":
                return answers(self.site.port, "/healthz")
            return name == "beat" or b" ready." in program.log.read_bytes()[before:]

        wait_for(name, serves, alive=lambda: child.exit_status is None, log=program.log, limit=120)
        return child

    def stop(self, name: str, patience: float | None = None) -> None:
        """End web, worker or beat; patience 0 is a kill at once after its signal."""
        self.children.pop(name).end(patience)

    def await_ready(self, limit: float = 120) -> None:
        """Return when the site says that all its parts work."""
        eventually(lambda: readiness("127.0.0.1", self.site.port)[0], limit=limit, what="/readyz")

    def manage(self, *arguments: str) -> str:
        """Run a management command on this site; its output."""
        environment = {**os.environ, **self.environment}
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode:
            raise RunError(f"manage.py {arguments[0]} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def connect(self) -> psycopg.Connection[Any]:
        """A connection to its database, committing by itself."""
        return psycopg.connect(self.environment["DATABASE_URL"], autocommit=True)


def answers(port: int, path: str) -> bool:
    """Whether GET gives a 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def eventually(true: Callable[[], bool], *, limit: float = 20, what: str = "the condition") -> None:
    """Return when it has become true; fail after the limit."""
    deadline = time.monotonic() + limit
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {limit:.0f} s")
        time.sleep(0.05)


@contextmanager
def running_site(
    *,
    folder: Path,
    database: str,
    broker: str,
    guardian: Guardian,
    settings: Mapping[str, str] | None = None,
    processes: tuple[str, ...] = ("web", "worker"),
) -> Iterator[LiveSite]:
    """Start the processes on a migrated database, stop them at the end."""
    port = free_port()
    environment = laptop_environment(
        database=database,
        broker=broker,
        media=folder / "media",
        secret_key="only for tests, and long enough for Django's check of its length",
        host="127.0.0.1",
        port=port,
    )
    # One address asks for everything here; a test of the limits turns them on.
    environment["DOPPEL_LIMITS"] = "false"
    site = Site({**environment, **(settings or {})}, folder, "127.0.0.1", port, folder / "schedule")
    live = LiveSite(site, guardian)
    try:
        for name in processes:
            live.start(name)
        if {"web", "worker"} <= set(processes):
            live.await_ready()
        yield live
    finally:
        for child in live.children.values():
            child.ask_to_stop()
        for child in live.children.values():
            child.end()
