"""The two questions that a load balancer asks."""

from typing import Any

import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from board import health
from board.watching import freshness
from dedupe.models import Walk
from dedupe.workflow.upkeep import run_sweep


@pytest.fixture(autouse=True)
def nobody_has_answered_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_worker_answered_at", -1e9)


def test_the_process_answers_without_any_other_part(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_without_a_worker_we_are_not_ready_and_the_part_is_named(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(health, "_SECONDS", 0.2)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"] == {
        "database": "ok", "migrations": "ok", "storage": "ok", "broker": "ok", "worker": "TimeoutError",
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_with_a_worker_we_are_ready(client: Client, worker: object) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)


@pytest.mark.django_db
def test_an_answer_is_remembered_for_a_moment(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setattr(health, "_worker_answered_at", time.monotonic())
    assert client.get("/readyz").status_code == 200


def test_each_part_that_fails_is_named_by_its_error(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OperationalError("no route")

    monkeypatch.setattr(health, "CHECKS", {"database": fail})
    told = client.get("/readyz").json()
    assert (told["ready"], told["parts"], told["behind"]) == (False, {"database": "OperationalError"}, {})


@pytest.mark.django_db
def test_what_is_behind_is_told_and_turns_nobody_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "CHECKS", {"database": health.check_database})
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["storage_circuit"]) == (200, "closed")
    behind = answer.json()["behind"]
    assert (behind["index"], behind["backfill"], behind["upkeep"][:8]) == ("ok", "ok", "no sweep")
    run_sweep(prefixes=1)
    Walk.objects.all().delete()
    behind = client.get("/readyz").json()["behind"]
    assert (behind["upkeep"], "backfill_fingerprints" in behind["backfill"]) == ("ok", True)


@pytest.mark.django_db
def test_we_are_not_ready_before_the_migrations(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshness, "_schema_is_whole", False)
    monkeypatch.setattr(health, "CHECKS", {"migrations": freshness.migrations_are_applied})
    MigrationRecorder.Migration.objects.filter(app="board").latest("id").delete()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["parts"]) == (
        503,
        {"migrations": "1 migrations are not applied"},
    )


@pytest.mark.django_db
def test_an_index_that_nobody_merges_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshness, "postings_waiting", lambda: 200_000)
    with pytest.raises(freshness.Behind, match="200000 word postings"):
        freshness.index_is_merged()
