"""A scratch site: a database and a picture store of its own, and no doorbell, for as long as a measurement runs.

Nothing of the real site is read or written but its settings. The database is made on the same server and removed
again however the measurement ends, save by SIGKILL: then a database is left, `PREFIX` and the process in its name.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import override_settings
from psycopg import sql

from dedupe import doorbell
from dedupe.forks import leave_database
from dedupe.interruptions import interrupted_by_signals, uninterrupted

PREFIX = "doppel_scratch_"
_FILE_SYSTEM = "django.core.files.storage.FileSystemStorage"


class NoScratchDatabase(Exception):
    """The server does not answer, or does not let this account make databases."""


@contextmanager
def scratch_site() -> Iterator[str]:
    """Lead this process, and those that it forks inside, to an empty site. Yields the database's name.

    Ends with KeyboardInterrupt on SIGINT, SIGTERM and SIGHUP, after everything was removed. Use it in the main
    thread and outside transactions. Raises NoScratchDatabase.
    """
    with ExitStack() as stack:
        stack.enter_context(interrupted_by_signals())
        stack.enter_context(_scratch_storage())
        stack.enter_context(doorbell.unheard())
        yield stack.enter_context(scratch_database())


@contextmanager
def scratch_database() -> Iterator[str]:
    """Make a database with all tables, lead Django to it, and remove it afterwards. Raises NoScratchDatabase."""
    name = f"{PREFIX}{os.getpid()}_{secrets.token_hex(4)}"
    before = connection.settings_dict["NAME"]
    try:
        _order("CREATE DATABASE {}", name)
        _lead_to(name)
        call_command("migrate", verbosity=0, interactive=False)
        yield name
    finally:
        with uninterrupted():
            _lead_to(before)
            _order("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _order(text: str, name: str) -> None:
    """Give the server an order about a database. Raises NoScratchDatabase."""
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    try:
        with psycopg.connect(**parameters, autocommit=True) as server:
            server.execute(sql.SQL(text).format(sql.Identifier(name)))
    except psycopg.Error as error:
        raise NoScratchDatabase(str(error).strip()) from error


def _lead_to(name: str) -> None:
    leave_database()
    connection.settings_dict["NAME"] = name


@contextmanager
def _scratch_storage() -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="doppel-scratch-") as folder:
        places = {
            name: {"BACKEND": _FILE_SYSTEM, "OPTIONS": {"location": Path(folder) / name}}
            for name in ("originals", "renditions")
        }
        with override_settings(STORAGES=settings.STORAGES | places):
            yield
