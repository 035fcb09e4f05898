"""The account that Postgres runs as: ours, or, as it refuses root, an unprivileged one."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

CANDIDATES = ("nobody",)


@dataclass(frozen=True)
class Account:
    """An account of this machine other than the one we run as."""

    name: str
    uid: int
    gid: int

    def can_enter(self, folder: Path) -> bool:
        """Whether this account may work in there."""
        return self._may("-x", folder)

    def can_read(self, path: Path) -> bool:
        """Whether this account may list a folder, or read a program."""
        return self._may("-x", path) and self._may("-r", path)

    def _may(self, question: str, path: Path) -> bool:
        """The kernel is asked, which knows every parent folder and access list."""
        probe = subprocess.run(
            ["/bin/sh", "-c", 'test "$1" "$2"', "sh", question, str(path)],
            user=self.uid,
            group=self.gid,
            extra_groups=[],
            cwd="/",
            check=False,
        )
        return probe.returncode == 0

    def own(self, path: Path) -> None:
        """Give this account a folder or file that we have just made."""
        os.chown(path, self.uid, self.gid)


def account_for_postgres() -> Account | None:
    """None when we are an ordinary user, who may run Postgres as themselves."""
    if os.geteuid() != 0:
        return None
    for name in CANDIDATES:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, found.pw_uid, found.pw_gid)
    raise LookupError("Postgres refuses to run as root, and this machine has no account named nobody.")
