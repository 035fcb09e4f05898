"""Each fault of docs/faults.md, done to real processes at a step where it hurts."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from tests.integration.breakages import break_analysis, break_answer, break_submission, twins
from tests.integration.breaking import BreakableSite
from tests.integration.program import Program
from tests.pictures import encoded, landscape


def rows(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.hostile(*(f"fault: {name}" for name in names))


IN_ANALYSIS = [
    pytest.param("decode", "decoding child killed", 0.0, marks=rows("decoding child killed")),
    pytest.param("write", "pool child killed", 0.0, marks=rows("pool child killed")),
    pytest.param("store", "worker told to end", 0.0, marks=rows("worker killed")),
    pytest.param("write", "frozen beyond its lease", 0.0, marks=rows("two runs overlap")),
    pytest.param("settle", "database refuses", 1.0, marks=rows("postgres restart")),
    pytest.param("store", "storage says 503", 0.5, marks=rows("S3 503")),
    pytest.param("fetch", "storage slow", 1.0, marks=rows("S3 slow")),
]
IN_SUBMISSION = [
    pytest.param("put", "web process killed", 0.0, marks=rows("web killed", "PUT without commit")),
    pytest.param("announce", "web killed", 0.0, marks=rows("web killed")),
    pytest.param("announce", "broker refuses", 0.5, marks=rows("broker refuses")),
]
IN_ANSWERS = [
    pytest.param("decide", "web process killed", 0.0, marks=rows("web killed")),
    pytest.param("decide", "database resets", 0.0, marks=rows("postgres restart")),
]


@pytest.mark.parametrize(("step", "fault", "hold"), IN_ANALYSIS)
def test_in_the_middle_of_an_analysis(breakable: BreakableSite, step: str, fault: str, hold: float) -> None:
    break_analysis(breakable, step, fault, hold)


@pytest.mark.parametrize(("step", "fault", "hold"), IN_SUBMISSION)
def test_in_the_middle_of_an_upload(breakable: BreakableSite, step: str, fault: str, hold: float) -> None:
    break_submission(breakable, step, fault, hold)


@pytest.mark.parametrize(("step", "fault", "hold"), IN_ANSWERS)
def test_in_the_middle_of_an_answer(breakable: BreakableSite, step: str, fault: str, hold: float) -> None:
    break_answer(breakable, step, fault, hold)


@rows("broker silent")
def test_a_silent_broker_is_not_waited_for(breakable: BreakableSite) -> None:
    alice = Program.of(breakable.live, "alice")
    data, _ = twins()
    breakable.broker.silence()
    started = time.monotonic()
    reply = alice.upload(data)
    took = time.monotonic() - started
    breakable.mend()
    assert (reply.status, took < 6) == (http.client.ACCEPTED, True), took
    breakable.settle()
    assert breakable.keeper("states")[reply.json["id"]] == "live"


@rows("broker silent")
def test_a_worker_that_the_broker_forgot_listens_again(breakable: BreakableSite) -> None:
    alice = Program.of(breakable.live, "alice")
    data, _ = twins()
    breakable.broker.forget()
    upload = alice.upload(data).json["id"]
    breakable.settle()
    assert breakable.keeper("states")[upload] == "live"


@pytest.mark.timeout(90)
@rows("S3 slow", "S3 503")
def test_a_storage_that_is_silent_or_refuses_is_said_and_keeps_nothing(breakable: BreakableSite) -> None:
    alice = Program.of(breakable.live, "alice")
    before = breakable.keeper("states")
    for failing, patience in ((breakable.store.refuse, 6), (breakable.store.silence, 20)):
        failing()
        started = time.monotonic()
        reply = alice.upload(twins()[0])
        took = time.monotonic() - started
        breakable.mend()
        assert (reply.status, took < patience) == (http.client.SERVICE_UNAVAILABLE, True), took
        assert "Nothing that we had accepted is lost" in reply.json["detail"]
    assert breakable.keeper("states") == before


@rows("poison task")
def test_a_picture_that_kills_every_child_is_given_up_and_harms_nobody(breakable: BreakableSite) -> None:
    alice = Program.of(breakable.live, "alice")
    workers = pool_children(breakable)
    with every_child_killed(breakable, workers):
        poison = alice.upload(encoded(landscape(4999, 2400, 1800), "JPEG", quality=95)).json["id"]
        breakable.settle()
    assert breakable.keeper("states")[poison] == "rejected"
    assert "3 times" in breakable.keeper("refusals")[poison]
    assert pool_children(breakable) == workers, "the worker's own processes live on"
    assert alice.submit(twins()[0])["state"] == "live"
    assert breakable.sweep_and_check() == []


def pool_children(site: BreakableSite) -> set[int]:
    return {child.pid for child in psutil.Process(site.live.children["worker"].pid).children()}


@contextmanager
def every_child_killed(site: BreakableSite, workers: set[int]) -> Iterator[None]:
    """Within, no child lives long enough to decode anything large."""
    over = threading.Event()

    def hunt(worker: int) -> None:
        while not over.is_set():
            site.kill_next_child(worker, limit=0.2)

    threads = [threading.Thread(target=hunt, args=[worker]) for worker in workers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()
