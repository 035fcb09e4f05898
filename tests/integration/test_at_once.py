"""Twenty people at the same moment, on a running site, with both kinds of storage.

More by hand: ``AT_ONCE_ROUNDS=50 script/test tests/integration/test_at_once.py``.
"""

from __future__ import annotations

import http.client
import os
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier
from typing import Any

import pytest
from PIL import Image

from tests.integration.program import SETTLED, Program
from tests.pictures import encoded, landscape
from tests.servers.live import LiveSite

ROUNDS = int(os.environ.get("AT_ONCE_ROUNDS", "1"))
TWENTY = 20
pytestmark = pytest.mark.timeout(120 + 120 * ROUNDS)
_seeds = count(7000)


def copies(image: Image.Image) -> list[bytes]:
    """One file, over and over."""
    return [encoded(image, "JPEG", quality=85)] * TWENTY


def versions(image: Image.Image) -> list[bytes]:
    """One picture, saved with ever less care."""
    return [encoded(image, "JPEG", quality=95 - 2 * number) for number in range(TWENTY)]


@pytest.mark.parametrize(
    ("files", "outcome"),
    [
        pytest.param(
            copies, {"live": 1, "withdrawn": 19}, marks=pytest.mark.hostile("I5", "fault: twenty identical")
        ),
        pytest.param(
            versions, {"live": 1, "held": 19}, marks=pytest.mark.hostile("I8", "fault: twenty near-identical")
        ),
    ],
    ids=["identical", "near-identical"],
)
def test_of_twenty_at_once_one_is_published_and_nobody_sees_an_error(
    alice: Program, site: LiveSite, files: Callable[[Image.Image], list[bytes]], outcome: dict[str, int]
) -> None:
    for _ in range(ROUNDS):
        uploads = all_at_once(alice, files(landscape(next(_seeds), 480, 320)))
        assert Counter(upload["state"] for upload in uploads) == outcome
        (published,) = (upload["id"] for upload in uploads if upload["state"] == "live")
        seen = [match["picture"]["id"] for upload in uploads for match in upload["matches"]]
        assert set(seen) == {published}
    assert "All invariants hold" in site.manage("check_invariants", "--read-bytes")
    assert '" 500 ' not in (site.site.logs / "web.log").read_text()


def all_at_once(program: Program, files: list[bytes]) -> list[Any]:
    """Send all files at one moment and follow each to its end; any answer but the expected one fails."""
    start = Barrier(len(files))

    def send(data: bytes) -> Any:
        start.wait()
        reply = program.upload(data)
        assert reply.status == http.client.ACCEPTED, reply.body[:300]
        return follow(program, reply.json["id"])

    with ThreadPoolExecutor(len(files)) as pool:
        return list(pool.map(send, files))


def follow(program: Program, upload: str, limit: float = 100) -> Any:
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        reply = program.get(f"uploads/{upload}")
        assert reply.status == http.client.OK, reply.body[:300]
        if reply.json["state"] in SETTLED:
            return reply.json
        time.sleep(0.5)
    raise AssertionError(f"upload {upload} did not settle within {limit:.0f} s")
