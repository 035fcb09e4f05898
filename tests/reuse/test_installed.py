"""A stranger installs ``dedupe`` in another Django project and takes an upload through it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from script.supervisor.postgres import Postgres
from tests.pictures import encoded, landscape

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The app as pip installs it from this folder, in a place of its own."""
    source = tmp_path_factory.mktemp("source")
    target = tmp_path_factory.mktemp("installed")
    for name in ("dedupe", "requirements"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--target", str(target)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(source)], check=True)
    return target


def test_the_app_works_in_another_project(
    installed: Path, postgres: Postgres, valkey: str, tmp_path: Path
) -> None:
    database = f"catalogue_{os.getpid()}"
    postgres.create_database(database)
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{installed}:{Path(__file__).parent}",
        "DATABASE_URL": postgres.url(database),
        "REDIS_URL": valkey,
        "CATALOGUE_MEDIA": str(tmp_path),
    }
    ran = subprocess.run(
        [sys.executable, "-m", "catalogue.journey"],
        cwd=tmp_path,
        env=environment,
        input=encoded(landscape(3, 320, 240)),
        capture_output=True,
        timeout=120,
    )
    said = ran.stdout.decode()
    assert ran.returncode == 0, ran.stderr.decode()
    assert "board is here: False" in said
    assert str(installed) in said
    assert "moves: analysing>live analysing>held held>withdrawn withdrawn>held" in said
    assert "All invariants hold" in said
