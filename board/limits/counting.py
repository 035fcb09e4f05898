"""Counters that all web processes share, in Redis. Whatever is wrong with Redis, the question is answered in time."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from board.limits.groups import Group, Rate
from board.watching.counting import LIMITED, UNCOUNTED
from board.watching.tallies import tallies

log = logging.getLogger(__name__)

_ANSWER_SECONDS = 0.25
_SILENT_SECONDS = 5.0
"""After a failure Redis is left alone for so long: only one request in a while waits for it."""


@dataclass(frozen=True)
class Count:
    """One request of somebody, to be counted in a group."""

    group: Group
    who: str
    rate: Rate

    @property
    def key(self) -> str:
        """The counter's name; another span is another counter."""
        return f"doppel:limit:{self.group}:{self.rate.seconds}:{self.who}"


@dataclass(frozen=True)
class Excess:
    """This group was asked too often; seconds until its counter begins anew."""

    group: Group
    seconds: int


class Counters:
    """The counters of one Redis."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(
            url,
            socket_timeout=_ANSWER_SECONDS,
            socket_connect_timeout=_ANSWER_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._silent_until = 0.0

    def add(self, counts: Sequence[Count]) -> Excess | None:
        """Count a request in all its groups at once; the first of them that is above its rate, or None.

        None as well when Redis does not answer: people come before counters.
        """
        if time.monotonic() < self._silent_until:
            tallies.note(UNCOUNTED)
            return None
        try:
            return self._add(counts)
        except RedisError as error:
            self._silent_until = time.monotonic() + _SILENT_SECONDS
            tallies.note(UNCOUNTED)
            log.warning("Limits are not checked: the counters do not answer: %s", error)
            return None

    def _add(self, counts: Sequence[Count]) -> Excess | None:
        pipeline = self._redis.pipeline(transaction=True)
        for each in counts:
            # The first request of a span makes the counter, with its end; so none can be without one.
            pipeline.set(each.key, 0, ex=each.rate.seconds, nx=True)
            pipeline.incr(each.key)
            pipeline.ttl(each.key)
        answers = pipeline.execute()
        for index, each in enumerate(counts):
            _, so_far, seconds = answers[3 * index : 3 * index + 3]
            if so_far > each.rate.count:
                tallies.note(LIMITED, each.group.value)
                return Excess(each.group, max(1, seconds))
        return None


@cache
def _counters(url: str) -> Counters:
    return Counters(url)


def counters() -> Counters:
    """Those of this site, made when first asked for: each web process has its own connections."""
    return _counters(settings.REDIS_URL)
