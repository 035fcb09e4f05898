"""Postgres from a wheel, run by ourselves: the wheel's own Python widens permissions of others' folders."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from script.supervisor.accounts import Account
from script.supervisor.errors import RunError
from script.supervisor.postgres_wheel import major_version
from script.supervisor.processes import Program

USER = "doppel"


@dataclass(frozen=True)
class Postgres:
    """One cluster: its programs, its data folder, its port."""

    programs: Path
    data: Path
    port: int
    password: str
    account: Account | None = None
    options: Sequence[str] = ()

    def url(self, database: str) -> str:
        """What DATABASE_URL wants."""
        return f"postgres://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def program(self, log: Path) -> Program:
        """The server, stopped the fast way: connections are cut, nothing committed is lost."""
        settings = [f"port={self.port}", "listen_addresses=127.0.0.1", "unix_socket_directories="]
        command = [str(self.programs / "bin/postgres"), "-D", str(self.data)]
        for setting in (*settings, *self.options):
            command += ["-c", setting]
        return Program("postgres", command, log, account=self.account, stop_signal=signal.SIGINT, patience=20)

    def prepare(self, log: Path) -> None:
        """Make the data folder if there is none, and clear what a crash has left in it."""
        if not (self.data / "PG_VERSION").exists():
            _initialise(self, log)
        made_by = (self.data / "PG_VERSION").read_text().strip()
        runs = major_version(self.programs)
        if made_by != runs:
            raise RunError(
                f"The database in {self.data} was made by Postgres {made_by}; this one is {runs}."
                " Dump it with the old version and restore it, or move the folder away to begin afresh."
            )
        _clear_orphan(self.data)

    def answers(self) -> bool:
        """Whether it takes connections; after a crash it first recovers."""
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def create_database(self, name: str, template: str = "template1") -> None:
        """Make the database unless it is there."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                order = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
                connection.execute(order.format(sql.Identifier(name), sql.Identifier(template)))

    def drop_database(self, name: str) -> None:
        """Remove the database and cut whoever still uses it."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


def _initialise(server: Postgres, log: Path) -> None:
    """Into a folder beside it, renamed when complete: an interrupted first start leaves no half cluster."""
    fresh = server.data.with_name(server.data.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    password = fresh.with_name("postgres.password")
    password.touch(mode=0o600)
    password.write_text(server.password)
    if server.account:
        server.account.own(fresh)
        server.account.own(password)
    command = [str(server.programs / "bin/initdb"), "-D", str(fresh), "-U", USER, f"--pwfile={password}"]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
    command += ["--no-sync", "--no-instructions", "--lc-messages=C"]
    account = server.account
    try:
        with log.open("ab") as output:
            subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
                check=True,
            )
    except subprocess.CalledProcessError as error:
        raise RunError("Postgres could not make its data folder.", log) from error
    finally:
        password.unlink()
    fresh.rename(server.data)


def _clear_orphan(data: Path) -> None:
    """As we hold the lock, a server in this folder is an orphan; a stale pid must not block the start."""
    note = data / "postmaster.pid"
    try:
        pid = int(note.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        note.unlink(missing_ok=True)
        return
    if _is_server_of(pid, data):
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + 20
        while _is_server_of(pid, data) and time.monotonic() < deadline:
            time.sleep(0.05)
        if _is_server_of(pid, data):
            os.kill(pid, signal.SIGKILL)
            time.sleep(0.2)
    note.unlink(missing_ok=True)


def _is_server_of(pid: int, data: Path) -> bool:
    command = _command_line(pid)
    return "postgres" in command and str(data) in command


def _command_line(pid: int) -> str:
    """Of a living process; empty when there is none."""
    if Path("/proc/self/cmdline").exists():
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
        return ""
    listing = ["ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(listing, capture_output=True, text=True, check=False).stdout
