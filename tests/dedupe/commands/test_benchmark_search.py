"""The door to the measurement of the search: what it prints and writes, and how it ends."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from script.supervisor.postgres import Postgres
from tests.dedupe.evaluation.conftest import server
from tests.dedupe.evaluation.test_scratch import scratch_databases
from tests.pictures import landscape

__all__ = ["server"]


def run(*arguments: object) -> str:
    out = io.StringIO()
    call_command("benchmark_search", *map(str, arguments), stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_it_prints_and_writes_times_recall_and_sizes(server: Postgres, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for seed in range(3):
        landscape(seed, 480, 360).save(folder / f"{seed}.png")
    small = ["--rows", 2000, "--questions", 4, "--clients", 2, "--near-white", 300, "--copies", 300]
    out = run(*small, "--pictures", folder, "--json", tmp_path / "report.json")
    written = json.loads((tmp_path / "report.json").read_text())
    assert written["recall"]["within_radius"] == 1
    assert written["recall"]["planted"]["7 bits"] == 1
    assert written["upright"]["times"]["count"] == 4
    assert written["crops"]["first_ten"] == 1
    assert written["complaints"] == []
    assert {each["name"] for each in written["rivals"]} >= {
        "sequential scan",
        "B-tree on (aspect, intensity)",
    }
    for words in ("every way", "sequential scan", "fingerprint_by_window", "found among the first ten"):
        assert words in out
    assert not scratch_databases(server, os.getpid())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--rows", "0"), "from 1 on"),
        (("--rows", "10", "--pictures", "nowhere"), "nowhere is not a folder"),
        (("--rows", "10", "--json", "nowhere/report.json"), "nowhere is not a folder"),
    ],
)
def test_wrong_arguments_are_told_before_anything_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=words):
        run(*arguments)
