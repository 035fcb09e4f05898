"""A command beside a Postgres of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import psycopg
import pytest

from script.with_postgres import main, passing_postgres

_ASKS = """
import os, sys, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    sys.exit(connection.execute("SELECT 40 + 2").fetchone()[0])
"""


def test_the_command_finds_its_server_and_its_status_is_ours() -> None:
    assert main([sys.executable, "-c", _ASKS]) == 42


def test_the_server_and_its_folder_are_gone_afterwards() -> None:
    with passing_postgres() as url, psycopg.connect(url) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
        assert row is not None
        assert Path(row[0]).exists()
    assert not Path(row[0]).parent.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)


def test_no_command_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err
