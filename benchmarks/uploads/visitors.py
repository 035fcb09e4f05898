"""Visitors who cost little themselves: plain HTTP/1.1 over kept connections, in one process beside the site's."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_HOST = "127.0.0.1"


@dataclass
class Answers:
    """What came back: seconds of each answer, and how many there were of each status."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    elapsed: float = 0.0

    def note(self, status: int, seconds: float) -> None:
        self.seconds.append(seconds)
        self.statuses[status] = self.statuses.get(status, 0) + 1

    @property
    def rate(self) -> float:
        """Answers in a second."""
        return len(self.seconds) / self.elapsed if self.elapsed else 0.0

    def quantile(self, share: float) -> float:
        """Milliseconds within which this share of the answers came."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else 0.0


class Connection:
    """One kept connection; a new one is made where the server has closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """The status and the body."""
        for attempt in (1, 2):
            if self._streams is None:
                self._streams = await asyncio.open_connection(_HOST, self._port)
            reader, writer = self._streams
            try:
                writer.write(request)
                await writer.drain()
                return await self._answer(reader)
            except (ConnectionError, asyncio.IncompleteReadError):
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[int, bytes]:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head[9:12])
        length = 0
        if (at := head.find(b"content-length:")) >= 0:
            length = int(head[at + 15 : head.index(b"\r\n", at)])
            body = await reader.readexactly(length)
        elif b"transfer-encoding: chunked" in head:
            body = await _chunks(reader)
        else:
            body = b""
        if b"connection: close" in head:
            self.close()
        return status, body

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readexactly(2)
    return body


def get(path: str, port: int, key: str = "") -> bytes:
    """A request for a page."""
    authorization = f"Authorization: Bearer {key}\r\n" if key else ""
    return f"GET {path} HTTP/1.1\r\nHost: {_HOST}:{port}\r\n{authorization}\r\n".encode()


def post_upload(data: bytes, port: int, key: str) -> bytes:
    """A request that uploads a file as a program does."""
    body = (
        b'--end-of-a-part\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n" + data + b"\r\n--end-of-a-part--\r\n"
    )
    head = (
        f"POST /api/v1/uploads HTTP/1.1\r\nHost: {_HOST}:{port}\r\nAuthorization: Bearer {key}\r\n"
        f'Content-Type: multipart/form-data; boundary="end-of-a-part"\r\nContent-Length: {len(body)}\r\n\r\n'
    )
    return head.encode() + body


async def read_pages(
    port: int,
    requests: Sequence[bytes],
    *,
    connections: int,
    until: Callable[[], bool],
    per_second: float = 0,
) -> Answers:
    """Ask in turns until told to stop: as fast as answers come, or so often a second, late answers counted late."""
    answers, began, turn = Answers(), time.perf_counter(), iter(range(10**9))

    async def visit() -> None:
        connection = Connection(port)
        while not until():
            number = next(turn)
            due = began + number / per_second if per_second else time.perf_counter()
            if (pause := due - time.perf_counter()) > 0:
                await asyncio.sleep(pause)
            status, _ = await connection.ask(requests[number % len(requests)])
            answers.note(status, time.perf_counter() - due)
        connection.close()

    await asyncio.gather(*(visit() for _ in range(connections)))
    answers.elapsed = time.perf_counter() - began
    return answers


async def upload_all(port: int, files: Sequence[bytes], keys: Sequence[str], *, connections: int) -> Answers:
    """Upload every file once; who is told to come later (429, 503) does so."""
    answers, began = Answers(), time.perf_counter()
    queue = list(enumerate(files))[::-1]

    async def send() -> None:
        connection = Connection(port)
        while queue:
            number, data = queue.pop()
            request = post_upload(data, port, keys[number % len(keys)])
            started = time.perf_counter()
            status, _ = await connection.ask(request)
            while status in {429, 503}:
                await asyncio.sleep(1)
                status, _ = await connection.ask(request)
            answers.note(status, time.perf_counter() - started)
        connection.close()

    await asyncio.gather(*(send() for _ in range(connections)))
    answers.elapsed = time.perf_counter() - began
    return answers
