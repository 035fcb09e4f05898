"""What is counted as it happens. Names and labels are few and fixed, and none of them says anything of a person."""

from __future__ import annotations

import time
from typing import Any

from celery.signals import task_failure, task_postrun, task_prerun

from board.watching.tallies import Measure, tallies
from dedupe import measures

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_LONG = (*_SECONDS, 60.0, 300.0, 1800.0)
_MANY = (0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)

REQUESTS = Measure(
    "doppel_request_seconds", "Time to answer a request.", ("method", "route", "status"), _SECONDS
)
STAGES = Measure(
    "doppel_stage_seconds", "Time of a step of an analysis or search.", ("stage", "outcome"), _LONG
)
TASKS = Measure("doppel_task_seconds", "Time of a task of the workers.", ("task", "outcome"), _LONG)
CANDIDATES = Measure("doppel_search_candidates", "Candidates that one search visited.", (), _MANY)
COMPARED = Measure("doppel_search_compared", "Pictures that one search compared for real.", (), _MANY)
STORAGE = Measure(
    "doppel_storage_errors", "Calls to the picture store that failed, or were not made.", ("trouble",)
)
BREAKER = Measure("doppel_storage_breaker_opened", "How often the picture store was left alone for a while.")
LIMITED = Measure("doppel_limits_refused", "Requests refused because there were too many.", ("group",))
UNCOUNTED = Measure(
    "doppel_limits_unchecked", "Requests let through because the counters of limits did not answer."
)

MEASURES = (REQUESTS, STAGES, TASKS, CANDIDATES, COMPARED, STORAGE, BREAKER, LIMITED, UNCOUNTED)

_OUTCOMES = {False: "done", True: "failed"}
_began: dict[str, float] = {}
_failed: set[str] = set()


def note_request(method: str, route: str, status: int, seconds: float) -> None:
    """A request was answered. The route is the pattern of its address."""
    tallies.note(REQUESTS, method, route[:120], str(status), value=seconds)


def listen() -> None:
    """Connect to what the reusable app tells."""
    measures.stage_ended.connect(_stage, dispatch_uid="count_stages")
    measures.searched.connect(_searched, dispatch_uid="count_candidates")
    measures.compared.connect(_compared, dispatch_uid="count_comparisons")
    measures.storage_failed.connect(_storage, dispatch_uid="count_storage_errors")
    measures.breaker_opened.connect(_breaker, dispatch_uid="count_breaks")


def _stage(stage: measures.Stage, seconds: float, failed: bool, **_: Any) -> None:
    tallies.note(STAGES, stage.value, _OUTCOMES[failed], value=seconds)


def _searched(candidates: int, **_: Any) -> None:
    tallies.note(CANDIDATES, value=candidates)


def _compared(pictures: int, **_: Any) -> None:
    tallies.note(COMPARED, value=pictures)


def _storage(trouble: measures.Trouble, **_: Any) -> None:
    tallies.note(STORAGE, trouble.value)


def _breaker(**_: Any) -> None:
    tallies.note(BREAKER)


@task_prerun.connect(dispatch_uid="task_clock_starts")
def _task_begins(task_id: str, **_: Any) -> None:
    _began[task_id] = time.perf_counter()


@task_failure.connect(dispatch_uid="task_failed")
def _task_fails(task_id: str, **_: Any) -> None:
    _failed.add(task_id)


@task_postrun.connect(dispatch_uid="task_clock_stops")
def _task_ends(task_id: str, task: Any, **_: Any) -> None:
    began, failed = _began.pop(task_id, None), task_id in _failed
    _failed.discard(task_id)
    if began is not None:
        tallies.note(TASKS, task.name, _OUTCOMES[failed], value=time.perf_counter() - began)
