"""A few failures are run once more; errors and many failures are not. A gate says what it measured."""

import pytest

from script.checks.__main__ import are_few, with_figure
from script.checks.steps import Outcome


@pytest.mark.parametrize(
    ("summary", "few"),
    [
        ("==== 1 failed, 2689 passed, 1 warning in 853.56s (0:14:13) ====", True),
        ("==== 5 failed, 2 passed in 3.00s ====", True),
        ("==== 9 failed, 2 passed in 3.00s ====", False),
        ("==== 1 failed, 3 passed, 1 error in 3.00s ====", False),
        ("==== 2690 passed in 800.00s ====", False),
        ("no summary: pytest ended early", False),
    ],
)
def test_few_failures_are_told_from_a_broken_run(summary: str, few: bool) -> None:
    assert are_few(summary) is few


def test_a_gate_says_what_it_measured() -> None:
    report = "Name  Stmts  Miss  Cover\n----\ndedupe/a.py  10  1  90.0%\n----\nTOTAL  500  21  95.8%\n"
    assert with_figure(Outcome("coverage ≥ 93 %", 0, report, 1.0)).name == "coverage ≥ 93 %: 95.8 %"
    assert with_figure(Outcome("coverage ≥ 93 %", 1, "No data to report.\n", 1.0)).name == "coverage ≥ 93 %"
