"""The four measurements; each returns plain numbers by name."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable

from benchmarks.uploads.pictures import decoding_rate, photographs
from benchmarks.uploads.stack import Stack
from benchmarks.uploads.visitors import Answers, get, read_pages, upload_all

Numbers = dict[str, float]
_LIMIT = 3600.0
_WARM = 6.0  # seconds before anything counts: each web process makes a page once
_READ_PER_SECOND = 10.0
_UPLOADERS = 16


def _after(seconds: float) -> Callable[[], bool]:
    until = time.monotonic() + seconds
    return lambda: time.monotonic() >= until


def _told(answers: Answers, prefix: str = "") -> Numbers:
    bad = sum(count for status, count in answers.statuses.items() if status >= 400)
    return {
        f"{prefix}per_second": answers.rate,
        f"{prefix}p50_ms": answers.quantile(0.5),
        f"{prefix}p99_ms": answers.quantile(0.99),
        f"{prefix}answers": len(answers.seconds),
        f"{prefix}failed": bad,
    }


def lay_in(stack: Stack, count: int) -> None:
    """Fill the empty site."""
    files = photographs(count, 640, 480, first_seed=10_000)
    asyncio.run(upload_all(stack.port, files, stack.keys, connections=8))
    stack.drain(_LIMIT)


def redirected(stack: Stack) -> list[str]:
    """Make old addresses: half of the live pictures become copies of the others, as an answer would leave them."""
    live = [
        row[0] for row in stack.ask("SELECT public_id FROM dedupe_picture WHERE state = 'live' ORDER BY id")
    ]
    half = live[: len(live) // 2]
    stack.ask(
        "UPDATE dedupe_picture SET state = 'withdrawn', duplicate_of_id = "
        "(SELECT max(id) FROM dedupe_picture WHERE state = 'live') WHERE public_id = ANY(%s) RETURNING id",
        half,
    )
    return half


def live_pages(stack: Stack) -> list[bytes]:
    rows = stack.ask("SELECT public_id FROM dedupe_picture WHERE state = 'live' ORDER BY id DESC LIMIT 200")
    return [get(f"/pictures/{row[0]}", stack.port) for row in rows]


def picture_page(stack: Stack, seconds: float) -> Numbers:
    """Visitors on sixteen connections read pages of pictures as quickly as they come."""
    pages = live_pages(stack)
    asyncio.run(read_pages(stack.port, pages, connections=16, until=_after(_WARM)))
    return _told(asyncio.run(read_pages(stack.port, pages, connections=16, until=_after(seconds))))


def redirect(stack: Stack, seconds: float) -> Numbers:
    """The same of old addresses that lead on."""
    pages = [get(f"/pictures/{name}", stack.port) for name in redirected(stack)]
    asyncio.run(read_pages(stack.port, pages, connections=16, until=_after(_WARM)))
    return _told(asyncio.run(read_pages(stack.port, pages, connections=16, until=_after(seconds))))


def burst(stack: Stack, count: int) -> Numbers:
    """So many uploads at once, while ten pages a second are read until the last upload is settled."""
    files = photographs(count, 640, 480, first_seed=100_000)
    pages = [*live_pages(stack), get("/", stack.port)]
    (before,) = stack.ask("SELECT count(*) FROM dedupe_picture")

    async def together() -> tuple[Answers, Answers, float]:
        drained = asyncio.Event()
        began = time.perf_counter()
        reading = asyncio.create_task(
            read_pages(stack.port, pages, connections=8, until=drained.is_set, per_second=_READ_PER_SECOND)
        )
        sent = await upload_all(stack.port, files, stack.keys, connections=_UPLOADERS)
        await asyncio.to_thread(stack.drain, _LIMIT)
        took = time.perf_counter() - began
        drained.set()
        return sent, await reading, took

    sent, read, took = asyncio.run(together())
    (after,) = stack.ask("SELECT count(*) FROM dedupe_picture WHERE state IN ('live', 'held', 'withdrawn')")
    acknowledged = sent.statuses.get(202, 0)
    return {
        "uploads": count,
        "acknowledged": acknowledged,
        **{f"answers_{status}": number for status, number in sent.statuses.items() if status != 202},
        "lost": acknowledged - (after[0] - before[0]),
        "seconds_to_send": sent.elapsed,
        "seconds_to_drain": took,
        **_told(read, "page_"),
    }


def sustained(stack: Stack, count: int) -> Numbers:
    """Uploads of two megapixels, sent as quickly as they are taken; against decoding alone, on the same cores."""
    files = photographs(count, 1600, 1250, first_seed=200_000)
    floor = decoding_rate(files[:32], seconds=5)
    began = time.perf_counter()
    asyncio.run(upload_all(stack.port, files, stack.keys, connections=4))
    stack.drain(_LIMIT)
    rate = count / (time.perf_counter() - began)
    return {
        "per_second": rate,
        "decoding_per_second": floor,
        "share": rate / floor,
        "load": os.getloadavg()[0],
    }
