"""The search through the library as a process of its own: killed, interrupted, and several at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone

from board.models import User
from dedupe.models import Case, State, Stretch, Walk, WalkKind, WalkState
from script.supervisor.places import ROOT
from tests.dedupe.conftest import Upload, jpeg, scene
from tests.servers.fixtures import present_database
from tests.servers.live import eventually

pytestmark = pytest.mark.django_db(transaction=True)

PICTURES = 12
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def library(upload: Upload, bob: User, mod: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twelve live pictures; the last is a copy of the first, as after an import into a board that asked less."""
    for seed in range(1, PICTURES):
        upload(bob, jpeg(scene(seed), 92))
    with monkeypatch.context() as unasking:
        unasking.setattr("dedupe.workflow.publication._without_decided", lambda picture, found: [])
        assert upload(bob, jpeg(scene(1), 60)).state == State.LIVE


@pytest.fixture
def start() -> Iterator[Start]:
    """Start the command beside the test, in a session of its own: start("--processes", "2")."""
    started: list[subprocess.Popen[str]] = []

    def go(*options: str) -> subprocess.Popen[str]:
        changes = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
        process = subprocess.Popen(
            [sys.executable, "manage.py", "find_duplicates", "--as", "mod", *options],
            cwd=ROOT,
            env={**os.environ, **present_database(), **changes},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield go
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()


def searched() -> int:
    walk = Walk.objects.filter(kind=WalkKind.DUPLICATES).order_by("pk").last()
    return walk.done if walk else 0


def said(process: subprocess.Popen[str]) -> str:
    return process.communicate(timeout=90)[0]


def lives(process: subprocess.Popen[str]) -> bool:
    """Whether anything of its process group is left."""
    try:
        os.killpg(process.pid, 0)
    except ProcessLookupError:
        return False
    return True


def check_all_is_done() -> None:
    """One walk, each picture once, the pair reported once."""
    walk = Walk.objects.get(kind=WalkKind.DUPLICATES)
    assert (walk.state, walk.done, walk.found, walk.failed) == (WalkState.FINISHED, PICTURES, 1, 0)
    assert Case.objects.count() == 1
    assert not Stretch.objects.exists()


def test_a_killed_search_goes_on_where_it_stopped(library: None, start: Start) -> None:
    first = start("--processes", "2", "--rest", "1")
    eventually(lambda: searched() >= 2, limit=60)
    os.killpg(first.pid, signal.SIGSTOP)  # so that its children are not done before they notice
    first.kill()
    first.wait()
    os.killpg(first.pid, signal.SIGCONT)
    eventually(lambda: not lives(first), what="the end of its children")
    assert 2 <= searched() < PICTURES
    Stretch.objects.update(lease_until=timezone.now())  # as after a minute
    second = start()
    words = said(second)
    assert second.returncode == 0, words
    assert "Going on after" in words
    check_all_is_done()


def test_a_search_that_is_told_to_end_says_how_to_go_on(library: None, start: Start) -> None:
    first = start("--rest", "1")
    eventually(lambda: searched() >= 1, limit=60)
    first.terminate()
    words = said(first)
    assert first.returncode == 130, words
    assert "Start the same command again to go on." in words
    assert "walking.py" not in words, "no trace of ours"
    assert not Stretch.objects.filter(token__isnull=False).exists(), "it was laid down, nobody waits for it"
    second = start()
    assert second.wait(90) == 0, said(second)
    check_all_is_done()


def test_several_processes_share_the_work(library: None, start: Start) -> None:
    process = start("--processes", "2")
    words = said(process)
    assert process.returncode == 0, words
    assert f"{PICTURES} pictures searched, 1 pairs reported." in words
    check_all_is_done()


def test_ctrl_c_ends_all_processes(library: None, start: Start) -> None:
    process = start("--processes", "2", "--rest", "1")
    eventually(lambda: searched() >= 1, limit=60)
    os.killpg(process.pid, signal.SIGINT)
    words = said(process)
    assert process.returncode == 130, words
    assert "walking.py" not in words, "no trace of ours"
    assert not Stretch.objects.filter(token__isnull=False).exists(), words
    assert start().wait(90) == 0
    check_all_is_done()


def test_two_commands_at_once_do_each_picture_once(library: None, start: Start) -> None:
    both = [start("--rest", "0.5")]
    eventually(lambda: searched() >= 1, limit=60)
    both.append(start())
    for process in both:
        assert process.wait(90) == 0, said(process)
    assert Case.objects.count() == 1
    for walk in Walk.objects.filter(kind=WalkKind.DUPLICATES):
        assert (walk.state, walk.done) == (WalkState.FINISHED, PICTURES)
