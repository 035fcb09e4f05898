"""Runs every test of docs/faults.md and prints row → tests → outcome.

    python -m script.hostile_table            run them, print the table
    python -m script.hostile_table --list     print the table without running anything

Further arguments go to pytest. The status is 0 when every row has a test and all of them passed.
"""

import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

from script.hostile_table.rows import bare_rows, marked_tests, rows
from script.supervisor.places import ROOT
from script.supervisor.terminal import say

Outcomes = Mapping[str, list[tuple[str, str]]]
"""By row, its tests with how they ended."""


def main(arguments: list[str]) -> int:
    """The status of the command."""
    if arguments == ["--list"]:
        marked = marked_tests()
        say(table({name: [(test, "") for test in tests] for name, tests in marked.items()}))
        return int(bool(bare_rows(marked)))
    with tempfile.TemporaryDirectory(prefix="doppel-table-") as folder:
        report = Path(folder) / "report.xml"
        own = ["-m", "hostile", f"--junit-xml={report}", "-o", "junit_family=xunit1"]
        test = ["bash", str(ROOT / "script" / "test")]  # installs what the tests need, on a fresh clone too
        status = subprocess.run([*test, *own, *arguments], cwd=ROOT, check=False).returncode
        if not report.exists():
            say("The tests did not run, so there is no table.")
            return status or 1
        outcomes = read_report(report)
    say(table(outcomes))
    return int(bool(status or bare_rows(outcomes)))


def read_report(report: Path) -> Outcomes:
    """What pytest wrote down of each test; its rows stand there as properties."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for case in ElementTree.parse(report).iter("testcase"):
        test = f"{case.get('file') or case.get('classname')}::{case.get('name')}"
        ended = next((kind for kind in ("failure", "error", "skipped") if case.find(kind) is not None), "")
        for stated in case.iter("property"):
            if stated.get("name") == "hostile":
                found[str(stated.get("value"))].append((test, ended or "passed"))
    return found


def table(outcomes: Outcomes) -> str:
    """The whole list as text."""
    lines = []
    for row in rows():
        tests = outcomes.get(row.name, [])
        lines += ["", f"{row.name:<32} {row.subject}"]
        lines += [f"    {ended:<8} {test}".rstrip() for test, ended in tests]
        lines += [] if tests else ["    no test yet"]
    return "\n".join([*lines, "", summary(outcomes)])


def summary(outcomes: Outcomes) -> str:
    """One line for all of it."""
    every = {test: ended for tests in outcomes.values() for test, ended in tests}
    failed = sum(ended in {"failure", "error"} for ended in every.values())
    without = sum(row.name not in outcomes for row in rows())
    return f"{len(rows())} rows, {len(every)} tests, {failed} failed, {without} rows without a test"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
