"""Ports, passwords and folders of one test run, chosen before any server runs and handed on to every process.

Django reads its settings before pytest reads a conftest, so the settings name servers that start later.
"""

import json
import os
import secrets
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from script.supervisor.accounts import account_for_postgres
from script.supervisor.guardian import Guardian
from script.supervisor.ports import free_port

_VARIABLE = "DOPPEL_TEST_SERVERS"
_guardians: list[Guardian] = []
DATABASES_PER_PROCESS = 16
TEMPLATE = "doppel_template"
"""The database that every migration has gone through."""


@dataclass(frozen=True)
class Addresses:
    """One test run."""

    folder: str
    password: str
    desk: int
    postgres: int
    valkey: int
    s3: int
    monitor: int

    def postgres_url(self, database: str) -> str:
        """The database of this name."""
        return f"postgres://doppel:{self.password}@127.0.0.1:{self.postgres}/{database}"

    def valkey_url(self, offset: int = 0) -> str:
        """A broker and cache of this pytest process alone; offsets from 1 are those of its sites."""
        number = DATABASES_PER_PROCESS * process_number() + offset
        return f"redis://:{self.password}@127.0.0.1:{self.valkey}/{number}"

    @property
    def s3_url(self) -> str:
        """The endpoint of the S3 server."""
        return f"http://127.0.0.1:{self.s3}"


def process_name() -> str:
    """Of this pytest process: gw0, gw1 … under xdist, else main."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def process_number() -> int:
    """0 without xdist, 1 for gw0 and so on."""
    name = process_name()
    return 1 + int(name.removeprefix("gw")) if name.startswith("gw") else 0


def is_first_process() -> bool:
    """Whether we are the pytest that was started, not one of its xdist workers."""
    return process_number() == 0


def addresses() -> Addresses:
    """Those of this run, chosen by whoever asks first; children inherit them by environment."""
    known = os.environ.get(_VARIABLE)
    if known is None:
        ports = {name: free_port() for name in ("desk", "postgres", "valkey", "s3", "monitor")}
        chosen = Addresses(folder=str(_make_folder()), password=secrets.token_hex(16), **ports)
        known = os.environ[_VARIABLE] = json.dumps(asdict(chosen))
        _guardians.append(Guardian())
        _guardians[0].remove(Path(chosen.folder))
    return Addresses(**json.loads(known))


def guardian_of_run() -> Guardian:
    """Outlives the pytest that was started, by a moment: ends its servers and removes its folder."""
    assert is_first_process()
    addresses()
    return _guardians[0]


def _make_folder() -> Path:
    """One that the account of Postgres can enter, when that is not ours."""
    account = account_for_postgres()
    for parent in (None, "/tmp", "/var/tmp"):
        folder = Path(tempfile.mkdtemp(prefix="doppel-tests-", dir=parent))
        if account is None:
            return folder
        folder.chmod(0o711)
        if account.can_enter(folder):
            return folder
        folder.rmdir()
    raise RuntimeError("No temporary folder that the account of Postgres can enter.")
