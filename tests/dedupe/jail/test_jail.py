"""The jail kills what is slow or greedy, survives its own death, and believes nothing."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from PIL import Image

from dedupe.imaging import Analysis, Limits, Refusal, Refused, analyse
from dedupe.jail import client
from dedupe.jail.client import Caps, Jailed, JailUnavailable, analyse_file
from dedupe.jail.protocol import Ending, decode_answer, decode_trailer, encode_answer, encode_trailer
from tests import pictures as p

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    file = tmp_path / "picture"
    file.write_bytes(p.encoded(p.landscape(), "JPEG"))
    return file


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Dozens of scans over noise: allowed by its header, but it takes its time."""
    noise = Image.effect_noise((3000, 3000), 100)
    data = p.encoded(noise, "JPEG", progressive=True, quality=95)
    last = data.rindex(b"\xff\xda")
    file = tmp_path_factory.mktemp("jail") / "slow"
    file.write_bytes(data[:last] + data[last:-2] * 25 + data[-2:])
    return file


def zygote_pid() -> int:
    connection = client._jail.connection
    assert connection is not None
    return connection.process.pid


def refusal(path: Path, **caps: float) -> Refused:
    with pytest.raises(Refused) as caught:
        analyse_file(path, caps=Caps(**caps))  # type: ignore[arg-type]
    return caught.value


