"""Where a checkout keeps what is its own: one folder for data and logs, one file for secrets."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Postgres of a root user cannot live in the checkout, which its account may not be able to enter.
SHARED_STATE = Path("/var/lib/doppel")

_SECRETS = ("installation", "secret_key", "postgres", "valkey")


@dataclass(frozen=True)
class Places:
    """The folders of one running site."""

    var: Path

    @classmethod
    def create(cls, var: Path) -> "Places":
        """Make the folders that are missing, closed to others; one that exists keeps its permissions."""
        for folder in (var, var / "log"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(var.resolve())

    @property
    def lock(self) -> Path:
        """Held by the one supervisor of this folder; says its process id and address."""
        return self.var / "server.lock"

    @property
    def media(self) -> Path:
        """The pictures."""
        return self.var / "media"

    def log(self, name: str) -> Path:
        """The log of one process."""
        return self.var / "log" / f"{name}.log"

    @property
    def elsewhere(self) -> Path:
        """The folder outside the checkout for an account that cannot enter it."""
        return SHARED_STATE / hashlib.sha256(str(self.var).encode()).hexdigest()[:16]

    @cached_property
    def secrets(self) -> dict[str, str]:
        """Passwords and keys, generated at first use and kept readable by their owner alone."""
        path = self.var / "secrets"
        known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        missing = [name for name in _SECRETS if name not in known]
        if missing:
            known |= {name: secrets.token_urlsafe(32) for name in missing}
            fresh = path.with_suffix(".new")
            fresh.touch(mode=0o600)
            fresh.write_text(json.dumps(known, indent=2) + "\n")
            fresh.replace(path)
        return known
