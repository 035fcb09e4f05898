"""Real sites on this machine, good ones and bad ones, and the guard that lets tests reach them."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from dedupe.fetching import Guard
from dedupe.fetching.networks import networks

Answer = Callable[[socket.socket], None]
HERE = networks("127.0.0.1/32")


@contextmanager
def site(answer: Answer, secured: Callable[[socket.socket], socket.socket] | None = None) -> Iterator[int]:
    """Serve every connection by ``answer``, after its request was read; the port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=[server, answer, secured], daemon=True).start()
        yield server.getsockname()[1]


def _serve(server: socket.socket, answer: Answer, secured: Any) -> None:
    while True:
        try:
            visitor, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_answer, args=[visitor, answer, secured], daemon=True).start()


def _answer(visitor: socket.socket, answer: Answer, secured: Any) -> None:
    with suppress(OSError), visitor, secured(visitor) if secured else visitor as connection:
        asked = b""
        while b"\r\n\r\n" not in asked:
            if not (more := connection.recv(4096)):
                return
            asked += more
        requests.append(asked.decode("latin-1"))
        answer(connection)


requests: list[str] = []
"""What all sites were asked, the newest last."""


def saying(head: str, body: bytes = b"") -> Answer:
    """Answers the same to everybody."""
    return lambda connection: connection.sendall(
        head.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n" + body
    )


def giving(body: bytes) -> Answer:
    return saying(f"HTTP/1.1 200 OK\nContent-Length: {len(body)}\nContent-Type: text/html", body)


def redirecting(to: str, status: int = 302) -> Answer:
    return saying(f"HTTP/1.1 {status} Elsewhere\nLocation: {to}\nContent-Length: 0")


def dripping(head: str, drop: bytes = b"x", every: float = 0.05) -> Answer:
    """Sends the head, and then a drop from time to time, for ever."""

    def drip(connection: socket.socket) -> None:
        connection.sendall(head.replace("\n", "\r\n").encode())
        while True:
            connection.sendall(drop)
            time.sleep(every)

    return drip


def flooding(connection: socket.socket) -> None:
    """A body without end, as fast as it goes."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"\xff" * 65536)


def here(host: str, port: int, seconds: float) -> list[str]:
    """A name server for which every name is this machine."""
    return ["127.0.0.1"]


def guard_for(*ports: int, **bounds: Any) -> Guard:
    """A guard that reaches these ports of this machine and nothing else."""
    given: dict[str, Any] = {"seconds": 5, "look_up": here, "trusted": HERE, "ports": set(ports)}
    return Guard(**given | bounds)
