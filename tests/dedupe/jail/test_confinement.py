"""Behind the filter a process can compute, and nothing else."""

import ctypes
import errno
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dedupe.jail import confinement
from dedupe.jail.confinement import _AARCH64, _X86_64, _instructions, _Numbers, only_compute

ON_LINUX = pytest.mark.skipif(not confinement.is_possible(), reason="this system filters no calls")
ALLOW, FAIL, KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000


def confined(act: Callable[[], object]) -> str:
    """What the act ends with in a confined process: 'done', or the name of its error."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            assert only_compute()
            act()
            os.write(writing, b"done")
        except OSError as error:
            os.write(writing, errno.errorcode[error.errno or 0].encode())
        except BaseException as error:
            os.write(writing, type(error).__name__.encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read().decode()
    os.waitpid(pid, 0)
    return answer


def read_memory_of_parent() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(16, os.getppid(), 0, 0) < 0:  # PTRACE_ATTACH
        raise OSError(ctypes.get_errno(), "ptrace")


@ON_LINUX
@pytest.mark.parametrize(
    "act",
    [
        lambda: Path("/etc/passwd").read_bytes(),
        lambda: Path("/proc/self/environ").read_bytes(),
        lambda: Path("/tmp/doppel-confined").write_bytes(b"x"),
        lambda: list(Path("/").iterdir()),
        lambda: Path("/etc/passwd").rename("/tmp/doppel-confined"),
        lambda: socket.socket(),
        lambda: socket.socketpair(),
        os.fork,
        lambda: os.execv("/bin/true", ["true"]),
        lambda: os.kill(os.getppid(), signal.SIGTERM),
        lambda: os.memfd_create("name"),
        lambda: os.chdir("/"),
        lambda: os.setuid(65534),
        read_memory_of_parent,
    ],
    ids=[
        *(
            "read",
            "environment",
            "write",
            "list",
            "rename",
            "socket",
            "socket pair",
            "fork",
            "execute",
            "signal",
        ),
        *("memory file", "change folder", "change user", "trace"),
    ],
)
def test_everything_but_computing_is_forbidden(act: Callable[[], object]) -> None:
    assert confined(act) == "EPERM"


@ON_LINUX
def test_computing_goes_on() -> None:
    def compute() -> None:
        assert sum(range(1000)) == 499_500
        assert len(bytearray(64 * 1024 * 1024)) == 64 * 1024 * 1024
        assert os.urandom(8)

    assert confined(compute) == "done"


@ON_LINUX
def test_what_is_open_can_still_be_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"picture")
    with (tmp_path / "file").open("rb") as opened:

        def read() -> None:
            assert os.fdopen(opened.fileno(), "rb", closefd=False).read() == b"picture"

        assert confined(read) == "done"


def verdict(program: bytes, architecture: int, call: int) -> int:
    """What the filter says to a call: a machine for the three instructions that it is made of."""
    data = {0: call, 4: architecture}
    at = loaded = 0
    while True:
        code, if_so, if_not, operand = struct.unpack_from("=HBBI", program, 8 * at)
        if code == 0x06:
            return int(operand)
        if code == 0x20:
            loaded, at = data[operand], at + 1
        else:
            assert code == 0x15
            at += 1 + (if_so if loaded == operand else if_not)


@pytest.mark.parametrize("numbers", [_X86_64, _AARCH64], ids=["x86-64", "AArch64"])
def test_the_filter_lets_the_calls_of_its_table_pass_and_no_other(numbers: _Numbers) -> None:
    program = _instructions(numbers)
    passing = {call for call in range(600) if verdict(program, numbers.architecture, call) == ALLOW}
    assert passing == set(numbers.calls.values())
    assert verdict(program, numbers.architecture, 0x40000000) == FAIL, "the same call by its x32 number"
    other = (_X86_64 if numbers is _AARCH64 else _AARCH64).architecture
    assert {verdict(program, other, call) for call in numbers.calls.values()} == {KILL}


def test_both_processors_keep_the_same_calls() -> None:
    assert set(_X86_64.calls) == set(_AARCH64.calls)


def test_elsewhere_nothing_is_filtered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confinement, "_FILTER", None)
    assert not confinement.is_possible()
    assert not only_compute()


_IMPORTS = r"""
import sys
from dedupe.imaging import Limits
from dedupe.jail import child, zygote
from tests import pictures as p
zygote.warm_up()
photo = p.landscape(1, 900, 640)
files = [
    p.encoded(photo, "JPEG"), p.encoded(photo.convert("CMYK"), "JPEG"), p.encoded(photo.convert("L"), "JPEG"),
    p.encoded(photo, "JPEG", icc_profile=p.swapped_profile()), p.oriented(photo, 6, "JPEG"),
    p.encoded(photo), p.encoded(p.cutout()), p.encoded(photo.quantize(16)), p.encoded(photo.convert("1")),
    p.oriented(photo, 3), p.encoded(photo, "WEBP"), p.encoded(p.cutout(), "WEBP"), p.encoded(photo, "AVIF"),
    p.encoded(photo, "GIF"), *(p.animation(kind, [p.landscape(s, 90, 60) for s in range(1, 6)]) for kind in
    ("PNG", "WEBP", "GIF")), b"no picture", p.encoded(photo, "JPEG")[:-5000], p.encoded(photo)[:-500],
    p.encoded(photo, "JPEG", exif=b"Exif\0\0garbage"), p.encoded(photo, "WEBP")[:-500],
]
before = set(sys.modules)
for file in files:
    child.answer_for(file, Limits())
print(sorted(set(sys.modules) - before))
"""


def test_nothing_is_imported_once_the_children_are_forked() -> None:
    """It could not be: an import opens files."""
    done = subprocess.run([sys.executable, "-c", _IMPORTS], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
