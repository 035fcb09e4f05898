"""The zygote of this process and the way to it: started, found dead, started again, left behind by a fork.

Each calling process has one zygote (``dedupe.jail.zygote``), started at the first call, started again
if it is found dead, and left behind by a fork: the forked process starts its own. Threads may call at
the same time.
"""

import os
import select
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from dedupe.imaging import Limits, Refusal, Refused
from dedupe.imaging.wire_renditions import MAX_RENDITIONS_BYTES

from .protocol import (
    MAX_JSON_BYTES,
    TRAILER_BYTES,
    Caps,
    Ending,
    Job,
    decode_trailer,
    encode_request,
)

_ROOT = Path(__file__).resolve().parent.parent.parent
_MAX_ANSWER_BYTES = 4 + MAX_JSON_BYTES + MAX_RENDITIONS_BYTES + TRAILER_BYTES
_START_SECONDS = 30.0
_GRACE_SECONDS = 5.0
_JOBS_AT_ONCE = 2  # per calling process: each may take its full cap of memory
_INSTRUCTIONS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OPENCV_CPU_DISABLE", "NPY_DISABLE_CPU_FEATURES")
_MEMORY = {"MALLOC_ARENA_MAX": "1", "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
_KEPT = ("PATH", "LANG", "LD_LIBRARY_PATH", *_INSTRUCTIONS)


class JailUnavailable(Exception):
    """The jail could not be started or did not answer. Nothing is known of the file: try again later."""


class _NoAnswer(Exception):
    """The zygote died or fell silent over a job."""


class _Connection:
    """A running zygote and the socket to it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "dedupe.jail.zygote", str(theirs.fileno())]
            try:
                self.process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    env=_environment(),
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,
                )
            except OSError as error:
                ours.close()
                raise JailUnavailable("the zygote could not be started") from error
        self.socket = ours
        self._await_ready()

    def _await_ready(self) -> None:
        self.socket.settimeout(_START_SECONDS)
        try:
            ready = self.socket.recv(1) == b"R"
        except OSError:
            ready = False
        if not ready:
            self.close()
            raise JailUnavailable("the zygote ended before it was ready")
        self.socket.settimeout(_GRACE_SECONDS)

    def alive(self) -> bool:
        return self.process.poll() is None

    def close(self) -> None:
        """Close the socket, upon which the zygote ends; make sure that it does."""
        self.socket.close()
        self.process.kill()
        self.process.wait()


def _environment() -> dict[str, str]:
    """Only what Python needs, and which instructions to compute with: passwords and keys stay out of the jail.

    Other instructions round otherwise, so a comparison is the same in and out of the jail only with the same choice.
    A child lives for one job, and a third of its time went into getting memory from the system, page by page: from
    glibc 2.35 on it is had in pages of two megabytes, where the system has them (GNU C Library manual, "Memory
    Allocation Tunables"); elsewhere the word is not heeded.
    """
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, **threads, **_MEMORY, "PYTHONPATH": str(_ROOT)}


class _Jail:
    """The zygote of this process, if any."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.slots = threading.BoundedSemaphore(_JOBS_AT_ONCE)
        self.connection: _Connection | None = None

    def submit(self, request: bytes, file: int, answer: int) -> None:
        """Hand a job to the zygote, starting one if there is none that lives."""
        with self.lock:
            if self.connection is None or not self.connection.alive():
                self.discard()
                self.connection = _Connection()
            socket.send_fds(self.connection.socket, [request], [file, answer])

    def discard(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


_jail = _Jail()


def _forget_after_fork() -> None:
    """In a forked process: leave the zygote to the parent, without keeping its socket open."""
    global _jail
    if _jail.connection is not None:
        _jail.connection.socket.close()
    _jail = _Jail()


os.register_at_fork(after_in_child=_forget_after_fork)


def ask(job: Job, file: int, limits: Limits, caps: Caps) -> tuple[bytes, Ending]:
    """Have a job done on an open file, with a new zygote if the first one does not answer.

    What the child said, and how it ended. Raises JailUnavailable after two attempts, and Refused for an
    answer too long.
    """
    with _jail.slots:
        try:
            return _attempt(job, file, limits, caps)
        except _NoAnswer:
            pass
        with _jail.lock:
            _jail.discard()
        try:
            return _attempt(job, file, limits, caps)
        except _NoAnswer as error:
            raise JailUnavailable("the jail does not answer") from error


def _attempt(job: Job, file: int, limits: Limits, caps: Caps) -> tuple[bytes, Ending]:
    """One attempt at an answer. Raises _NoAnswer."""
    os.lseek(file, 0, os.SEEK_SET)
    reading, writing = os.pipe()
    try:
        try:
            _jail.submit(encode_request(limits, caps, job), file, writing)
        except (BrokenPipeError, ConnectionError, TimeoutError) as error:
            raise _NoAnswer from error
        finally:
            os.close(writing)
        data = _read_answer(reading, time.monotonic() + caps.wall_seconds + _GRACE_SECONDS)
    finally:
        os.close(reading)
    ending = decode_trailer(data)
    if ending is None:
        raise _NoAnswer
    return data[:-TRAILER_BYTES], ending


def _read_answer(reading: int, deadline: float) -> bytes:
    """All that comes down the pipe, within a bound of bytes and of time."""
    parts: list[bytes] = []
    size = 0
    poll = select.poll()
    poll.register(reading, select.POLLIN)
    while poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        part = os.read(reading, 1 << 16)
        size += len(part)
        if not part:
            return b"".join(parts)
        if size > _MAX_ANSWER_BYTES:
            raise Refused(Refusal.BROKEN, "the jail's answer is too long")
        parts.append(part)
    raise _NoAnswer
