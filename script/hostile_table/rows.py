"""The rows of docs/faults.md, and the tests that carry their names as markers."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from script.supervisor.errors import RunError
from script.supervisor.places import ROOT

PAGE = ROOT / "docs" / "faults.md"
LIST = "DOPPEL_TEST_HOSTILE_LIST"
"""Names the file into which pytest writes which tests belong to which row (tests/hostile.py)."""
_ROW = re.compile(r"^\| ((?:I\d|input \d+|fault: [^|]+?)) \| ([^|]+) \|", re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    name: str
    subject: str


def rows() -> list[Row]:
    """In the order of the page."""
    return [Row(name, subject.strip()) for name, subject in _ROW.findall(PAGE.read_text())]


def marked_tests() -> dict[str, list[str]]:
    """By row, the tests that carry its name, as pytest collects them. Raises RunError."""
    with tempfile.TemporaryDirectory(prefix="doppel-table-") as folder:
        found = Path(folder) / "list.json"
        command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", "hostile", "tests"]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**_without_servers(), LIST: str(found)},
            capture_output=True,
            text=True,
            check=False,
        )
        if not found.exists():
            raise RunError(f"The tests could not be collected:\n{done.stdout[-2000:]}")
        marked: dict[str, list[str]] = json.loads(found.read_text())
        return marked


def _without_servers() -> dict[str, str]:
    """This environment; when a test asks, without the servers of its own run."""
    return {name: value for name, value in os.environ.items() if name != "DOPPEL_TEST_SERVERS"}


def bare_rows(marked: Collection[str]) -> list[str]:
    """Rows without a test, in the order of the page."""
    return [row.name for row in rows() if row.name not in marked]
