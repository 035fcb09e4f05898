"""A bar on a terminal, plain lines elsewhere, and neither too often."""

from __future__ import annotations

import io

import pytest
from django.core.management.base import OutputWrapper

from dedupe.management import progress
from dedupe.management.progress import Progress, about


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, in seconds, to be set."""
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_a_terminal_gets_a_bar_with_speed_and_time_left(clock: list[float]) -> None:
    out = Terminal()
    bar = Progress(OutputWrapper(out), total=2000, already=500)
    clock[0] += 10
    bar.show(1000)
    assert out.getvalue() == (
        "\r\033[K[###############               ] 1,000 of 2,000 (50.0 %), 50.0 a second, 20 seconds left"
    )


def test_a_terminal_is_redrawn_a_few_times_a_second_and_words_go_above_the_bar(clock: list[float]) -> None:
    out = Terminal()
    bar = Progress(OutputWrapper(out), total=10)
    bar.show(1)
    bar.show(2)
    assert out.getvalue().count("[") == 2, "one bar and one order to clear the line"
    bar.say("something is wrong")
    bar.show(3)
    bar.clear()
    assert out.getvalue().endswith("\r\033[K")
    assert "\r\033[Ksomething is wrong\n\r\033[K[" in out.getvalue()


def test_a_log_gets_a_line_a_minute(clock: list[float]) -> None:
    out = io.StringIO()
    bar = Progress(OutputWrapper(out), total=1000)
    for second in range(130):
        bar.show(second)
        clock[0] += 1
    bar.clear()
    lines = out.getvalue().splitlines()
    assert [line.split()[0] for line in lines] == ["0", "60", "120"]
    assert "\r" not in out.getvalue()


@pytest.mark.parametrize("total", [0, 5])
def test_more_than_was_counted_is_no_more_than_all(total: int, clock: list[float]) -> None:
    out = io.StringIO()
    Progress(OutputWrapper(out), total=total).show(7)
    assert "(100.0 %)" in out.getvalue()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3 * 86400, "3 days"), (86400, "24 hours"), (7200, "2 hours"), (119, "119 seconds"), (0, "0 seconds")],
)
def test_a_length_of_time_in_words(seconds: float, words: str) -> None:
    assert about(seconds) == words
