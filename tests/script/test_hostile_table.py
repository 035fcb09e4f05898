"""Every row of docs/faults.md has a test, and no test names a row that is not there."""

from pathlib import Path

import pytest

from script.hostile_table.__main__ import read_report, table
from script.hostile_table.rows import bare_rows, marked_tests, rows
from script.supervisor.places import ROOT
from tests.hostile import by_row

NAMES = [row.name for row in rows()]


def test_the_list_is_whole() -> None:
    inputs = [f"input {number}" for number in range(1, 20)]
    assert NAMES[:27] == [f"I{number}" for number in range(1, 9)] + inputs
    assert len(NAMES) == len(set(NAMES)) == 48


@pytest.fixture(scope="module")
def marked(request: pytest.FixtureRequest) -> dict[str, list[str]]:
    """Every marked test: those of this run, when it is a whole one."""
    config = request.config
    chosen = config.option.markexpr or config.option.keyword or config.args not in (["tests"], [str(ROOT)])
    return marked_tests() if chosen else by_row(request.session.items)


def test_every_row_has_a_test(marked: dict[str, list[str]]) -> None:
    assert bare_rows(marked) == []


def test_every_mark_names_a_row(marked: dict[str, list[str]]) -> None:
    assert set(marked) <= set(NAMES)


def test_a_row_that_nobody_names_is_bare() -> None:
    assert bare_rows([]) == NAMES


def test_a_row_without_a_test_says_so() -> None:
    shown = table({"I5": [("tests/test_a.py::test_b", "passed")]})
    assert "    passed   tests/test_a.py::test_b" in shown
    assert "    no test yet" in shown


def test_outcomes_come_from_the_report_of_pytest(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite><testcase file="tests/test_a.py" name="test_b"><properties>'
        '<property name="hostile" value="I5"/><property name="other" value="I6"/></properties></testcase>'
        '<testcase classname="tests.test_a" name="test_c"><failure/><properties>'
        '<property name="hostile" value="I5"/></properties></testcase></testsuite></testsuites>'
    )
    outcomes = read_report(report)
    assert outcomes == {"I5": [("tests/test_a.py::test_b", "passed"), ("tests.test_a::test_c", "failure")]}
    assert "48 rows, 2 tests, 1 failed, 47 rows without a test" in table(outcomes)
