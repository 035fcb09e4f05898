"""Analyse and compare pictures in processes that can be killed.

Each job goes through this process's zygote (``connection``), from several threads at the same time if
need be; what comes back is believed no further than it makes sense.
"""

import hashlib
import os
import signal
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dedupe.imaging import Analysis, Comparison, Limits, Refusal, Refused, ViewFile, ViewWords, from_json
from dedupe.imaging.finer import Finer
from dedupe.imaging.wire import words_from_json
from dedupe.imaging.wire_renditions import split

from .child import refusal_in
from .comparing import Views, decode_comparisons, decode_map, encode_comparing, encode_mapping
from .connection import JailUnavailable, ask
from .protocol import Caps, Ending, Job, decode_answer
from .rendering import decode_finer

__all__ = [
    "Caps",
    "ChildKilled",
    "JailUnavailable",
    "Jailed",
    "analyse_file",
    "compare_views",
    "map_differences",
    "render_file",
    "words_of_view",
]

_LIMITS, _CAPS = Limits(), Caps()


class ChildKilled(Exception):
    """The child was killed from outside, by a person or by a system without memory: one attempt is lost."""


@dataclass(frozen=True)
class Jailed:
    """An analysis, with the peak resident memory (bytes) and the wall time (seconds) that it took."""

    analysis: Analysis
    peak_memory_bytes: int
    seconds: float


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
        answer, ending = ask(Job.ANALYSE, file.fileno(), limits, caps)
    analysis = _analysis_in(_interpret(answer, ending, caps))
    if analysis.checksum != checksum:
        raise Refused(Refusal.BROKEN, "the jail answered for another file")
    return Jailed(analysis, ending.peak_memory_bytes, time.monotonic() - started)


def render_file(path: Path, job: Job, caps: Caps = _CAPS) -> Finer:
    """Make the renditions of AVIF or FULL from a picture file. Raises as ``analyse_file`` does."""
    with path.open("rb") as file:
        answer, ending = ask(job, file.fileno(), _LIMITS, caps)
    value, blobs = _interpret(answer, ending, caps)
    try:
        return decode_finer(job, value, blobs)
    except ValueError as error:
        raise _nonsense(error) from error


def compare_views(query: Views, stored: Sequence[Views], caps: Caps | None = None) -> list[Comparison | None]:
    """Compare the views of one picture with those of each of some stored ones, in one child; answers in their order.

    None stands for a picture that cannot be laid over the other. Unless told otherwise the time grows with the number
    of views. Raises Refused, ChildKilled, JailUnavailable as ``analyse_file`` does; a view that cannot be read is
    BROKEN.
    """
    caps = caps or _caps_for(sum(map(len, (query, *stored))))
    value, _ = _answer_to(Job.COMPARE, encode_comparing(query, stored), caps)
    try:
        return decode_comparisons(value, len(stored))
    except ValueError as error:
        raise _nonsense(error) from error


def map_differences(stored: ViewFile, query: ViewFile, matrix: Sequence[float], caps: Caps = _CAPS) -> bytes:
    """Where two views differ, as a PNG file to be laid over the stored one (``dedupe.imaging.heat_map``).

    Raises as ``compare_views`` does; views that do not overlap are BROKEN.
    """
    value, blobs = _answer_to(Job.MAP, encode_mapping(stored, query, matrix), caps)
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
    value, _ = _answer_to(Job.WORDS, view.data, caps)
    try:
        return words_from_json(value["words"])
    except (ValueError, KeyError, TypeError) as error:
        raise _nonsense(error) from error


def _answer_to(job: Job, data: bytes, caps: Caps) -> tuple[dict[str, Any], bytes]:
    """What a child says to a job on bytes that we hold."""
    try:
        with tempfile.TemporaryFile(prefix="doppel-") as file:
            file.write(data)
            file.flush()
            answer, ending = ask(job, file.fileno(), _LIMITS, caps)
    except OSError as error:
        raise JailUnavailable(f"no place for its work: {error}") from error
    return _interpret(answer, ending, caps)


def _checked_checksum(path: Path, limits: Limits) -> str:
    """SHA-256 of the file, so that not even the checksum is taken on the jail's word."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if not size:
            raise Refused(Refusal.EMPTY)
        if size > limits.max_bytes:
            raise Refused(Refusal.TOO_MANY_BYTES, f"{size} bytes")
        return hashlib.file_digest(file, "sha256").hexdigest()


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


def _split(value: dict[str, Any], blobs: bytes) -> list[bytes]:
    """Cut the bytes behind the JSON into the renditions that it announces. Raises ValueError."""
    try:
        return split([each["bytes"] for each in value["analysis"]["renditions"]], blobs)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no renditions") from error
