"""The door to the measurement: what it prints and writes, and how it ends."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from script.supervisor.places import ROOT
from script.supervisor.postgres import Postgres
from tests.dedupe.evaluation.conftest import folder, listed, server
from tests.dedupe.evaluation.test_scratch import scratch_databases

__all__ = ["folder", "listed", "server"]


def run(*arguments: object) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("evaluate_matching", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_it_prints_tables_and_progress_and_writes_the_same_as_json(
    server: Postgres, folder: Path, listed: Path, tmp_path: Path
) -> None:
    out, err = run(folder, listed, "--json", tmp_path / "report.json", "--jobs", 2)
    written = json.loads((tmp_path / "report.json").read_text())
    assert written["confusion"]["must_match"] == {"not_shown": 0, "same": 3, "variant": 0}
    assert {pair["kind"] for pair in written["pairs"]} == {"same", "not shown"}
    assert "exact_bytes" in out
    assert "Storing: 8/8" in err
    assert "Asking: 8/8" in err
    assert not scratch_databases(server, os.getpid())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere", "pairs.csv"), "nowhere is not a folder"),
        ((".", "nowhere.csv"), "cannot be read as a CSV file"),
        ((".", "pairs.csv", "--json", "nowhere/report.json"), "nowhere is not a folder"),
        ((".", "pairs.csv", "--jobs", "0"), "a whole number from 1 on"),
    ],
)
def test_wrong_arguments_are_told_before_anything_is_done(
    folder: Path, listed: Path, arguments: tuple[str, ...], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(CommandError, match=words):
        run(*arguments)


def test_a_server_that_does_not_answer_is_told(
    server: Postgres, folder: Path, listed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection

    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    with pytest.raises(CommandError, match="No scratch database could be made"):
        run(folder, listed)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_is_interrupted_removes_its_database(
    server: Postgres, folder: Path, listed: Path, number: signal.Signals
) -> None:
    environment = {**os.environ, "DATABASE_URL": server.url("postgres")}
    command = [sys.executable, "manage.py", "evaluate_matching", str(folder), str(listed), "--jobs", "2"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 60
        while not scratch_databases(server, process.pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Interrupted. The scratch database is removed." in err
    assert not scratch_databases(server, process.pid)
