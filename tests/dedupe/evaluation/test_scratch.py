"""The scratch site: apart from the real one, and gone afterwards."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psycopg
import pytest
from celery import current_app
from django.conf import settings
from django.core.files.storage import storages
from django.db import connection

from dedupe.doorbell import ring
from dedupe.evaluation.scratch import PREFIX, NoScratchDatabase, scratch_site
from dedupe.models import Picture
from script.supervisor.postgres import Postgres


def scratch_databases(server: Postgres, process: int) -> list[str]:
    """Those of one process: tests beside this one make their own."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        named = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        rows = admin.execute(named, [f"{PREFIX}{process}_"])
        return [row[0] for row in rows]


def test_inside_everything_is_the_scratch_sites_own_and_outside_nothing_is_left(server: Postgres) -> None:
    before = (connection.settings_dict["NAME"], settings.STORAGES)
    with scratch_site() as name:
        assert name in scratch_databases(server, os.getpid())
        assert connection.settings_dict["NAME"] == name
        assert not Picture.objects.exists()
        place = storages["originals"].path("x")
        assert storages["renditions"].path("x") != place
        assert not place.startswith(str(settings.MEDIA_ROOT))
    assert name not in scratch_databases(server, os.getpid())
    assert not Path(place).parent.exists()
    assert (connection.settings_dict["NAME"], settings.STORAGES) == before


def test_workers_do_not_hear_of_its_pictures(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda task, **_: rung.append(task))
    with scratch_site():
        assert ring(1) is True
    assert rung == []
    ring(1)
    assert rung == ["dedupe.analyse"]


def test_an_exception_leaves_nothing_either(server: Postgres) -> None:
    with pytest.raises(ZeroDivisionError), scratch_site() as name:
        1 / 0  # noqa: B018
    assert name not in scratch_databases(server, os.getpid())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_tidily(server: Postgres, number: signal.Signals) -> None:
    handler = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), scratch_site() as name:
        signal.raise_signal(number)
    assert name not in scratch_databases(server, os.getpid())
    assert signal.getsignal(number) == handler


def test_somebody_who_is_still_connected_does_not_keep_it(server: Postgres) -> None:
    with scratch_site() as name:
        visitor = psycopg.connect(server.url(name))
    assert name not in scratch_databases(server, os.getpid())
    visitor.close()


def test_an_account_that_may_not_make_databases_is_told(server: Postgres) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        admin.execute("CREATE ROLE plain LOGIN PASSWORD 'plain'")
    own = dict(connection.settings_dict)
    connection.settings_dict |= {"USER": "plain", "PASSWORD": "plain"}
    try:
        with pytest.raises(NoScratchDatabase, match="permission denied to create database"), scratch_site():
            pass
    finally:
        connection.settings_dict.update(own)
    assert connection.settings_dict["NAME"] == own["NAME"]
