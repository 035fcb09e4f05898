"""The zygote and its child, run within the test process, where each line can be watched."""

import ctypes
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dedupe.imaging import Limits, Refusal, Refused
from dedupe.jail import child, confinement, zygote
from dedupe.jail.protocol import (
    REQUEST_BYTES,
    TRAILER_BYTES,
    Caps,
    Ending,
    Job,
    decode_answer,
    decode_request,
    decode_trailer,
    encode_request,
)
from tests import pictures as p


@pytest.fixture
def own_signals() -> Iterator[None]:
    """Serving takes over SIGCHLD and SIGINT: give them back."""
    before = [(number, signal.getsignal(number)) for number in (signal.SIGCHLD, signal.SIGINT)]
    yield
    signal.set_wakeup_fd(-1)
    for number, handler in before:
        signal.signal(number, handler)


def ask(control: socket.socket, file: Path, message: bytes) -> bytes:
    reading, writing = os.pipe()
    with file.open("rb") as opened:
        socket.send_fds(control, [message[:100]], [opened.fileno(), writing])
        control.sendall(message[100:])
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        return pipe.read()


@pytest.mark.usefixtures("own_signals")
def test_serves_until_the_client_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "leave_network", lambda: False)
    monkeypatch.setattr(
        child, "only_compute", lambda: False
    )  # NumPy's threads, which pytest has, could not fork
    file = tmp_path / "file"
    file.write_bytes(p.encoded(p.landscape()))
    ours, theirs = socket.socketpair()
    answers: list[bytes] = []

    def be_client() -> None:
        assert ours.recv(1) == b"R"
        answers.append(ask(ours, file, encode_request(Limits(), Caps(address_space=2**40))))
        answers.append(ask(ours, file, encode_request(Limits(), Caps(wall_seconds=0))))
        answers.append(ask(ours, file, b"nonsense".ljust(REQUEST_BYTES)))
        ours.close()

    client = threading.Thread(target=be_client)
    client.start()
    zygote.main(theirs.detach())
    client.join()
    value, _ = decode_answer(answers[0][:-TRAILER_BYTES])
    assert value["analysis"]["width"] == 600
    good, late = decode_trailer(answers[0]), decode_trailer(answers[1])
    assert good is not None
    assert late is not None
    assert (good.status, good.timed_out) == (0, False)
    assert late.timed_out
    assert answers[2] == b""


def test_running_children_end_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "run", lambda *_: signal.pause())
    _, theirs = socket.socketpair()
    with theirs:
        served = zygote.Zygote(theirs)
        reading, writing = os.pipe()
        served._start(reading, writing, Job.ANALYSE, Limits(), Caps())
        (pid,) = served._jobs
        served._kill_all()
        assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGKILL
        served._kill_all()  # what has ended already is no error


def test_a_job_whose_client_left_is_forgotten() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    zygote._finish(zygote._Job(writing, 0.0), Ending(False, 0, 0.0, 0))
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.close(writing)


class Ended(BaseException):
    """Stands in for the end of the process."""


class FakeLibc:
    def __init__(self, allowed: bool) -> None:
        self.calls: list[tuple[int, ...]] = []
        self.allowed = allowed

    def prctl(self, *arguments: int) -> int:
        self.calls.append(arguments)
        return 0

    def unshare(self, flags: int) -> int:
        self.calls.append((flags,))
        return 0 if self.allowed else -1


@pytest.fixture
def exits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    codes: list[int] = []

    def end(code: int) -> None:
        codes.append(code)
        raise Ended

    monkeypatch.setattr(os, "_exit", end)
    return codes


def run_child(tmp_path: Path, data: bytes) -> bytes:
    file, answer = tmp_path / "in", tmp_path / "out"
    file.write_bytes(data)
    answer.touch()
    out = os.open(answer, os.O_WRONLY)
    with pytest.raises(Ended):
        child.run(os.open(file, os.O_RDONLY), out, Job.ANALYSE, Limits(), Caps(), os.getppid())
    os.close(out)
    return answer.read_bytes()


def test_child_answers(tmp_path: Path, exits: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "restrict", lambda *_: None)
    value, blobs = decode_answer(run_child(tmp_path, p.encoded(p.landscape())))
    assert sum(r["bytes"] for r in value["analysis"]["renditions"]) == len(blobs)
    value, _ = decode_answer(run_child(tmp_path, b"%PDF-"))
    assert value == {"refused": "unsupported_format", "detail": "PDF"}
    assert exits == [0, 0]


@pytest.mark.parametrize(("error", "code"), [(MemoryError, 71), (OSError, 1)])
def test_child_tells_by_its_exit(
    tmp_path: Path, exits: list[int], monkeypatch: pytest.MonkeyPatch, error: type[Exception], code: int
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(child, "restrict", fail)
    assert run_child(tmp_path, b"x") == b""
    assert exits == [code]


@pytest.mark.hostile("fault: disk full")
def test_caps_are_set(exits: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    bounds: dict[int, tuple[int, int]] = {}

    def set_bound(kind: int, values: tuple[int, int]) -> None:
        if kind == resource.RLIMIT_NPROC:
            raise ValueError
        bounds[kind] = values

    libc = FakeLibc(allowed=True)
    monkeypatch.setattr(ctypes, "CDLL", lambda _: libc)
    monkeypatch.setattr(resource, "setrlimit", set_bound)
    child.restrict(Caps(address_space=5, cpu_seconds=7), os.getppid())
    assert bounds[resource.RLIMIT_AS] == (5, 5)
    assert bounds[resource.RLIMIT_CPU] == (7, 8)
    assert bounds[resource.RLIMIT_FSIZE] == (0, 0), "it writes no file"
    assert (1, signal.SIGKILL) in libc.calls
    assert [call[0] for call in libc.calls][-1:] == ([22] if confinement.is_possible() else [38]), (
        "filtered last"
    )
    with pytest.raises(Ended):
        child.restrict(Caps(), -1)
    assert exits == [1]


@pytest.mark.parametrize("allowed", [True, False])
def test_network_is_left_where_allowed(allowed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    libc = FakeLibc(allowed)
    monkeypatch.setattr(ctypes, "CDLL", lambda _: libc)
    assert child.leave_network() is allowed
    assert len(libc.calls) == (1 if allowed else 2)


def test_other_systems_do_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> Callable[[], None]:
        raise AssertionError

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(ctypes, "CDLL", fail)
    child._die_with(-1)
    assert not child.leave_network()


def test_requests_round_trip() -> None:
    limits, caps = Limits(max_side=7, damaged_rows=0.5), Caps(cpu_seconds=3)
    message = encode_request(limits, caps, Job.COMPARE)
    assert len(message) == REQUEST_BYTES
    assert decode_request(message) == (Job.COMPARE, limits, caps)


def test_refusals_of_no_kind() -> None:
    assert child.refusal_in("broken", "why").refusal is Refusal.BROKEN
    assert isinstance(child.refusal_in("empty", ""), Refused)
    for value, detail in ((1, ""), ("broken", None), ("odd", "")):
        with pytest.raises(ValueError):
            child.refusal_in(value, detail)
