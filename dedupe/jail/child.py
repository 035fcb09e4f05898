"""The life of a jailed child: give up what it does not need, read a file, answer, end."""

import contextlib
import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import NoReturn

from dedupe.imaging import Limits, Refusal, Refused, analyse, to_json
from dedupe.imaging.finer import avif_renditions, full_rendition

from .comparing import comparisons_of, map_of, words_in
from .confinement import only_compute
from .protocol import Caps, Job, encode_answer
from .rendering import finer_of

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_OPEN_FILES = 32
_MEMORY_EXIT = 71


def run(file: int, answer: int, job: Job, limits: Limits, caps: Caps, parent: int) -> NoReturn:
    """Do a job on the file of one descriptor and write the answer to another; never returns."""
    status = 1
    try:
        restrict(caps, parent)
        write_all(answer, answer_for(read_all(file, limits.max_bytes + 1), limits, job))
        status = 0
    except MemoryError:
        status = _MEMORY_EXIT
    finally:
        os._exit(status)


def restrict(caps: Caps, parent: int) -> None:
    """Cap this process, for good. What a platform does not know is left out."""
    _die_with(parent)
    for name, soft, hard in (
        ("RLIMIT_CORE", 0, 0),
        ("RLIMIT_FSIZE", 0, 0),
        ("RLIMIT_NOFILE", _OPEN_FILES, _OPEN_FILES),
        ("RLIMIT_NPROC", 0, 0),
        ("RLIMIT_CPU", caps.cpu_seconds, caps.cpu_seconds + 1),
        ("RLIMIT_AS", caps.address_space, caps.address_space),
    ):
        kind = getattr(resource, name, None)
        if kind is not None:  # RLIMIT_CPU is 0
            # Darwin refuses some of these, and no one may raise a bound that stands already.
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(kind, (soft, hard))
    only_compute()


def _die_with(parent: int) -> None:
    """Ask Linux to kill this process when its parent dies; end now if that has happened already."""
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def leave_network() -> bool:
    """Move this process into a network namespace of its own, empty; False where that is not allowed."""
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None)
    return any(libc.unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET))


def answer_for(data: bytes, limits: Limits, job: Job = Job.ANALYSE) -> bytes:
    """The answer to a file: what its job gives, or why it is refused."""
    try:
        return _DOING[job](data, limits)
    except Refused as refused:
        return refusal_answer(refused)


def _analysis_of(data: bytes, limits: Limits) -> bytes:
    analysis = analyse(data, limits)
    return encode_answer({"analysis": to_json(analysis)}, [r.data for r in analysis.renditions])


_DOING: dict[Job, Callable[[bytes, Limits], bytes]] = {
    Job.ANALYSE: _analysis_of,
    Job.COMPARE: lambda data, limits: comparisons_of(data),
    Job.WORDS: lambda data, limits: words_in(data),
    Job.MAP: lambda data, limits: map_of(data),
    Job.AVIF: lambda data, limits: finer_of(data, limits, avif_renditions),
    Job.FULL: lambda data, limits: finer_of(data, limits, full_rendition),
}


def refusal_answer(refused: Refused) -> bytes:
    """A refusal as an answer."""
    return encode_answer({"refused": refused.refusal.value, "detail": refused.detail}, [])


def refusal_in(value: object, detail: object) -> Refused:
    """The refusal that an answer states. Raises ValueError if there is no such refusal."""
    if not isinstance(value, str) or not isinstance(detail, str):
        raise ValueError("not a refusal")
    printable = "".join(c if c.isprintable() else "?" for c in detail[:200])
    return Refused(Refusal(value), printable)


def read_all(file: int, most: int) -> bytes:
    """Up to ``most`` bytes of a descriptor."""
    with os.fdopen(file, "rb") as opened:
        return opened.read(most)


def write_all(answer: int, data: bytes) -> None:
    """All the bytes, to a descriptor."""
    view = memoryview(data)
    while view:
        view = view[os.write(answer, view) :]