def wait_until(true: Callable[[], bool], seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return true()


def test_same_answer_as_outside(picture: Path) -> None:
    jailed = analyse_file(picture)
    assert isinstance(jailed, Jailed)
    assert jailed.analysis == analyse(picture.read_bytes())
    assert 10_000_000 < jailed.peak_memory_bytes < 300_000_000
    assert 0 < jailed.seconds < 10


def test_refusals_come_through(tmp_path: Path) -> None:
    file = tmp_path / "file"
    cases = {b"": Refusal.EMPTY, b"prose": Refusal.NOT_A_PICTURE, p.webp(7000, 7000): Refusal.TOO_MANY_PIXELS}
    for data, expected in cases.items():
        file.write_bytes(data)
        assert refusal(file).refusal is expected
    file.write_bytes(b"%PDF-1.7")
    assert refusal(file).detail == "PDF"


def test_limits_travel(picture: Path) -> None:
    for limits, expected in (
        (Limits(max_side=100), Refusal.SIDE_TOO_LONG),
        (Limits(max_bytes=100), Refusal.TOO_MANY_BYTES),
    ):
        with pytest.raises(Refused) as caught:
            analyse_file(picture, limits)
        assert caught.value.refusal is expected


def test_missing_files_are_the_callers_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        analyse_file(tmp_path / "none")


def test_processor_time_is_capped(slow: Path) -> None:
    assert refusal(slow, cpu_seconds=1).refusal is Refusal.TOO_SLOW


def test_wall_time_is_capped(slow: Path, picture: Path) -> None:
    started = time.monotonic()
    refused = refusal(slow, wall_seconds=0.3)
    assert (refused.refusal, refused.detail) == (Refusal.TOO_SLOW, "over 0.3 s")
    assert time.monotonic() - started < 2
    assert analyse_file(picture).analysis.width == 600


def test_memory_is_capped(tmp_path: Path) -> None:
    file = tmp_path / "large"
    file.write_bytes(p.encoded(p.flat("red", (8000, 8000)), "PNG"))
    assert refusal(file, address_space=300 * 1024**2).refusal is Refusal.TOO_MUCH_MEMORY
    assert analyse_file(file).analysis.width == 8000


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


def test_a_crashed_child_is_a_broken_picture(slow: Path, picture: Path) -> None:
    analyse_file(picture)
    zygote = psutil.Process(zygote_pid())

    def crash() -> None:
        assert wait_until(lambda: bool(zygote.children()))
        zygote.children()[0].send_signal(signal.SIGSEGV)

    thread = threading.Thread(target=crash)
    thread.start()
    refused = refusal(slow)
    thread.join()
    assert (refused.refusal, refused.detail) == (Refusal.BROKEN, "the decoder crashed with signal 11")


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
        from dedupe.jail import client
        job = lambda: client.analyse_file(Path(sys.argv[1]))
        threading.Thread(target=job, daemon=True).start()
        while client._jail.connection is None: time.sleep(.01)
        time.sleep(.5)
        print(client._jail.connection.process.pid, flush=True)
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
    with client._jail.lock:
        client._jail.discard()
    analyse_file(picture)
    assert "DATABASE_URL" not in psutil.Process(zygote_pid()).environ()


def test_no_start_is_unavailable(picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with client._jail.lock:
        client._jail.discard()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", "/bin/true")
        with pytest.raises(JailUnavailable):
            analyse_file(picture)
        patch.setattr(sys, "executable", "/nonexistent/python")
        with pytest.raises(JailUnavailable):
            analyse_file(picture)
    assert analyse_file(picture).analysis.width == 600


def test_silence_is_unavailable(picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_GRACE_SECONDS", 0.2)
    analyse_file(picture)
    first = zygote_pid()
    os.kill(first, signal.SIGSTOP)
    assert analyse_file(picture, caps=Caps(wall_seconds=1)).analysis.width == 600
    assert zygote_pid() != first


class TestInterpretation:
    """What a child that is owned by a picture might write."""

    OK = Ending(timed_out=False, status=0, cpu_seconds=0.1, peak_memory_bytes=1)

    @pytest.mark.parametrize(
        "answer",
        [
            b"",
            b"\0\0\0\2",
            b"\xff\xff\xff\xff{}",
            b"\0\0\0\2[]",
            b"\0\0\0\2{}",
            encode_answer({"analysis": {"renditions": 5}}, []),
            encode_answer({"analysis": {"renditions": [{"bytes": 7}]}}, [b"x"]),
            encode_answer({"analysis": {"renditions": [{"bytes": -1}, {"bytes": 2}]}}, [b"x"]),
            encode_answer({"analysis": {"renditions": []}}, []),
            encode_answer({"refused": "odd", "detail": ""}, []),
            encode_answer({"refused": 5}, []),
            (70_000).to_bytes(4, "big") + b"[" * 70_000,
        ],
    )
    def test_nonsense_is_broken(self, answer: bytes) -> None:
        with pytest.raises(Refused) as caught:
            client._analysis_in(client._interpret(answer, self.OK, Caps()))
        assert caught.value.refusal is Refusal.BROKEN

    @pytest.mark.parametrize(
        ("status", "cpu", "expected"),
        [
            (signal.SIGXCPU, 1.0, Refusal.TOO_SLOW),
            (signal.SIGKILL, 10.5, Refusal.TOO_SLOW),
            (signal.SIGABRT, 1.0, Refusal.BROKEN),
            (71 << 8, 1.0, Refusal.TOO_MUCH_MEMORY),
            (1 << 8, 1.0, Refusal.BROKEN),
        ],
    )
    def test_endings(self, status: int, cpu: float, expected: Refusal) -> None:
        with pytest.raises(Refused) as caught:
            client._interpret(b"", Ending(False, status, cpu, 1), Caps())
        assert caught.value.refusal is expected

    def test_a_kill_from_outside_says_nothing_of_the_file(self) -> None:
        with pytest.raises(client.ChildKilled):
            client._interpret(b"", Ending(False, signal.SIGKILL, 1.0, 1), Caps())

    def test_control_characters_are_taken_out(self) -> None:
        answer = encode_answer({"refused": "broken", "detail": "a\u202eb\x1b[0m" + "x" * 500}, [])
        with pytest.raises(Refused) as caught:
            client._interpret(answer, self.OK, Caps())
        assert caught.value.detail.startswith("a?b?[0mx")
        assert len(caught.value.detail) == 200

    def test_another_files_answer_is_refused(self, picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(client, "_checked_checksum", lambda *_: "0" * 64)
        assert refusal(picture).refusal is Refusal.BROKEN

    def test_endless_answers_are_cut(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(client, "_MAX_ANSWER_BYTES", 10)
        reading, writing = os.pipe()
        os.write(writing, bytes(20))
        with pytest.raises(Refused, match="too long"):
            client._read_answer(reading, time.monotonic() + 1)
        os.close(reading)
        os.close(writing)

    def test_trailer_and_answer_round_trip(self) -> None:
        assert decode_trailer(b"abc" + encode_trailer(self.OK)) == self.OK
        assert decode_trailer(b"abc") is None
        assert decode_trailer(bytes(100)) is None
        assert decode_answer(encode_answer({"a": 1}, [b"x", b"yz"])) == ({"a": 1}, b"xyz")
