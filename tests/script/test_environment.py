"""The shell part of script/server and script/test: which Python is found, and what is said when there is none."""

import os
import subprocess
from pathlib import Path

import pytest

from script.supervisor.places import ROOT

OLD = '#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n'
WITHOUT_VENV = '#!/bin/sh\ncase "$2" in *version_info*) exit 0;; *) exit 1;; esac\n'
GOOD = "#!/bin/sh\nexit 0\n"
NAMES = ("python3", "python3.11", "python3.12", "python3.13", "python3.14")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder for PATH in which every Python is too old and nothing can be installed."""
    for name in NAMES:
        place(tmp_path, name, OLD)
    for name in ("apt-get", "sudo"):
        place(tmp_path, name, "#!/bin/sh\nexit 1\n")
    for name in ("id", "mktemp", "tail", "rm", "env"):
        found = next(path for path in (Path("/usr/bin") / name, Path("/bin") / name) if path.exists())
        (tmp_path / name).symlink_to(found)
    return tmp_path


def place(folder: Path, name: str, text: str) -> None:
    program = folder / name
    program.write_text(text)
    program.chmod(0o755)


def find_python(machine: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/bash", "-c", ". script/environment.sh; find_python"],
        cwd=ROOT,
        env={**os.environ, "PATH": str(machine)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_python_that_is_too_old_is_named(machine: Path) -> None:
    done = find_python(machine)
    assert done.returncode == 1
    assert "needs Python 3.11 or newer; here is Python 3.9.2" in done.stderr


def test_a_newer_one_beside_it_is_taken(machine: Path) -> None:
    place(machine, "python3.12", GOOD)
    assert find_python(machine).stdout.strip() == str(machine / "python3.12")


def test_a_missing_venv_module_is_explained(machine: Path) -> None:
    place(machine, "python3.12", WITHOUT_VENV)
    done = find_python(machine)
    assert done.returncode == 1
    assert "apt install python3.12-venv" in done.stderr


def test_one_without_venv_is_passed_over_for_one_with(machine: Path) -> None:
    place(machine, "python3", WITHOUT_VENV)
    place(machine, "python3.13", GOOD)
    assert find_python(machine).stdout.strip() == str(machine / "python3.13")
