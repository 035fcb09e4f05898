"""What the kernel takes away from a process that reads a file of a stranger: everything but computing.

A decoder that was taken over could read the site's keys from the environment of its neighbours or from the disk, call
other machines, or try the rest of the kernel. Behind this filter it can read and write what is open, get memory, and
end; every other call of the system fails with EPERM. (It may still ask how large a file of some name is: reading what
is open needs the same call.) Linux on x86-64 and AArch64; elsewhere nothing is filtered, and the limits of ``child``
stand alone.

The filter is a program of classic BPF (Linux, Documentation/userspace-api/seccomp_filter.rst; seccomp(2)). The numbers
of the calls are those of arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys
from collections.abc import Sequence
from typing import NamedTuple

_PR_SET_NO_NEW_PRIVS, _PR_GET_SECCOMP, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 21, 22, 2
_LOAD_WORD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_RET|K
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4  # offsets in struct seccomp_data
_ALLOW, _FAIL, _KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000


class _Numbers(NamedTuple):
    """Of one processor: what seccomp calls it (AUDIT_ARCH_…), and the numbers of the calls that stay."""

    architecture: int
    calls: dict[str, int]


# fmt: off
_X86_64 = _Numbers(0xC000003E, {
    "read": 0, "write": 1, "close": 3, "fstat": 5, "lseek": 8, "mmap": 9, "mprotect": 10, "munmap": 11, "brk": 12,
    "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "pread64": 17, "readv": 19, "writev": 20,
    "sched_yield": 24, "mremap": 25, "madvise": 28, "nanosleep": 35, "getpid": 39, "exit": 60, "getrusage": 98,
    "sigaltstack": 131, "gettid": 186, "futex": 202, "sched_getaffinity": 204, "restart_syscall": 219,
    "clock_gettime": 228, "clock_getres": 229, "clock_nanosleep": 230, "exit_group": 231, "newfstatat": 262,
    "getcpu": 309, "getrandom": 318, "membarrier": 324, "rseq": 334,
})
_AARCH64 = _Numbers(0xC00000B7, {
    "close": 57, "lseek": 62, "read": 63, "write": 64, "readv": 65, "writev": 66, "pread64": 67, "newfstatat": 79,
    "fstat": 80, "exit": 93, "exit_group": 94, "futex": 98, "nanosleep": 101, "clock_gettime": 113,
    "clock_getres": 114, "clock_nanosleep": 115, "sched_getaffinity": 123, "sched_yield": 124,
    "restart_syscall": 128, "sigaltstack": 132, "rt_sigaction": 134, "rt_sigprocmask": 135, "rt_sigreturn": 139,
    "getrusage": 165, "getcpu": 168, "getpid": 172, "gettid": 178, "brk": 214, "munmap": 215, "mremap": 216,
    "mmap": 222, "mprotect": 226, "madvise": 233, "getrandom": 278, "membarrier": 283, "rseq": 293,
})
# fmt: on
_KNOWN = {"x86_64": _X86_64, "aarch64": _AARCH64}


class _Program(ctypes.Structure):
    """struct sock_fprog: how many instructions, and where they are."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def only_compute() -> bool:
    """Filter the calls of this thread, for good; False where the system does not know how.

    What is to be imported must be imported before: no file can be opened any more.
    """
    if _FILTER is None:
        return False
    libc = _libc()
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return int(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(_FILTER), 0, 0)) == 0


def is_possible() -> bool:
    """Whether this system can filter calls, as far as it says without being asked to."""
    return _FILTER is not None and int(_libc().prctl(_PR_GET_SECCOMP, 0, 0, 0, 0)) >= 0


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)


def _instructions(numbers: _Numbers) -> bytes:
    """Kill what calls as another processor does; let the calls in the table pass; fail all others."""
    calls = sorted(numbers.calls.values())
    program = [
        (_LOAD_WORD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_IF_EQUAL, 1, 0, numbers.architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD_WORD, 0, 0, _NUMBER_AT),
        *((_JUMP_IF_EQUAL, len(calls) - place, 0, call) for place, call in enumerate(calls)),
        (_RETURN, 0, 0, _FAIL),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return _packed(program)


def _packed(program: Sequence[tuple[int, int, int, int]]) -> bytes:
    """struct sock_filter: code, jump if true, jump if false, operand."""
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def _filter() -> _Program | None:
    numbers = _KNOWN.get(platform.machine()) if sys.platform == "linux" else None
    if numbers is None:
        return None
    instructions = _instructions(numbers)
    return _Program(len(instructions) // 8, instructions)


_FILTER = _filter()
