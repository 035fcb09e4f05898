"""The whole site for one measurement, in a folder that is removed afterwards; Postgres is as durable as in life."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from script.supervisor.accounts import account_for_postgres
from script.supervisor.guardian import Guardian
from script.supervisor.places import ROOT
from script.supervisor.ports import free_port
from script.supervisor.postgres import Postgres
from script.supervisor.postgres_wheel import reachable_programs
from script.supervisor.processes import Child, Program, run_to_end
from script.supervisor.readiness import readiness
from script.supervisor.site import Site, laptop_environment
from script.supervisor.valkey import Valkey
from script.supervisor.waiting import wait_for

_KEYS = """
from board.models import ApiToken, User
for number in range({count}):
    print('KEY', ApiToken.issue(User.objects.create_user(f'visitor{{number}}'), 'load')[1])
"""


@dataclass(frozen=True)
class Stack:
    """A site that runs: its port, its database, and the keys of its people."""

    port: int
    database: str
    keys: tuple[str, ...]

    def ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of its database."""
        with psycopg.connect(self.database) as connection:
            return connection.execute(sql, values).fetchall()

    def waiting(self) -> int:
        """Uploads that the machine has not settled yet."""
        (row,) = self.ask("SELECT count(*) FROM dedupe_picture WHERE state IN ('staged', 'analysing')")
        return int(row[0])

    def drain(self, limit: float) -> float:
        """Wait until none waits; seconds that it took. Raises TimeoutError."""
        began = time.monotonic()
        while self.waiting():
            if time.monotonic() - began > limit:
                raise TimeoutError(f"{self.waiting()} uploads still wait after {limit:.0f} s")
            time.sleep(0.1)
        return time.monotonic() - began


@contextmanager
def running_stack(*, web: int, workers: int, people: int) -> Iterator[Stack]:
    """Start everything, with so many web processes and worker children, and accounts with keys."""
    with ExitStack() as stack:
        guardian = Guardian()
        stack.callback(guardian.close)
        folder = Path(tempfile.mkdtemp(prefix="doppel-load-", dir="/var/tmp"))
        guardian.remove(folder)
        folder.chmod(0o711)

        def keep(program: Program) -> Child:
            child = Child(program, guardian)
            stack.callback(child.end)
            return child

        database = _postgres(folder, keep)
        broker = _valkey(folder, keep)
        port = free_port()
        environment = laptop_environment(
            database=database, broker=broker, media=folder / "media",
            secret_key=secrets.token_urlsafe(48), host="127.0.0.1", port=port,
        )  # fmt: skip
        (folder / "log").mkdir()
        site = Site(environment, folder / "log", "127.0.0.1", port, folder / "schedule")
        run_to_end(site.manage("migrate", "--noinput"), guardian)
        for program in (site.worker(workers), site.beat(), site.web(web)):
            keep(program)
        _await_readiness(port)
        yield Stack(port, database, _issue_keys(site, people))


def _postgres(folder: Path, keep: Any) -> str:
    account = account_for_postgres()
    programs = reachable_programs(account, folder)
    server = Postgres(programs, folder / "data", free_port(), secrets.token_hex(16), account)
    log = folder / "postgres.log"
    server.prepare(log)
    child = keep(server.program(log))
    wait_for("Postgres", server.answers, alive=lambda: child.exit_status is None, log=log)
    server.create_database("doppel")
    return server.url("doppel")


def _valkey(folder: Path, keep: Any) -> str:
    server = Valkey(folder / "valkey", free_port(), secrets.token_hex(16))
    log = folder / "valkey.log"
    child = keep(server.program(log))
    wait_for("Valkey", server.answers, alive=lambda: child.exit_status is None, log=log)
    return server.url()


def _await_readiness(port: int, limit: float = 120) -> None:
    deadline = time.monotonic() + limit
    while not (answer := readiness("127.0.0.1", port))[0]:
        if time.monotonic() > deadline:
            raise TimeoutError(answer[1])
        time.sleep(0.2)


def _issue_keys(site: Site, count: int) -> tuple[str, ...]:
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", _KEYS.format(count=count)],
        cwd=ROOT, env={**os.environ, **site.environment}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return tuple(line.split()[1] for line in done.stdout.splitlines() if line.startswith("KEY "))
