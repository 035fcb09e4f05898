"""The numbers for Prometheus: what is counted, what is read, who may see it."""

from __future__ import annotations

import os
import threading
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from board.models import Tally, User
from board.watching.counting import MEASURES, REQUESTS, STAGES
from board.watching.standing import GAUGES
from board.watching.tallies import Tallies, tallies
from dedupe.measures import Trouble, storage_failed
from dedupe.models import Picture
from dedupe.workflow.upkeep import run_census, run_patrol, run_sweep
from tests.uploads import Upload, jpeg, own_media, scene, submit, upload

__all__ = ["own_media", "upload"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_new_count(db: None, settings: Any) -> None:
    """Tests before this one may have left counts, in memory and in rows that a transactional test has committed."""
    tallies.forget()
    Tally.objects.all().delete()
    settings.METRICS_TOKEN = "let me in"


def scraped(client: Client) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample by its name and labels."""
    answer = client.get("/metrics", headers={"Authorization": "Bearer let me in"})
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


def test_visitors_find_nothing_and_the_token_opens(client: Client, mod: User) -> None:
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer let"}).status_code == 404
    client.force_login(mod)
    assert client.get("/metrics").status_code == 404
    assert scraped(client)


def test_a_network_is_let_in_but_never_through_a_proxy(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    settings.METRICS_NETWORKS = ["127.0.0.0/8", "fd00::/8"]
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.1").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    assert (
        client.get("/metrics", headers={"Authorization": "Bearer "}, REMOTE_ADDR="10.0.0.1").status_code
        == 404
    )


def test_an_analysis_and_requests_are_counted(client: Client, alice: User, upload: Upload) -> None:
    upload(alice, jpeg(scene()))
    client.get("/people/alice")
    numbers = scraped(client)
    labels = (("method", "GET"), ("route", "/people/<path:name>"), ("status", "200"))
    assert numbers["doppel_request_seconds_count", labels] == 1
    for stage in ("wait", "fetch", "decode", "store", "keep", "search", "settle", "whole"):
        assert numbers["doppel_stage_seconds_count", (("outcome", "done"), ("stage", stage))] >= 1
    assert numbers["doppel_search_candidates_count", ()] == 2, "before the publication lock, and under it"
    assert "alice" not in str(numbers)


def test_what_waits_and_what_the_clock_found(client: Client, alice: User) -> None:
    submit(alice, jpeg(scene()))
    run_sweep(prefixes=1)
    run_patrol()
    run_census()
    numbers = scraped(client)
    assert numbers["doppel_uploads_waiting", (("state", "staged"),)] == 1
    assert numbers["doppel_oldest_waiting_seconds", ()] > 0
    assert numbers["doppel_pictures", (("state", "staged"),)] == 1
    assert numbers["doppel_invariant_violations", (("rule", "I1"),)] == 0
    assert numbers["doppel_upkeep_timestamp_seconds", (("work", "sweep"),)] > 1e9


def test_every_measure_has_its_name_before_anything_happened(client: Client) -> None:
    text = client.get("/metrics", headers={"Authorization": "Bearer let me in"}).content.decode()
    for each in MEASURES:
        assert f"# TYPE {each.name}" in text


def test_counts_of_several_processes_add_up() -> None:
    processes = [Tallies() for _ in range(3)]
    for process in processes:
        process.note(STAGES, "decode", "done", value=0.3)
        process.note(STAGES, "decode", "done", value=100.0)
        process.flush()
        process.flush()
    row = Tally.objects.get()
    assert (sum(row.counts), row.counts[-3], row.total) == (6, 3, pytest.approx(300.9))


def test_nothing_is_lost_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = Tallies()
    counts.note(REQUESTS, "GET", "/", "200", value=0.1)
    with monkeypatch.context() as away:

        def fail(*_: Any) -> None:
            raise OperationalError("away")

        away.setattr(connection, "cursor", fail)
        with pytest.raises(OperationalError):
            counts.flush()
    counts.note(REQUESTS, "GET", "/", "200", value=0.1)
    counts.flush()
    assert sum(Tally.objects.get().counts) == 2


def test_a_child_does_not_add_what_its_parent_counted() -> None:
    tallies.note(REQUESTS, "GET", "/", "200", value=0.1)
    read, write = os.pipe()
    if not os.fork():
        os.write(write, str(len(tallies._kept)).encode())
        os._exit(0)
    os.wait()
    assert os.read(read, 9) == b"0"
    os.close(read)
    os.close(write)


@pytest.mark.django_db(transaction=True)
def test_a_timer_adds_the_counts_of_an_idle_process(settings: Any) -> None:
    settings.METRICS_FLUSH_SECONDS = 0.05
    counts = Tallies()
    counts.note(REQUESTS, "GET", "/", "200", value=0.1)
    for timer in [each for each in threading.enumerate() if isinstance(each, threading.Timer)]:
        timer.join()
    assert sum(Tally.objects.get().counts) == 1


def test_storage_trouble_is_counted(client: Client) -> None:
    storage_failed.send(None, trouble=Trouble.SILENT)
    assert scraped(client)["doppel_storage_errors_total", (("trouble", "silent"),)] == 1


def test_a_scrape_asks_the_same_few_questions_of_any_library(client: Client, alice: User) -> None:
    Picture.objects.bulk_create(
        Picture(owner=alice, checksum=f"{number:064d}", size_bytes=1) for number in range(50)
    )
    with CaptureQueriesContext(connection) as queries:
        scraped(client)
    assert len(queries) <= 8


def test_names_are_unlike_and_few() -> None:
    names = [each.name for each in (*MEASURES, *GAUGES)]
    assert len(set(names)) == len(names)
    assert all(len(each.labels) <= 3 for each in (*MEASURES, *GAUGES))
