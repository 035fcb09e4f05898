"""What client, zygote and child say to one another. Nothing is pickled.

A request is one message of fixed size on a stream socket, with two descriptors beside it (the picture
file, the pipe for the answer). The answer on the pipe is what the child wrote (a length, JSON, the
rendition bytes), followed by a trailer of fixed size, which the zygote writes after the child's death.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from dedupe.imaging import Format, Limits

REQUEST_BYTES = 4096
MAX_JSON_BYTES = 256 * 1024
_TRAILER = struct.Struct("!4s?idQ")
_MAGIC = b"JAIL"
TRAILER_BYTES = _TRAILER.size


class Job(StrEnum):
    """What a child is asked to do with its file."""

    ANALYSE = "analyse"
    """The file is a picture."""
    COMPARE = "compare"
    """The file holds the views of one picture and of several others (``comparing``)."""
    WORDS = "words"
    """The file is a view."""
    MAP = "map"
    """The file holds two views and how the one lies on the other (``comparing``)."""
    AVIF = "avif"
    """The file is a picture, to be shown (``rendering``)."""
    FULL = "full"
    """The file is a picture, to be looked at closely (``rendering``)."""


@dataclass(frozen=True)
class Caps:
    """What one job may use: bytes of address space, seconds of processor and of wall time."""

    address_space: int = 1024**3
    cpu_seconds: int = 10
    wall_seconds: float = 20.0


@dataclass(frozen=True)
class Ending:
    """How a child ended: by the clock or not, its wait status, processor seconds and peak bytes."""

    timed_out: bool
    status: int
    cpu_seconds: float
    peak_memory_bytes: int


def encode_request(limits: Limits, caps: Caps, job: Job = Job.ANALYSE) -> bytes:
    """A request of exactly ``REQUEST_BYTES``, padded with spaces."""
    # asdict would copy the mapping, which a mapping proxy does not allow.
    plain = {**vars(limits), "max_pixels": {str(k): v for k, v in limits.max_pixels.items()}}
    return json.dumps({"job": job, "limits": plain, "caps": asdict(caps)}).encode().ljust(REQUEST_BYTES)


def decode_request(message: bytes) -> tuple[Job, Limits, Caps]:
    """Job, limits and caps of a request. Raises ValueError, KeyError or TypeError if it is none."""
    value: Mapping[str, Any] = json.loads(message)
    limits = dict(value["limits"])
    limits["max_pixels"] = {Format(k): v for k, v in limits["max_pixels"].items()}
    return Job(value["job"]), Limits(**limits), Caps(**value["caps"])


def encode_trailer(ending: Ending) -> bytes:
    """The zygote's last words on a job."""
    return _TRAILER.pack(
        _MAGIC, ending.timed_out, ending.status, ending.cpu_seconds, ending.peak_memory_bytes
    )


def decode_trailer(data: bytes) -> Ending | None:
    """The ending told by the last bytes of an answer; None if the zygote did not finish it."""
    if len(data) < TRAILER_BYTES:
        return None
    magic, timed_out, status, cpu_seconds, peak = _TRAILER.unpack(data[-TRAILER_BYTES:])
    return Ending(timed_out, status, cpu_seconds, peak) if magic == _MAGIC else None


def encode_answer(value: Mapping[str, Any], blobs: list[bytes]) -> bytes:
    """JSON with its length before it and the blobs behind it."""
    text = json.dumps(value).encode()
    return b"".join([len(text).to_bytes(4, "big"), text, *blobs])


def decode_answer(data: bytes) -> tuple[dict[str, Any], bytes]:
    """The JSON object of an answer and the bytes behind it. Raises ValueError if it is malformed."""
    size = int.from_bytes(data[:4], "big")
    if len(data) < 4 or not 2 <= size <= min(MAX_JSON_BYTES, len(data) - 4):
        raise ValueError("answer cut off or too long")
    try:
        value = json.loads(data[4 : 4 + size])
    except RecursionError as error:
        raise ValueError("answer nested too deeply") from error
    if not isinstance(value, dict):
        raise ValueError("answer is not an object")
    return value, data[4 + size :]
