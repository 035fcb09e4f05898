"""Run one command beside a Postgres of its own, which is removed afterwards: for measurements without a site.

    python -m script.with_postgres python manage.py evaluate_matching DIR PAIRS_CSV
    python -m script.with_postgres -c shared_buffers=4GB python manage.py benchmark_search --rows 1000000

`-c name=value`, as often as wanted, is a setting of the server. The command finds the server by DATABASE_URL. Its exit
status is ours. Nothing here need survive a power cut.
"""

import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from script.supervisor.accounts import account_for_postgres
from script.supervisor.errors import RunError
from script.supervisor.guardian import Guardian
from script.supervisor.ports import free_port
from script.supervisor.postgres import Postgres
from script.supervisor.postgres_wheel import reachable_programs
from script.supervisor.processes import Child
from script.supervisor.running import explain
from script.supervisor.waiting import wait_for

_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_DATABASE = "doppel"


@contextmanager
def passing_postgres(settings: Sequence[str] = ()) -> Iterator[str]:
    """A fresh server with an empty database. Yields its URL. Raises RunError when it does not start."""
    with ExitStack() as stack:
        guardian = Guardian()
        stack.callback(guardian.close)
        folder = Path(tempfile.mkdtemp(prefix="doppel-postgres-", dir="/var/tmp"))
        guardian.remove(folder)
        folder.chmod(0o711)  # the server may run under another account
        account = account_for_postgres()
        programs = reachable_programs(account, folder)
        server = Postgres(
            programs, folder / "data", free_port(), secrets.token_hex(16), account, (*_FAST, *settings)
        )
        log = folder / "postgres.log"
        server.prepare(log)
        child = Child(server.program(log), guardian)
        stack.callback(child.end)
        wait_for("Postgres", server.answers, alive=lambda: child.exit_status is None, log=log)
        server.create_database(_DATABASE)
        yield server.url(_DATABASE)


def main(command: list[str]) -> int:
    """Run the command; 2 without one, 1 when Postgres does not start."""
    settings: list[str] = []
    while command[:1] == ["-c"] and len(command) > 1:
        settings.append(command[1])
        command = command[2:]
    if not command:
        print("usage: python -m script.with_postgres [-c NAME=VALUE]... COMMAND...", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        with passing_postgres(settings) as url:
            return _run(command, {**os.environ, "DATABASE_URL": url})
    except RunError as error:
        print("\n".join(explain(error)), file=sys.stderr)
        return 1


def _run(command: list[str], environment: dict[str, str]) -> int:
    """Wait for the command; Ctrl-C reaches it too, and it is given the time to tidy up."""
    with subprocess.Popen(command, env=environment) as child:
        try:
            while True:
                try:
                    return child.wait()
                except KeyboardInterrupt:
                    continue
        finally:
            child.terminate()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
