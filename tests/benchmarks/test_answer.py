"""The time of an answer: a small run from the command line, and what it needs is said in words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.pictures import encoded, landscape
from tests.servers.addresses import addresses


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(5):
        (tmp_path / f"{number}.jpg").write_bytes(encoded(landscape(number, 240, 180), "JPEG", quality=92))
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    return tmp_path


def answered(folder: Path, models: int) -> subprocess.CompletedProcess[str]:
    """The benchmark keeps to one core, so it needs a process of its own."""
    amounts = ["--models", str(models), "--stored", "12", "--asked", "4"]
    database = addresses().postgres_url(str(connection.settings_dict["NAME"]))
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.answer", str(folder), *amounts],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "board.settings", "DATABASE_URL": database},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.django_db(transaction=True)
def test_a_small_run_from_the_command_line(folder: Path) -> None:
    told = answered(folder, models=3)
    assert told.returncode == 0, told.stderr
    assert "12 pictures stored, 3 of them real files." in told.stdout
    assert [line.split("  ")[0] for line in told.stdout.splitlines()[2:]] == ["novel", "edited copies", "all"]


@pytest.mark.django_db(transaction=True)
def test_a_run_with_nothing_left_to_ask_about_is_told(folder: Path) -> None:
    told = answered(folder, models=5)
    assert told.returncode == 1
    assert "More than 5 readable pictures are needed" in told.stderr
    assert "Traceback" not in told.stderr
