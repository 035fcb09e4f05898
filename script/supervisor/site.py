"""Our own processes, web, worker and beat, and the environment that tells them where everything is."""

import os
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from script.supervisor.places import ROOT
from script.supervisor.processes import Program

# Addresses that stand for all, with the one at which we find ourselves.
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


@dataclass(frozen=True)
class Site:
    """The commands of one running site; tests and the laptop's supervisor make it alike."""

    environment: Mapping[str, str]
    logs: Path
    host: str = "127.0.0.1"
    port: int = 8000
    schedule: Path = field(default=Path("celerybeat-schedule"))

    def manage(self, *arguments: str) -> Program:
        """A management command."""
        return self._program(arguments[0], [sys.executable, "manage.py", *arguments])

    def web(self, workers: int = 2, threads: int = 8, graceful: int = 5) -> Program:
        """The pages and the API; asked to stop, it has so many seconds for what is on its way."""
        options = ["--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads)]
        options += ["--graceful-timeout", str(graceful), "--config", "python:board.gunicorn"]
        address = f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
        return self._python("web", ["gunicorn", *options, "--bind", address, "board.wsgi:application"])

    def worker(
        self, concurrency: int | None = None, queues: str = "analyse,renditions,maintenance"
    ) -> Program:
        """The analysis of pictures and the upkeep."""
        children = concurrency or min(4, os.cpu_count() or 1)
        options = ["--queues", queues, "--concurrency", str(children), "--loglevel", "INFO"]
        # Alone on its broker: no gossip with other workers, and the name tells two checkouts apart.
        options += ["--without-gossip", "--without-mingle", "--hostname", f"{self.port}@%h"]
        return self._python("worker", ["celery", "--app", "board", "worker", *options])

    def beat(self) -> Program:
        """The clock of the periodic upkeep."""
        options = ["--schedule", str(self.schedule), "--pidfile", "", "--loglevel", "INFO"]
        return self._python("beat", ["celery", "--app", "board", "beat", *options])

    def _python(self, name: str, module: Sequence[str]) -> Program:
        return self._program(name, [sys.executable, "-m", *module])

    def _program(self, name: str, command: Sequence[str]) -> Program:
        log = self.logs / f"{name}.log"
        return Program(name, command, log, environment=self.environment, directory=ROOT)


def laptop_environment(
    *, database: str, broker: str, media: Path, secret_key: str, host: str, port: int
) -> dict[str, str]:
    """The settings of a site on one laptop, whatever else the shell that started us had in it."""
    hosts = ["localhost", "127.0.0.1", "[::1]", socket.gethostname(), host]
    return {
        "DJANGO_SETTINGS_MODULE": "board.settings",
        "DOPPEL_ENV": "development",
        "DOPPEL_SECRET_KEY": secret_key,
        # Who serves on every address has asked to be found under any name.
        "DOPPEL_ALLOWED_HOSTS": "*" if host in EVERYWHERE else ",".join(dict.fromkeys(hosts)),
        "DOPPEL_CSRF_TRUSTED_ORIGINS": f"http://localhost:{port},http://127.0.0.1:{port}",
        "DATABASE_URL": database,
        "REDIS_URL": broker,
        # A folder, unless the shell leads to a bucket by the DOPPEL_S3_ names.
        "DOPPEL_STORAGE": os.environ.get("DOPPEL_STORAGE", "filesystem"),
        "DOPPEL_MEDIA_ROOT": str(media),
        "DOPPEL_BEHIND_PROXY": "false",
        "DOPPEL_METRICS_NETWORKS": "127.0.0.1/32,::1/128",
        "PYTHONUNBUFFERED": "1",
    }
