"""The order of a run: lock, guardian, servers, migrations, our processes; backwards at the end."""

import signal
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import FrameType

from script.supervisor.accounts import account_for_postgres
from script.supervisor.errors import RunError, StoppedError
from script.supervisor.guardian import Guardian
from script.supervisor.lock import take_lock
from script.supervisor.places import Places
from script.supervisor.ports import free_port, preferred_port
from script.supervisor.postgres import Postgres
from script.supervisor.processes import Program, run_to_end
from script.supervisor.readiness import readiness
from script.supervisor.site import EVERYWHERE, Site, laptop_environment
from script.supervisor.state import postgres_folder
from script.supervisor.supervision import Kept
from script.supervisor.terminal import last_lines, say
from script.supervisor.valkey import Valkey
from script.supervisor.waiting import wait_for

_STARTING = 180.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Run:
    """One run of the whole site."""

    places: Places
    host: str
    wished_port: int
    demo: bool = False
    began: float = field(default_factory=time.monotonic)
    _signals: int = 0
    _kept: list[Kept] = field(default_factory=list)

    def stopping(self) -> bool:
        """Whether we were asked to stop."""
        return self._signals > 0

    def to_the_end(self) -> None:
        """Start everything, keep it running, stop it in order."""
        with ExitStack() as stack:
            lock = take_lock(self.places)
            stack.callback(lock.close)
            guardian = Guardian(keep_open=(lock.fileno(),))
            stack.callback(guardian.close)
            stack.callback(self._stop)
            for number in _SIGNALS:
                signal.signal(number, self._note_signal)
            try:
                address = self._start(guardian)
                lock.write(address)
                lock.flush()
                self._keep()
            except StoppedError:
                pass

    def _note_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1

    def _start(self, guardian: Guardian) -> str:
        postgres = self._start_postgres(guardian)
        valkey = self._start_valkey(guardian)
        postgres.create_database("doppel")
        port = preferred_port(self.wished_port, self.host)
        site = self._site(port, postgres, valkey)
        self._once(site.manage("migrate", "--noinput"), guardian)
        if site.environment["DOPPEL_STORAGE"] == "s3":
            self._once(site.manage("prepare_storage"), guardian)
        for program in (site.worker(), site.beat(), site.web()):
            self._keep_running(program, guardian)
        self._await_readiness(port)
        if self.demo:
            self._fill(site, guardian)
        return self._announce(port)

    def _start_postgres(self, guardian: Guardian) -> Postgres:
        account = account_for_postgres()
        folder, programs = postgres_folder(self.places, account)
        password = self.places.secrets["postgres"]
        server = Postgres(programs, folder / "postgres", free_port(), password, account)
        log = self.places.log("postgres")
        server.prepare(log)
        kept = self._keep_running(server.program(log), guardian)
        self._await("Postgres", server.answers, kept)
        return server

    def _start_valkey(self, guardian: Guardian) -> Valkey:
        server = Valkey(self.places.var / "valkey", free_port(), self.places.secrets["valkey"])
        log = self.places.log("valkey")
        kept = self._keep_running(server.program(log), guardian)
        self._await("Valkey", server.answers, kept)
        return server

    def _site(self, port: int, postgres: Postgres, valkey: Valkey) -> Site:
        if self.wished_port and port != self.wished_port:
            say(f"Port {self.wished_port} is taken; using {port}.")
        environment = laptop_environment(
            database=postgres.url("doppel"),
            broker=valkey.url(),
            media=self.places.media,
            secret_key=self.places.secrets["secret_key"],
            host=self.host,
            port=port,
        )
        logs = self.places.var / "log"
        return Site(environment, logs, self.host, port, self.places.var / "celerybeat-schedule")

    def _keep_running(self, program: Program, guardian: Guardian) -> Kept:
        if self.stopping():
            raise StoppedError
        kept = Kept(program, guardian)
        self._kept.append(kept)
        return kept

    def _await(self, name: str, answers: Callable[[], bool], kept: Kept) -> None:
        wait_for(name, answers, alive=kept.alive, log=kept.program.log, stopping=self.stopping)

    def _once(self, program: Program, guardian: Guardian) -> None:
        run_to_end(program, guardian, self.stopping)

    def _fill(self, site: Site, guardian: Guardian) -> None:
        say("Making the demo pictures and accounts …")
        program = site.manage("demo", "--if-empty")
        before = program.log.stat().st_size if program.log.exists() else 0
        self._once(program, guardian)
        with program.log.open(errors="replace") as log:
            log.seek(before)
            say(log.read().rstrip())

    def _await_readiness(self, port: int) -> None:
        deadline = time.monotonic() + _STARTING
        asked = EVERYWHERE.get(self.host, self.host)
        while True:
            ready, complaint = readiness(asked, port)
            if ready:
                return
            self._pause()
            if time.monotonic() > deadline:
                log = self.places.log("web")
                raise RunError(f"The site did not become ready in {_STARTING:.0f} s: {complaint}.", log)

    def _announce(self, port: int) -> str:
        name = "localhost" if self.host in {"127.0.0.1", "::1", *EVERYWHERE} else self.host
        address = f"http://{name}:{port}/"
        say(f"Doppel is ready after {time.monotonic() - self.began:.1f} s: {address}")
        say("Ctrl-C stops it.")
        return address

    def _keep(self) -> None:
        while True:
            self._pause()

    def _pause(self) -> None:
        """Look after the children for a moment; leave when asked to."""
        for kept in self._kept:
            kept.look_after()
        if self.stopping():
            raise StoppedError
        time.sleep(0.1)

    def _stop(self) -> None:
        """Backwards, so that nobody loses a server they still need; our own three end side by side."""
        if self._kept:
            say("Stopping …")
        for kept in self._kept[2:]:
            kept.child.ask_to_stop()
        for kept in reversed(self._kept):
            kept.child.end(patience=1 if self._signals > 1 else None)


def explain(failure: RunError) -> list[str]:
    """The failure and the end of the log that tells why."""
    lines = [str(failure)]
    if failure.log:
        lines += [f"  | {line}" for line in last_lines(failure.log)]
        lines.append(f"The whole log: {failure.log}")
    return lines
