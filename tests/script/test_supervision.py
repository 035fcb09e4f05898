"""Restarts, logs, locks, ports, secrets: the parts of the supervisor on their own."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from script.supervisor import supervision
from script.supervisor.errors import RunError
from script.supervisor.guardian import Guardian
from script.supervisor.lock import take_lock
from script.supervisor.places import Places
from script.supervisor.ports import free_port, is_free, preferred_port
from script.supervisor.postgres import Postgres
from script.supervisor.postgres_wheel import reachable_programs, wheel_programs
from script.supervisor.processes import Program
from script.supervisor.running import explain
from script.supervisor.site import laptop_environment
from script.supervisor.supervision import Kept
from script.supervisor.terminal import Tail, last_lines


@pytest.fixture
def keeper() -> Iterator[Guardian]:
    guardian = Guardian()
    yield guardian
    guardian.close()


def test_a_child_that_keeps_dying_is_given_up_and_its_log_is_shown(
    tmp_path: Path, keeper: Guardian, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervision, "_LONGEST_PAUSE", 0.01)
    program = Program("web", ["/bin/sh", "-c", "echo no such door; exit 3"], tmp_path / "web.log")
    kept = Kept(program, keeper)

    def watch() -> None:
        while True:
            kept.look_after()
            time.sleep(0.005)

    with pytest.raises(RunError, match="web died 5 times") as failure:
        watch()
    assert capsys.readouterr().err.count("web ended (exit status 3); starting it again") == 4
    assert "  | no such door" in explain(failure.value)


def test_the_tail_shows_new_errors_and_cuts_a_flood(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_text("ERROR of yesterday\n")
    tail = Tail("web", log)
    with log.open("a") as lines:
        lines.write("INFO a page\nERROR board: first\nhalf a li")
    assert tail.essential() == ["     web | ERROR board: first"]
    with log.open("a") as lines:
        lines.write("ne with an ERROR\n" + "ERROR\n" * 9)
    shown = tail.essential()
    assert shown[0].endswith("half a line with an ERROR")
    assert "5 more" in shown[-1]
    log.write_text("ERROR after the log began anew\n")
    assert len(tail.essential()) == 1
    assert last_lines(tmp_path / "none") == []


def test_secrets_are_made_once_and_closed_to_others(tmp_path: Path) -> None:
    places = Places.create(tmp_path / "var")
    assert (places.var.stat().st_mode & 0o777) == 0o700
    assert ((places.var / "valkey").exists()) is False
    first = places.secrets
    assert Places.create(tmp_path / "var").secrets == first
    assert ((places.var / "secrets").stat().st_mode & 0o777) == 0o600
    assert len(set(first.values())) == len(first)


def test_a_lock_is_one_at_a_time_and_says_who_holds_it(tmp_path: Path) -> None:
    places = Places.create(tmp_path / "var")
    held = take_lock(places)
    held.write("http://localhost:8000/")
    held.flush()
    with pytest.raises(RunError, match=rf"runs at http://localhost:8000/ \(process {os.getpid()}\)"):
        take_lock(places)
    held.close()
    take_lock(places).close()


def test_a_taken_port_is_passed_over() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert not is_free(port)
        assert preferred_port(port) != port
    other = free_port()
    assert preferred_port(other) == other


def test_data_of_another_postgres_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres/PG_VERSION").write_text("9\n")
    server = Postgres(wheel_programs(), tmp_path / "postgres", 1, "secret")
    with pytest.raises(RunError, match="made by Postgres 9"):
        server.prepare(tmp_path / "log")


class _Stranger:
    """An account that cannot enter the folder of the wheel."""

    def can_read(self, path: Path) -> bool:
        return False


def test_the_programs_run_from_a_copy_too(tmp_path: Path) -> None:
    copy = reachable_programs(_Stranger(), tmp_path)  # type: ignore[arg-type]
    assert copy.is_relative_to(tmp_path)
    for name in ("postgres", "initdb", "psql"):
        subprocess.run([copy / "bin" / name, "--version"], check=True, capture_output=True)
    assert reachable_programs(_Stranger(), tmp_path) == copy  # type: ignore[arg-type]


def test_who_listens_everywhere_is_found_under_any_name() -> None:
    def hosts(host: str) -> str:
        environment = laptop_environment(
            database="d", broker="b", media=Path("m"), secret_key="k", host=host, port=1
        )
        return environment["DOPPEL_ALLOWED_HOSTS"]

    assert hosts("0.0.0.0") == "*"
    assert "127.0.0.1" in hosts("127.0.0.1").split(",")
    assert "192.0.2.7" in hosts("192.0.2.7").split(",")
