"""Whoever is killed, the guardian ends what they started and removes what they made."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from script.supervisor.guardian import Guardian, group_lives
from script.supervisor.places import ROOT
from script.supervisor.processes import Child, Program
from tests.servers.live import eventually

PARENT = """
import sys, time
from pathlib import Path
from script.supervisor.guardian import Guardian
from script.supervisor.processes import Child, Program
folder = Path(sys.argv[1])
guardian = Guardian()
guardian.remove(folder / "scratch")
script = "trap '' TERM INT; " if sys.argv[2] == "stubborn" else ""
note = str(folder / "deep")
own_session = f"import os, time; os.setsid(); open({note!r}, 'w').write(str(os.getpid())); time.sleep(60)"
script += f"echo $$ > {folder}/child; {sys.executable} -c \\"$DEEP\\" & sleep 60; wait"
Child(Program("child", ["/bin/sh", "-c", script], folder / "log", {"DEEP": own_session}), guardian)
time.sleep(60)
"""


def number_in(path: Path) -> int:
    eventually(lambda: path.exists() and path.read_text().strip() != "", what=str(path))
    return int(path.read_text())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds sessions by /proc")
@pytest.mark.parametrize("temper", ["obedient", "stubborn"])
def test_nothing_outlives_a_killed_parent(tmp_path: Path, temper: str) -> None:
    (tmp_path / "scratch").mkdir()
    with subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path), temper], cwd=ROOT) as parent:
        child, deep = number_in(tmp_path / "child"), number_in(tmp_path / "deep")
        assert group_lives(child)
        parent.kill()
    eventually(lambda: not group_lives(child), limit=15, what="the end of the group")
    eventually(lambda: not Path(f"/proc/{deep}").exists(), limit=15, what="the end of the other session")
    eventually(lambda: not (tmp_path / "scratch").exists(), limit=15, what="the end of the folder")


def test_a_calm_end_forgets_what_has_ended(tmp_path: Path) -> None:
    guardian = Guardian()
    child = Child(Program("sleep", ["sleep", "60"], tmp_path / "log"), guardian)
    child.end()
    assert child.exit_status == -signal.SIGTERM
    assert not group_lives(child.pid)
    guardian.close()


def test_one_who_does_not_listen_is_killed(tmp_path: Path) -> None:
    guardian = Guardian()
    command = ["/bin/sh", "-c", "trap '' TERM; touch ready; sleep 60 & wait; wait"]
    child = Child(Program("deaf", command, tmp_path / "log", directory=tmp_path), guardian)
    eventually((tmp_path / "ready").exists, what="the trap")
    child.end(patience=0.2)
    assert child.exit_status == -signal.SIGKILL
    guardian.close()
