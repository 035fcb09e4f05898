"""The faults: each is done to a site while one of its processes stands at a step of its work."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

import redis

from tests.integration.breaking import BreakableSite

Strike = Callable[[BreakableSite, int], None]
"""Called with the site and the process that stands at the step."""

_SLOW_DOWN = b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def kill(site: BreakableSite, pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def kill_worker(site: BreakableSite, pid: int) -> None:
    site.kill("worker")


def kill_web(site: BreakableSite, pid: int) -> None:
    site.kill("web")


def end_worker(site: BreakableSite, pid: int) -> None:
    site.end("worker")


def end_web(site: BreakableSite, pid: int) -> None:
    site.end("web")


def kill_child(site: BreakableSite, pid: int) -> None:
    site.gates.open()
    site.kill_next_child(pid)


def freeze_beyond_lease(site: BreakableSite, pid: int) -> None:
    """Another one takes the picture; then the first one wakes."""
    site.freeze(pid)
    site.keeper("lapse")
    site.keeper("hurry")
    time.sleep(1.5)


def flush_broker(site: BreakableSite, pid: int) -> None:
    redis.Redis.from_url(site.live.environment["REDIS_URL"]).flushdb()


AT_PROCESSES: Mapping[str, Strike] = {
    "pool child killed": kill,
    "worker killed": kill_worker,
    "worker told to end": end_worker,
    "frozen beyond its lease": freeze_beyond_lease,
}
AT_CHILDREN: Mapping[str, Strike] = {"decoding child killed": kill_child}
AT_WEB: Mapping[str, Strike] = {
    "web process killed": kill,
    "web killed": kill_web,
    "web told to end": end_web,
}
AT_CONNECTIONS: Mapping[str, Strike] = {
    "database resets": lambda site, _: site.database.reset(),
    "database refuses": lambda site, _: site.database.refuse(),
    "database silent": lambda site, _: site.database.silence(),
    "database slow": lambda site, _: site.database.slow(0.05),
    "database cut off": lambda site, _: site.database.cut_after(100),
    "broker resets": lambda site, _: site.broker.reset(),
    "broker refuses": lambda site, _: site.broker.refuse(),
    "broker silent": lambda site, _: site.broker.silence(),
    "broker slow": lambda site, _: site.broker.slow(0.2),
    "broker flushed": flush_broker,
    "storage resets": lambda site, _: site.store.reset(),
    "storage refuses": lambda site, _: site.store.refuse(),
    "storage silent": lambda site, _: site.store.silence(),
    "storage slow": lambda site, _: site.store.slow(0.3),
    "storage cut off": lambda site, _: site.store.cut_after(300),
    "storage says 503": lambda site, _: site.store.answer(_SLOW_DOWN),
}
STRIKES = {**AT_PROCESSES, **AT_CHILDREN, **AT_WEB, **AT_CONNECTIONS}

ANALYSIS = ("claim", "fetch", "decode", "store", "write", "search", "verify", "settle", "settled")
SUBMIT = ("put", "announce")
DECIDE = ("decide", "decided")


def strikes_at(step: str) -> list[str]:
    """What can be done to a process at a step."""
    connections = [*AT_CONNECTIONS]
    if step in SUBMIT + DECIDE:
        return [*AT_WEB, *connections]
    return [*AT_PROCESSES, *connections, *(AT_CHILDREN if step in {"decode", "verify"} else ())]


def strike(site: BreakableSite, fault: str, pid: int, hold: float) -> None:
    """Break something, let the process go on, and put everything right after ``hold`` seconds."""
    with suppress(ProcessLookupError):
        STRIKES[fault](site, pid)
    site.gates.open()
    time.sleep(hold)
    site.mend()
