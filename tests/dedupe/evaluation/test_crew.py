"""Work spread over processes."""

from __future__ import annotations

import os

import pytest

from dedupe.evaluation.crew import cores, spread


def square(number: int) -> tuple[int, int]:
    return number**2, os.getpid()


def reciprocal(number: int) -> float:
    return 1 / number


@pytest.fixture
def told() -> list[tuple[int, int]]:
    return []


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_task_is_done_once_and_told(jobs: int, told: list[tuple[int, int]], server: object) -> None:
    results = list(spread(square, range(5), jobs, lambda done, total: told.append((done, total))))
    assert sorted(result for result, _ in results) == [0, 1, 4, 9, 16]
    assert told == [(done, 5) for done in range(1, 6)]
    assert ({pid for _, pid in results} == {os.getpid()}) == (jobs == 1)


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_task_raises_ends_it_all(jobs: int, server: object) -> None:
    with pytest.raises(ZeroDivisionError):
        list(spread(reciprocal, [1, 0, 2], jobs, lambda done, total: None))


def test_there_is_a_core() -> None:
    assert cores() >= 1
