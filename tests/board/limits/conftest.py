"""Limits in force, with counters of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from redis import Redis

from board.limits import counting
from board.limits.groups import Group, Rate

Tighten = Callable[[Group, int], None]


@pytest.fixture
def limits(settings: Any, valkey: str) -> Any:
    """Turned on, with no request counted yet."""
    settings.LIMITS_ON = True
    settings.LIMITS = dict(settings.LIMITS)
    counting._counters.cache_clear()
    with Redis.from_url(valkey) as redis:
        for key in redis.scan_iter("doppel:limit:*"):
            redis.delete(key)
    yield settings.LIMITS
    counting._counters.cache_clear()


@pytest.fixture
def tighten(limits: Any) -> Tighten:
    """Let a group have so many requests a minute, of people and of visitors."""

    def to(group: Group, count: int) -> None:
        rate = Rate(count, 60)
        limits[group] = replace(limits[group], person=rate, visitor=rate)

    return to
