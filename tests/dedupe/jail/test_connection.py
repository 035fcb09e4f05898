"""The zygote is shared, replaced when dead or silent, left behind by forks, and given none of the secrets."""

import os
import platform
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import psutil
import pytest

from dedupe.imaging import Analysis, Refusal, Refused
from dedupe.jail import connection
from dedupe.jail.client import Caps, JailUnavailable, analyse_file
from tests.dedupe.jail.conftest import refusal, wait_until, zygote_pid

ROOT = Path(__file__).resolve().parents[3]


def test_threads_share_the_zygote(picture: Path) -> None:
    results: list[Analysis] = []
    threads = [
        threading.Thread(target=lambda: results.append(analyse_file(picture).analysis)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    assert len(set(map(id, results))) == 8
    assert all(result == results[0] for result in results)


@pytest.mark.hostile("fault: decoding child killed")
def test_a_killed_zygote_is_replaced(picture: Path) -> None:
    analyse_file(picture)
    first = zygote_pid()
    os.kill(first, signal.SIGKILL)
    assert analyse_file(picture).analysis.width == 600
    assert zygote_pid() != first


def test_a_zygote_killed_over_a_job_is_replaced(slow: Path, picture: Path) -> None:
    analyse_file(picture)
    first = zygote_pid()
    killer = threading.Timer(0.3, os.kill, (first, signal.SIGKILL))
    killer.start()
    assert refusal(slow, cpu_seconds=1).refusal is Refusal.TOO_SLOW
    assert zygote_pid() != first


def test_a_forked_process_gets_its_own(picture: Path) -> None:
    analyse_file(picture)
    ours = zygote_pid()
    pid = os.fork()
    if pid == 0:
        try:
            good = analyse_file(picture).analysis.width == 600 and zygote_pid() != ours
            os.kill(zygote_pid(), signal.SIGKILL)
            os._exit(0 if good else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert analyse_file(picture).analysis.width == 600
    assert zygote_pid() == ours


def test_all_end_with_the_client(slow: Path) -> None:
    script = textwrap.dedent("""
        import sys, threading, time
        from pathlib import Path
        from dedupe.jail import client, connection
        job = lambda: client.analyse_file(Path(sys.argv[1]))
        threading.Thread(target=job, daemon=True).start()
        while connection._jail.connection is None: time.sleep(.01)
        time.sleep(.5)
        print(connection._jail.connection.process.pid, flush=True)
        time.sleep(60)
    """)
    worker = subprocess.Popen(
        [sys.executable, "-c", script, str(slow)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert worker.stdout is not None
    zygote = psutil.Process(int(worker.stdout.readline()))
    family = [zygote, *zygote.children()]
    assert len(family) == 2
    worker.kill()
    worker.wait()
    worker.stdout.close()
    assert wait_until(lambda: not any(q.is_running() and q.status() != "zombie" for q in family))


def test_secrets_stay_outside(picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    with connection._jail.lock:
        connection._jail.discard()
    analyse_file(picture)
    assert "DATABASE_URL" not in psutil.Process(zygote_pid()).environ()


LARGE_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")


@pytest.mark.skipif(
    not LARGE_PAGES.exists()
    or "[madvise]" not in LARGE_PAGES.read_text()
    or platform.libc_ver()[0] != "glibc",
    reason="needs a Linux that gives large pages to those who ask for them",
)
def test_memory_is_had_in_large_pages(picture: Path) -> None:
    analyse_file(picture)
    heap = next(part for part in mappings(zygote_pid()) if "[heap]" in part)
    assert " hg" in heap.split("VmFlags:")[1].splitlines()[0]


def mappings(process: int) -> list[str]:
    """What the kernel says of each stretch of a process's memory, flags last (proc(5), smaps)."""
    return re.split(r"(?<=\n)(?=[0-9a-f]+-[0-9a-f]+ )", Path(f"/proc/{process}/smaps").read_text())


def test_no_start_is_unavailable(picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with connection._jail.lock:
        connection._jail.discard()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", "/bin/true")
        with pytest.raises(JailUnavailable):
            analyse_file(picture)
        patch.setattr(sys, "executable", "/nonexistent/python")
        with pytest.raises(JailUnavailable):
            analyse_file(picture)
    assert analyse_file(picture).analysis.width == 600


def test_silence_is_unavailable(picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_GRACE_SECONDS", 0.2)
    analyse_file(picture)
    first = zygote_pid()
    os.kill(first, signal.SIGSTOP)
    assert analyse_file(picture, caps=Caps(wall_seconds=1)).analysis.width == 600
    assert zygote_pid() != first


def test_endless_answers_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_MAX_ANSWER_BYTES", 10)
    reading, writing = os.pipe()
    os.write(writing, bytes(20))
    with pytest.raises(Refused, match="too long"):
        connection._read_answer(reading, time.monotonic() + 1)
    os.close(reading)
    os.close(writing)
