"""A service that does not answer is left alone for a while, then tried by one caller."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from django.test import Client

from dedupe import breaker, storage
from dedupe.breaker import Breaker, Circuit, LeftAlone
from dedupe.conf import conf
from dedupe.measures import breaker_opened

MOST, PAUSE = 3, 10.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, to be moved by hand."""
    now = [100.0]
    monkeypatch.setattr(breaker, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def opened(clock: list[float]) -> Breaker:
    made = Breaker()
    assert [made.note_failure(MOST, PAUSE) for _ in range(MOST)] == [False, False, True]
    return made


def test_it_opens_after_failures_in_a_row_alone(clock: list[float]) -> None:
    made = Breaker()
    for _ in range(5):
        made.note_failure(MOST, PAUSE)
        made.note_failure(MOST, PAUSE)
        made.note_answer()
    made.ask_leave(MOST, PAUSE)
    assert made.state(MOST) is Circuit.CLOSED


def test_open_it_lets_nobody_through_until_the_pause_is_over(clock: list[float]) -> None:
    made = opened(clock)
    clock[0] += 9.9
    with pytest.raises(LeftAlone):
        made.ask_leave(MOST, PAUSE)
    assert made.state(MOST) is Circuit.OPEN
    clock[0] += 0.2
    assert made.state(MOST) is Circuit.HALF_OPEN
    made.ask_leave(MOST, PAUSE)


def asked_by_another_thread(made: Breaker) -> bool:
    """Whether another thread is let through."""
    let_through = []

    def ask() -> None:
        try:
            made.ask_leave(MOST, PAUSE)
            let_through.append(True)
        except LeftAlone:
            pass

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    return bool(let_through)


def test_one_caller_is_the_probe_and_its_outcome_decides(clock: list[float]) -> None:
    made = opened(clock)
    clock[0] += 11
    made.ask_leave(MOST, PAUSE)
    made.ask_leave(MOST, PAUSE)  # a call within the probe's own
    assert not asked_by_another_thread(made)
    assert made.note_failure(MOST, PAUSE)
    assert made.state(MOST) is Circuit.OPEN
    clock[0] += 11
    made.ask_leave(MOST, PAUSE)
    made.note_answer()
    assert made.state(MOST) is Circuit.CLOSED
    assert asked_by_another_thread(made)


def test_a_probe_that_learns_nothing_or_never_returns_makes_way(clock: list[float]) -> None:
    made = opened(clock)
    clock[0] += 11
    made.ask_leave(MOST, PAUSE)
    made.note_nothing()
    assert asked_by_another_thread(made)
    clock[0] += 11
    made.ask_leave(MOST, PAUSE)


@pytest.fixture
def service(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A picture store that takes connections and says nothing; the present storages lead there."""
    from board.settings import bucket_storage

    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        given = {
            "DOPPEL_S3_ENDPOINT_URL": address,
            "DOPPEL_S3_ACCESS_KEY_ID": "a",
            "DOPPEL_S3_SECRET_ACCESS_KEY": "b",
        }
        place = bucket_storage("originals", given)
        place["OPTIONS"]["client_config"] = place["OPTIONS"]["client_config"].merge(
            type(place["OPTIONS"]["client_config"])(read_timeout=0.2, retries={"total_max_attempts": 1})
        )
        settings.STORAGES = settings.STORAGES | {"originals": place, "renditions": place}
        monkeypatch.setattr(storage, "_breaker", Breaker())
        yield silent


def test_a_dead_store_costs_little_once_the_circuit_is_open(service: socket.socket, client: Client) -> None:
    told: list[bool] = []

    def note(**_: Any) -> None:
        told.append(True)

    breaker_opened.connect(note)
    for _ in range(conf().deadlines.storage_failures):
        with pytest.raises(storage.StorageUnavailable), storage.storage_errors():
            storage.originals().exists("x")
    began = time.perf_counter()
    for _ in range(100):
        with pytest.raises(storage.StorageUnavailable, match="left alone"), storage.storage_errors():
            storage.originals().exists("x")
    assert time.perf_counter() - began < 0.5
    assert (storage.circuit(), told) == (Circuit.OPEN, [True])


def test_a_no_is_an_answer_and_a_fault_of_the_store_is_none(service: socket.socket) -> None:
    for status, expected in ((403, Circuit.CLOSED), (503, Circuit.OPEN)):
        for _ in range(5):
            answer: Any = {"ResponseMetadata": {"HTTPStatusCode": status}}
            error = ClientError(answer, "PutObject")
            with pytest.raises(storage.StorageUnavailable), storage.storage_errors():
                raise error
        assert storage.circuit() is expected


def test_a_folder_is_never_left_alone() -> None:
    for _ in range(5):
        with pytest.raises(storage.StorageUnavailable), storage.storage_errors():
            raise EndpointConnectionError(endpoint_url="x")
    assert storage.circuit() is Circuit.CLOSED
    with storage.storage_errors():
        pass
