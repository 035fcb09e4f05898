"""Analyse and compare pictures in processes that can be killed.

Each calling process has one zygote (``dedupe.jail.zygote``), started at the first call, started again
if it is found dead, and left behind by a fork: the forked process starts its own. Threads may call at
the same time.
"""

import hashlib
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dedupe.imaging import Analysis, Comparison, Limits, Refusal, Refused, ViewFile, ViewWords, from_json
from dedupe.imaging.wire import MAX_RENDITIONS_BYTES, words_from_json

from .child import refusal_in
from .comparing import Views, decode_comparisons, decode_map, encode_comparing, encode_mapping
from .protocol import (
    MAX_JSON_BYTES,
    TRAILER_BYTES,
    Caps,
    Ending,
    Job,
    decode_answer,
    decode_trailer,
    encode_request,
)

__all__ = [
    "Caps",
    "ChildKilled",
    "JailUnavailable",
    "Jailed",
    "analyse_file",
    "compare_views",
    "map_differences",
    "words_of_view",
]

_ROOT = Path(__file__).resolve().parent.parent.parent
_MAX_ANSWER_BYTES = 4 + MAX_JSON_BYTES + MAX_RENDITIONS_BYTES + TRAILER_BYTES
_START_SECONDS = 30.0
_GRACE_SECONDS = 5.0
_JOBS_AT_ONCE = 2  # per calling process: each may take its full cap of memory
_LIMITS, _CAPS = Limits(), Caps()


class JailUnavailable(Exception):
    """The jail could not be started or did not answer. Nothing is known of the file: try again later."""


class ChildKilled(Exception):
    """The child was killed from outside, by a person or by a system without memory: one attempt is lost."""


@dataclass(frozen=True)
class Jailed:
    """An analysis, with the peak resident memory (bytes) and the wall time (seconds) that it took."""

    analysis: Analysis
    peak_memory_bytes: int
    seconds: float


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
    """Only what Python needs: passwords and keys of the site stay out of the jail."""
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, **threads, "MALLOC_ARENA_MAX": "1", "PYTHONPATH": str(_ROOT)}


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


def analyse_file(path: Path, limits: Limits | None = None, caps: Caps = _CAPS) -> Jailed:
    """Analyse a file in a child with capped memory and time.

    Raises Refused (TOO_SLOW and TOO_MUCH_MEMORY if a cap was met, BROKEN if a decoder crashed),
    ChildKilled if it was killed from outside, JailUnavailable if no jail could be had in two attempts,
    and OSError if the file cannot be read.
    """
    limits = limits or _LIMITS
    started = time.monotonic()
    checksum = _checked_checksum(path, limits)
    with path.open("rb") as file:
        answer, ending = _do(Job.ANALYSE, file.fileno(), limits, caps)
    analysis = _analysis_in(_interpret(answer, ending, caps))
    if analysis.checksum != checksum:
        raise Refused(Refusal.BROKEN, "the jail answered for another file")
    return Jailed(analysis, ending.peak_memory_bytes, time.monotonic() - started)


def compare_views(query: Views, stored: Sequence[Views], caps: Caps | None = None) -> list[Comparison | None]:
    """Compare the views of one picture with those of each of some stored ones, in one child; answers in their order.

    None stands for a picture that cannot be laid over the other. Unless told otherwise the time grows with the number
    of views. Raises Refused, ChildKilled, JailUnavailable as ``analyse_file`` does; a view that cannot be read is
    BROKEN.
    """
    caps = caps or _caps_for(sum(map(len, (query, *stored))))
    with tempfile.TemporaryFile(prefix="doppel-") as file:
        file.write(encode_comparing(query, stored))
        file.flush()
        answer, ending = _do(Job.COMPARE, file.fileno(), _LIMITS, caps)
    value, _ = _interpret(answer, ending, caps)
    try:
        return decode_comparisons(value, len(stored))
    except ValueError as error:
        raise _nonsense(error) from error


def map_differences(stored: ViewFile, query: ViewFile, matrix: Sequence[float], caps: Caps = _CAPS) -> bytes:
    """Where two views differ, as a PNG file to be laid over the stored one (``dedupe.imaging.heat_map``).

    Raises as ``compare_views`` does; views that do not overlap are BROKEN.
    """
    with tempfile.TemporaryFile(prefix="doppel-") as file:
        file.write(encode_mapping(stored, query, matrix))
        file.flush()
        answer, ending = _do(Job.MAP, file.fileno(), _LIMITS, caps)
    value, blobs = _interpret(answer, ending, caps)
    try:
        return decode_map(value, blobs)
    except ValueError as error:
        raise _nonsense(error) from error


