"""A warm process that forks one jailed child for each picture.

Importing numpy and Pillow takes a quarter of a second, forking a few milliseconds: so the imports are
done once, here, in a process that has no Django, no database and no secrets in its environment. It
lives as long as the socket to its client; when that closes, because the client ended or was killed,
it kills its children and ends.

    python -m dedupe.jail.zygote DESCRIPTOR
"""

import contextlib
import gc
import os
import select
import signal
import socket
import sys
import time
from dataclasses import dataclass
from io import BytesIO

from PIL import AvifImagePlugin, Image

from dedupe.imaging import Format, Limits

from . import child
from .protocol import REQUEST_BYTES, Caps, Ending, Job, decode_request, encode_trailer

_KIB = 1 if sys.platform == "darwin" else 1024  # unit of ru_maxrss
_READY = b"R"


@dataclass
class _Job:
    """A running child: its answer pipe, when it must be done (monotonic seconds), whether it was late."""

    answer: int
    deadline: float
    timed_out: bool = False


class Zygote:
    """Takes requests from ``control`` and keeps one child per request under its clock."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._jobs: dict[int, _Job] = {}
        self._woken, self._wake = os.pipe()

    def serve(self) -> None:
        """Work until the client closes its end."""
        self._listen_for_deaths()
        self._control.sendall(_READY)
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(self._woken, select.POLLIN)
        open_ = True
        while open_:
            for descriptor, _ in poll.poll(self._milliseconds_left()):
                if descriptor == self._woken:
                    os.read(self._woken, 4096)
                else:
                    open_ = self._take_request()
            self._reap()
            self._kill_late()
        self._kill_all()

    def _listen_for_deaths(self) -> None:
        os.set_blocking(self._wake, False)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def _milliseconds_left(self) -> int | None:
        """Time until the next child is late; None without children, which waits for ever."""
        if not self._jobs:
            return None
        left = min(job.deadline for job in self._jobs.values()) - time.monotonic()
        return max(0, int(left * 1000) + 1)

    def _take_request(self) -> bool:
        """Start the child of one request; False when the client is gone."""
        received = self._receive()
        if received is None:
            return False
        message, (file, answer) = received
        try:
            job, limits, caps = decode_request(message)
            self._start(file, answer, job, limits, caps)
        except (OSError, ValueError, KeyError, TypeError):
            os.close(answer)  # an answer without a trailer tells the client that the job did not run
        os.close(file)
        return True

    def _receive(self) -> tuple[bytes, list[int]] | None:
        message, descriptors, _, _ = socket.recv_fds(self._control, REQUEST_BYTES, 2)
        while message and len(message) < REQUEST_BYTES:
            more = self._control.recv(REQUEST_BYTES - len(message))
            message = message + more if more else b""
        return (message, descriptors) if len(descriptors) == 2 and message else None

    def _start(self, file: int, answer: int, job: Job, limits: Limits, caps: Caps) -> None:
        deadline = time.monotonic() + caps.wall_seconds
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._shed()
            child.run(file, answer, job, limits, caps, parent)
        self._jobs[pid] = _Job(answer, deadline)

    def _shed(self) -> None:
        """In the child: drop what belongs to the zygote, among it the pipes of other children."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._control.close()
        for descriptor in (self._woken, self._wake, *(job.answer for job in self._jobs.values())):
            os.close(descriptor)

    def _reap(self) -> None:
        for pid, job in list(self._jobs.items()):
            reaped, status, usage = os.wait4(pid, os.WNOHANG)
            if reaped:
                del self._jobs[pid]
                cpu = usage.ru_utime + usage.ru_stime
                _finish(job, Ending(job.timed_out, status, cpu, usage.ru_maxrss * _KIB))

    def _kill_late(self) -> None:
        now = time.monotonic()
        for pid, job in self._jobs.items():
            if job.deadline <= now:
                job.timed_out = True
                job.deadline = now + 1
                os.kill(pid, signal.SIGKILL)

    def _kill_all(self) -> None:
        for pid in self._jobs:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _finish(job: _Job, ending: Ending) -> None:
    with contextlib.suppress(BrokenPipeError):  # the client no longer waits
        child.write_all(job.answer, encode_trailer(ending))
    os.close(job.answer)


def warm_up() -> None:
    """Load every decoder and table before the first fork, so that no child has to."""
    # A child may start no threads.
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    picture = Image.linear_gradient("L").convert("RGB")
    for kind in Format:
        file = BytesIO()
        picture.save(file, kind.name)
        child.answer_for(file.getvalue(), Limits())
    gc.collect()
    gc.freeze()


def main(descriptor: int) -> None:
    """Serve the client at the other end of a socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the client, which then closes the socket
    with socket.socket(fileno=descriptor) as control:
        warm_up()
        child.leave_network()
        Zygote(control).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]))
