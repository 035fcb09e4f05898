"""What a process does before it forks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from dedupe.evaluation.scratch import scratch_database
from dedupe.forks import leave_database
from script.supervisor.postgres import Postgres

TASKS = Path("/proc/self/task")
"""The threads of this process that the system knows."""
SECONDS = 20
"""For a connection of a fork: it takes a tenth, and for ever where a lock was inherited."""


@pytest.fixture(scope="module")
def _pooled(postgres: Postgres, django_db_blocker: Any) -> Iterator[None]:
    """A database behind a pool, as a process of the product has it."""
    options = connection.settings_dict["OPTIONS"]
    with django_db_blocker.unblock(), scratch_database():
        leave_database()
        options["pool"] = {"min_size": 1, "max_size": 4}
        yield
        leave_database()
        del options["pool"]


def ask() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@pytest.mark.usefixtures("_pooled")
def test_no_thread_of_the_pool_is_left_even_to_the_system() -> None:
    leave_database()
    before = set(TASKS.iterdir())
    for _ in range(20):
        ask()
        during = set(TASKS.iterdir()) - before
        leave_database()
        assert during, "the pool has threads"
        assert not [task for task in during if task.exists()]


@pytest.mark.usefixtures("_pooled")
def test_a_process_that_never_asked_has_nothing_to_leave() -> None:
    leave_database()
    before = threading.active_count()
    leave_database()
    assert threading.active_count() == before


@pytest.mark.usefixtures("_pooled")
def test_forks_connect_at_once_after_their_parent_has_left() -> None:
    for _ in range(10):
        ask()
        leave_database()
        forks = [get_context("fork").Process(target=ask) for _ in range(4)]
        for fork in forks:
            fork.start()
        for fork in forks:
            fork.join(SECONDS)
        stuck = [fork for fork in forks if fork.is_alive()]
        for fork in stuck:
            fork.kill()
            fork.join()
        assert not stuck
        assert [fork.exitcode for fork in forks] == [0] * len(forks)
