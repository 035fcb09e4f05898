"""Starts a server when the first test asks for it, and once for all pytest processes of a run.

The pytest that was started keeps the desk, in a thread; tests of every process ask there by a local socket.
"""

import threading
from collections.abc import Callable
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path

from script.supervisor.accounts import account_for_postgres
from script.supervisor.errors import RunError
from script.supervisor.guardian import Guardian
from script.supervisor.postgres import Postgres
from script.supervisor.postgres_wheel import reachable_programs
from script.supervisor.processes import Child, Program, run_to_end
from script.supervisor.running import explain
from script.supervisor.site import Site
from script.supervisor.valkey import Valkey
from script.supervisor.waiting import wait_for
from tests.servers.addresses import DATABASES_PER_PROCESS, TEMPLATE, Addresses
from tests.servers.radosgw import Radosgw

# Nothing here need survive a power cut.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300")


class Desk:
    """The keeper of the servers."""

    def __init__(self, at: Addresses, guardian: Guardian) -> None:
        self._at = at
        self._folder = Path(at.folder)
        self._guardian = guardian
        self._children: list[Child] = []
        self._answers: dict[str, str] = {}
        self._starts: dict[str, Callable[[], None]] = {
            "postgres": self._start_postgres,
            "valkey": self._start_valkey,
            "s3": self._start_s3,
            "template": self._make_template,
        }
        self._locks = {name: threading.Lock() for name in self._starts}
        self._listener = Listener(("127.0.0.1", at.desk), authkey=at.password.encode())
        threading.Thread(target=self._serve, daemon=True, name="desk").start()

    def close(self) -> None:
        """Stop what was started, the last first."""
        self._listener.close()
        for child in self._children:
            child.ask_to_stop()
        for child in reversed(self._children):
            child.end(patience=5)

    def _serve(self) -> None:
        while True:
            try:
                visitor = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=[visitor], daemon=True).start()

    def _answer(self, visitor: Connection) -> None:
        with visitor:
            name = visitor.recv()
            # Who comes second waits for the first, and finds the server running.
            with self._locks[name]:
                if name not in self._answers:
                    self._answers[name] = self._try_to_start(name)
            visitor.send(self._answers[name])

    def _try_to_start(self, name: str) -> str:
        """Nothing, or what went wrong."""
        try:
            self._starts[name]()
        except RunError as error:
            return "\n".join(explain(error))
        except Exception as error:
            return f"{name}: {error!r}"
        return ""

    def _child(self, program: Program) -> Child:
        child = Child(program, self._guardian)
        self._children.append(child)
        return child

    def _start_postgres(self) -> None:
        account = account_for_postgres()
        programs = reachable_programs(account, self._folder)
        data, log = self._folder / "postgres", self._folder / "postgres.log"
        server = Postgres(programs, data, self._at.postgres, self._at.password, account, _FAST)
        server.prepare(log)
        child = self._child(server.program(log))
        wait_for("Postgres", server.answers, alive=lambda: child.exit_status is None, log=log)

    def _make_template(self) -> None:
        """Migrate once, where Postgres runs already; the databases of tests and of their sites are copies."""
        server = Postgres(Path(), Path(), self._at.postgres, self._at.password)
        server.create_database(TEMPLATE)
        environment = {"DJANGO_SETTINGS_MODULE": "board.settings", "DATABASE_URL": server.url(TEMPLATE)}
        migrate = Site(environment, self._folder).manage("migrate", "--noinput")
        run_to_end(migrate, self._guardian)

    def _start_valkey(self) -> None:
        databases = DATABASES_PER_PROCESS * 65
        server = Valkey(self._folder / "valkey", self._at.valkey, self._at.password, databases)
        log = self._folder / "valkey.log"
        child = self._child(server.program(log))
        wait_for("Valkey", server.answers, alive=lambda: child.exit_status is None, log=log)

    def _start_s3(self) -> None:
        folder = self._folder / "s3"
        folder.mkdir()
        server = Radosgw(folder, self._at.s3, self._at.monitor, self._at.password)
        server.start(self._child)


def ask_for(name: str, at: Addresses) -> None:
    """Return when the server of this name runs."""
    with Client(("127.0.0.1", at.desk), authkey=at.password.encode()) as desk:
        desk.send(name)
        complaint = desk.recv()
    if complaint:
        raise RuntimeError(complaint)