def _caps_for(views: int) -> Caps:
    """A view takes up to half a second, most of it for its features; an animation has five of them."""
    more = views // 2
    return replace(_CAPS, cpu_seconds=_CAPS.cpu_seconds + more, wall_seconds=_CAPS.wall_seconds + more)


def words_of_view(view: ViewFile, caps: Caps = _CAPS) -> ViewWords:
    """The words of a stored view, as in its picture's ``Analysis``. Raises as ``compare_views`` does."""
    with tempfile.TemporaryFile(prefix="doppel-") as file:
        file.write(view.data)
        file.flush()
        answer, ending = _do(Job.WORDS, file.fileno(), _LIMITS, caps)
    value, _ = _interpret(answer, ending, caps)
    try:
        return words_from_json(value["words"])
    except (ValueError, KeyError, TypeError) as error:
        raise _nonsense(error) from error


class _NoAnswer(Exception):
    """The zygote died or fell silent over a job."""


def _checked_checksum(path: Path, limits: Limits) -> str:
    """SHA-256 of the file, so that not even the checksum is taken on the jail's word."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if not size:
            raise Refused(Refusal.EMPTY)
        if size > limits.max_bytes:
            raise Refused(Refusal.TOO_MANY_BYTES, f"{size} bytes")
        return hashlib.file_digest(file, "sha256").hexdigest()


def _do(job: Job, file: int, limits: Limits, caps: Caps) -> tuple[bytes, Ending]:
    """Have a job done on an open file, with a new zygote if the first one does not answer."""
    with _jail.slots:
        try:
            return _ask(job, file, limits, caps)
        except _NoAnswer:
            pass
        with _jail.lock:
            _jail.discard()
        try:
            return _ask(job, file, limits, caps)
        except _NoAnswer as error:
            raise JailUnavailable("the jail does not answer") from error


def _ask(job: Job, file: int, limits: Limits, caps: Caps) -> tuple[bytes, Ending]:
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


def _interpret(answer: bytes, ending: Ending, caps: Caps) -> tuple[dict[str, Any], bytes]:
    """What a child said, and the bytes behind it; raises Refused for any other ending."""
    if ending.timed_out:
        raise Refused(Refusal.TOO_SLOW, f"over {caps.wall_seconds:g} s")
    if os.WIFSIGNALED(ending.status):
        raise _refusal_of_signal(os.WTERMSIG(ending.status), ending, caps)
    if code := os.waitstatus_to_exitcode(ending.status):
        refusal = Refusal.TOO_MUCH_MEMORY if code == 71 else Refusal.BROKEN
        raise Refused(refusal, f"the decoding process ended with {code}")
    try:
        value, blobs = decode_answer(answer)
        if "refused" in value:
            raise refusal_in(value["refused"], value.get("detail"))
        return value, blobs
    except ValueError as error:
        raise _nonsense(error) from error


def _analysis_in(said: tuple[dict[str, Any], bytes]) -> Analysis:
    value, blobs = said
    try:
        return from_json(value.get("analysis"), _split(value, blobs))
    except ValueError as error:
        raise _nonsense(error) from error


def _nonsense(error: Exception) -> Refused:
    return Refused(Refusal.BROKEN, f"the jail's answer makes no sense: {error}"[:200])


def _refusal_of_signal(number: int, ending: Ending, caps: Caps) -> Refused | ChildKilled:
    if number == signal.SIGXCPU or ending.cpu_seconds >= caps.cpu_seconds:
        return Refused(Refusal.TOO_SLOW, f"over {caps.cpu_seconds} s of processor time")
    if number == signal.SIGKILL:
        return ChildKilled("the decoding child was killed from outside")
    return Refused(Refusal.BROKEN, f"the decoder crashed with signal {number}")


def _split(value: dict[str, object], blobs: bytes) -> list[bytes]:
    """Cut the bytes behind the JSON into the renditions that it announces. Raises ValueError."""
    try:
        sizes = [int(r["bytes"]) for r in value["analysis"]["renditions"]]  # type: ignore[index]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no renditions") from error
    if sum(sizes) != len(blobs) or any(size < 0 for size in sizes):
        raise ValueError("renditions cut off")
    parts, at = [], 0
    for size in sizes:
        parts.append(blobs[at : at + size])
        at += size
    return parts
