"""Counters in a real Redis: exact, shared, with an end; and nothing but a shrug when there is none."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from redis import Redis

from board.limits.counting import Count, Counters
from board.limits.groups import Group, Rate
from board.watching.counting import UNCOUNTED
from board.watching.tallies import tallies


def count(who: str = "person:1", most: int = 3, seconds: int = 60, group: Group = Group.SEARCH) -> Count:
    return Count(group, who, Rate(most, seconds))


@pytest.fixture
def counters(limits: Any, valkey: str) -> Counters:
    return Counters(valkey)


def test_the_request_above_the_rate_is_told_how_long_to_wait(counters: Counters) -> None:
    assert [counters.add([count()]) for _ in range(3)] == [None] * 3
    excess = counters.add([count()])
    assert excess is not None
    assert excess.group is Group.SEARCH
    assert 0 < excess.seconds <= 60
    assert counters.add([count("person:2")]) is None


def test_a_span_ends(counters: Counters) -> None:
    assert counters.add([count(most=0, seconds=1)])
    time.sleep(1.1)
    assert counters.add([count(most=1, seconds=1)]) is None


def test_two_processes_count_together_and_exactly(counters: Counters, valkey: str) -> None:
    both = [counters, Counters(valkey)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: both[n % 2].add([count(most=25)]), range(60)))
    assert answers.count(None) == 25


def test_no_counter_is_without_an_end(counters: Counters, valkey: str) -> None:
    counters.add([count(), count(group=Group.EVERYTHING)])
    with Redis.from_url(valkey, decode_responses=True) as redis:
        keys = list(redis.scan_iter("doppel:limit:*"))
        assert len(keys) == 2
        assert all(0 < redis.ttl(key) <= 60 for key in keys)


def test_without_redis_everybody_is_served_at_once(caplog: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[Any] = []
    monkeypatch.setattr(tallies, "note", lambda measure, *labels: noted.append(measure))
    nowhere = Counters("redis://127.0.0.1:1/0")
    assert nowhere.add([count(most=0)]) is None
    assert nowhere.add([count(most=0)]) is None
    assert noted == [UNCOUNTED] * 2
    assert len([each for each in caplog.records if "Limits are not checked" in each.message]) == 1


def test_a_redis_that_keeps_silent_costs_one_request_a_moment() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        counters = Counters(f"redis://127.0.0.1:{mute.getsockname()[1]}/0")
        began = time.monotonic()
        assert counters.add([count(most=0)]) is None
        first = time.monotonic() - began
        assert all(counters.add([count(most=0)]) is None for _ in range(100))
        assert first < 1.0
        assert time.monotonic() - began - first < 0.2
