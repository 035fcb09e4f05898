"""The backup of docs/operating.md, restored in another place: nothing is missing, and the invariants hold."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from script.supervisor.places import ROOT
from script.supervisor.postgres import Postgres
from script.supervisor.postgres_wheel import wheel_programs
from tests.integration.program import Program
from tests.pictures import encoded, landscape
from tests.servers.addresses import Addresses, process_name
from tests.servers.live import LiveSite
from tests.servers.s3 import Bucket, fresh_bucket

TABLES = (
    "dedupe_picture",
    "dedupe_rendition",
    "dedupe_decision",
    "dedupe_ledgerentry",
    "dedupe_match",
    "board_post",
)


def jpeg(seed: int, quality: int = 90) -> bytes:
    return encoded(landscape(seed, 480, 320), "JPEG", quality=quality)


def program(name: str, *arguments: str) -> None:
    """A program of the Postgres that the tests run on."""
    subprocess.run([wheel_programs() / "bin" / name, *arguments], check=True, timeout=120)


def counts(url: str) -> dict[str, int]:
    with psycopg.connect(url) as connection:
        return {table: _one(connection, f"SELECT count(*) FROM {table}") for table in TABLES}


def _one(connection: psycopg.Connection[Any], sql: str) -> int:
    row = connection.execute(sql).fetchone()
    assert row is not None
    return int(row[0])


def managed(environment: dict[str, str], *arguments: str) -> str:
    """A management command on the restored site."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def a_life(site: LiveSite) -> Program:
    """Pictures, a question answered, another left open, a refused file."""
    alice = Program.of(site, "alice")
    alice.submit(jpeg(401))
    twin = alice.submit(jpeg(401, 60))
    (question,) = twin["matches"]
    alice.post(f"uploads/{twin['id']}/decision", {"verdict": "same", "match": question["id"]})
    alice.submit(jpeg(402))
    assert alice.submit(jpeg(402, 60))["state"] == "held"
    assert alice.submit(jpeg(403)[:800])["state"] == "rejected"
    return alice


@pytest.fixture
def fresh_database(postgres: Postgres) -> str:
    name = f"restored_{process_name()}"
    postgres.drop_database(name)
    postgres.create_database(name)
    return postgres.url(name)


def restored(site: LiveSite, alice: Program, into: str, tmp_path: Path) -> dict[str, str]:
    """Dump, let the site live on, and restore; environment of the new place without its pictures."""
    dump = str(tmp_path / "doppel.dump")
    before = counts(site.environment["DATABASE_URL"])
    program("pg_dump", "--format", "custom", "--file", dump, site.environment["DATABASE_URL"])
    alice.submit(jpeg(404))  # came after the dump: its bytes are in the copy, its row is not
    program("pg_restore", "--no-owner", "--exit-on-error", "--dbname", into, dump)
    assert counts(into) == before
    return {**site.environment, "DATABASE_URL": into}


def check(environment: dict[str, str]) -> None:
    assert "All invariants hold" in managed(environment, "check_invariants", "--read-bytes")
    managed(environment, "migrate", "--check")
    swept = managed({**environment, "DOPPEL_ORPHAN_GRACE_SECONDS": "0"}, "sweep")
    orphans = next(line for line in swept.splitlines() if line.endswith("objects without a row removed"))
    assert int(orphans.split()[0]) > 0
    assert "All invariants hold" in managed(environment, "check_invariants", "--read-bytes")


def test_from_a_folder(live_site: LiveSite, fresh_database: str, tmp_path: Path) -> None:
    environment = restored(live_site, a_life(live_site), fresh_database, tmp_path)
    shutil.copytree(live_site.media, tmp_path / "media")
    check(environment | {"DOPPEL_MEDIA_ROOT": str(tmp_path / "media")})


@pytest.mark.timeout(600)
def test_from_a_bucket(
    s3_site: LiveSite, bucket: Bucket, fresh_database: str, tmp_path: Path, servers: Addresses
) -> None:
    environment = restored(s3_site, a_life(s3_site), fresh_database, tmp_path)
    with fresh_bucket(servers) as other:
        client = other.client()
        for key in bucket.objects():
            client.copy_object(Bucket=other.name, Key=key, CopySource={"Bucket": bucket.name, "Key": key})
        check(environment | other.environment())
