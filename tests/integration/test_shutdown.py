"""Asked to stop, web and worker finish what they have taken, or hand it back, and nobody waits for a lease."""

from __future__ import annotations

import http.client
import os
import signal
import time
from typing import Any

import pytest

from script.supervisor.processes import Child
from tests.integration.program import Program
from tests.pictures import encoded, landscape
from tests.servers.fixtures import SiteFactory
from tests.servers.live import LiveSite, eventually


@pytest.fixture(scope="module")
def site(start_site: SiteFactory) -> LiveSite:
    """A site of this module's own, without a clock: what is left lying stays lying."""
    made = start_site("stopping", {"DOPPEL_LEASE_SECONDS": "600"}, processes=("worker",))
    made.start("web", graceful=25)
    made.await_ready()
    return made


@pytest.fixture
def alice(site: LiveSite) -> Program:
    return Program.of(site, "alice")


def large(seed: int) -> bytes:
    return encoded(landscape(seed, 1600, 1200), "JPEG", quality=90)


def rows(site: LiveSite, uploads: list[str]) -> list[tuple[Any, ...]]:
    """State, attempts and lease of each."""
    with site.connect() as connection:
        return connection.execute(
            "SELECT state, attempts, lease_token FROM dedupe_picture WHERE public_id = ANY(%s)", [uploads]
        ).fetchall()


def stopped(child: Child, limit: float) -> float:
    """Ask a process to stop as an operator does; seconds until it has ended by itself."""
    began = time.monotonic()
    os.kill(child.pid, signal.SIGTERM)
    eventually(lambda: child.exit_status is not None, limit=limit, what="the end of the process")
    return time.monotonic() - began


def test_a_worker_finishes_what_it_has_and_hands_back_the_rest(site: LiveSite, alice: Program) -> None:
    site.stop("worker")
    uploads = [alice.upload(large(seed)).json["id"] for seed in range(301, 311)]
    site.start("worker", concurrency=1)
    eventually(lambda: any(row[0] == "analysing" for row in rows(site, uploads)), what="an analysis")
    worker = site.children.pop("worker")
    took = stopped(worker, 60)
    left = rows(site, uploads)
    assert {row[0] for row in left} <= {"staged", "live", "held"}, f"after {took:.1f} s"
    assert all(token is None for _, _, token in left)
    assert any(row[0] == "staged" for row in left), "it stopped before all was done"
    worker.end()

    site.start("worker")  # without a clock, only messages that were handed back lead it to the pictures
    states = [alice.follow(upload, limit=170)["state"] for upload in uploads]
    assert set(states) <= {"live", "held"}
    assert {attempts for _, attempts, _ in rows(site, uploads)} == {1}


def test_a_web_process_takes_the_upload_that_is_on_its_way(site: LiveSite, alice: Program) -> None:
    boundary, data = "half-and-half", large(310)
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    ).encode()
    body = head + data + f"\r\n--{boundary}--\r\n".encode()
    connection = http.client.HTTPConnection("127.0.0.1", site.site.port, timeout=30)
    connection.putrequest("POST", "/api/v1/uploads")
    connection.putheader("Authorization", f"Bearer {alice.key}")
    connection.putheader("Content-Type", f"multipart/form-data; boundary={boundary}")
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders()
    connection.send(body[: len(body) // 2])
    time.sleep(0.5)
    web = site.children.pop("web")
    os.kill(web.pid, signal.SIGTERM)
    time.sleep(0.5)
    connection.send(body[len(body) // 2 :])
    answer = connection.getresponse()
    assert answer.status == 202, answer.read()
    connection.close()
    eventually(lambda: web.exit_status is not None, limit=40, what="the end of the web process")
    web.end()
    assert "All invariants hold" in site.manage("check_invariants")
