"""Processes are killed and the broker forgets; what was acknowledged is finished all the same."""

import os
import signal
import subprocess
from contextlib import suppress

import pytest
import redis

from tests.integration.program import Program
from tests.pictures import encoded, landscape
from tests.servers.fixtures import SiteFactory
from tests.servers.live import LiveSite, eventually

QUICK = {"DOPPEL_LEASE_SECONDS": "3", "DOPPEL_RING_AGAIN_SECONDS": "2"}


@pytest.fixture(scope="module")
def broken_site(start_site: SiteFactory) -> LiveSite:
    """A site of this module's own, with short patience, so that its tests need not wait minutes."""
    site = start_site("faults", QUICK)
    site.start("beat")
    return site


def large(seed: int) -> bytes:
    return encoded(landscape(seed, 1600, 1200), "JPEG", quality=90)


def state_in_database(site: LiveSite, upload: str) -> str:
    with site.connect() as connection:
        row = connection.execute("SELECT state FROM dedupe_picture WHERE public_id = %s", [upload]).fetchone()
    assert row is not None
    return str(row[0])


def kill_children_of(pid: int) -> None:
    """Kill a process and all that it started, without a chance to clean up."""
    below = subprocess.run(
        ["ps", "--ppid", str(pid), "-o", "pid="], capture_output=True, text=True, check=False
    )
    for child in below.stdout.split():
        kill_children_of(int(child))
    with suppress(ProcessLookupError):  # it may have ended meanwhile
        os.kill(pid, signal.SIGKILL)


@pytest.mark.hostile("fault: worker killed")
def test_uploads_survive_the_kill_of_the_whole_worker_in_the_middle(broken_site: LiveSite) -> None:
    alice = Program.of(broken_site, "alice")
    uploads = [alice.upload(large(seed)).json["id"] for seed in range(201, 207)]
    eventually(
        lambda: any(state_in_database(broken_site, upload) == "analysing" for upload in uploads),
        what="an upload in analysis",
    )
    worker = broken_site.children.pop("worker")
    kill_children_of(worker.pid)
    broken_site.start("worker")
    assert [alice.follow(upload, limit=100)["state"] for upload in uploads] == ["live"] * 6
    assert "All invariants hold" in broken_site.manage("check_invariants")


@pytest.mark.hostile("fault: broker flushed")
def test_uploads_survive_a_broker_that_forgets_everything(broken_site: LiveSite) -> None:
    alice = Program.of(broken_site, "alice")
    broken_site.stop("worker", patience=5)
    uploads = [alice.upload(large(seed)).json["id"] for seed in (211, 212)]
    redis.Redis.from_url(broken_site.environment["REDIS_URL"]).flushall()
    broken_site.start("worker")
    assert [alice.follow(upload, limit=100)["state"] for upload in uploads] == ["live"] * 2
