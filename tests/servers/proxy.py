"""A TCP proxy that misbehaves on demand: between our processes and Postgres, the broker or the S3 server."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

_CHUNK = 1 << 16
_ABORT = struct.pack("ii", 1, 0)
"""SO_LINGER of no time: closing sends a reset, not an end."""


@dataclass(eq=False)
class _Pair:
    """One connection."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter | None = None
    half_open: bool = False

    def reset(self) -> None:
        for writer in (self.client, self.server):
            if writer is not None:
                with contextlib.suppress(OSError):
                    peer = writer.get_extra_info("socket")
                    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
                writer.transport.abort()


class Proxy:
    """Listens on a port of its own and passes everything on to another, until told otherwise.

    The faults hold until ``mend``; they may be set from any thread, and take hold before the call returns.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._pairs: set[_Pair] = set()
        self._delay = 0.0
        self._left: int | None = None
        self._answer: bytes | None = None
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True, name=f"proxy of {target}").start()
        self._flowing = self._do(self._make_event())
        self.port = 0
        self._server = self._do(self._listen())

    def close(self) -> None:
        """Reset everything and stop listening."""
        self.refuse()
        self._loop.call_soon_threadsafe(self._loop.stop)

    def mend(self) -> None:
        """Pass everything on again; connections that still stand go on where they stopped."""
        self._do(self._mend())

    def slow(self, seconds: float) -> None:
        """Each piece of data takes so much longer, in both directions."""
        self._delay = seconds

    def silence(self) -> None:
        """Take connections and data, and pass nothing on."""
        self._do(self._silence())

    def forget(self) -> None:
        """Leave the present connections open for ever without another word; new ones work."""
        self._do(self._forget())

    def reset(self) -> None:
        """Break off the present connections; new ones work."""
        self._do(self._reset())

    def refuse(self) -> None:
        """Break off the present connections and take no others: nobody listens."""
        self._do(self._refuse())

    def cut_after(self, size: int) -> None:
        """Let the server say so many bytes more, in all; then break off whoever hears the next one."""
        self._left = size

    def answer(self, data: bytes) -> None:
        """Answer whatever is said with these bytes, in place of the server, and close."""
        self._answer = data
        self.reset()

    def _do(self, act: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(act, self._loop).result(10)

    async def _make_event(self) -> asyncio.Event:
        event = asyncio.Event()
        event.set()
        return event

    async def _listen(self) -> asyncio.Server:
        server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _mend(self) -> None:
        self._delay, self._left, self._answer = 0.0, None, None
        self._flowing.set()
        if not self._server.is_serving():
            self._server = await self._listen()

    async def _silence(self) -> None:
        self._flowing.clear()

    async def _forget(self) -> None:
        for pair in self._pairs:
            pair.half_open = True

    async def _reset(self) -> None:
        for pair in list(self._pairs):
            pair.reset()

    async def _refuse(self) -> None:
        self._server.close()
        await self._reset()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pair = _Pair(writer)
        self._pairs.add(pair)
        try:
            await self._flowing.wait()
            if self._answer is not None:
                await self._answer_itself(reader, writer)
                return
            from_server, pair.server = await asyncio.open_connection("127.0.0.1", self._target)
            there = self._pump(pair, reader, pair.server, counted=False)
            back = self._pump(pair, from_server, writer, counted=True)
            await asyncio.gather(there, back)
        except OSError:
            pair.reset()
        finally:
            self._pairs.discard(pair)
            for each in (writer, pair.server):
                if each is not None:
                    each.close()

    async def _answer_itself(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(_CHUNK)
        writer.write(self._answer or b"")
        await writer.drain()

    async def _pump(
        self, pair: _Pair, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool
    ) -> None:
        """One direction, until its end."""
        while data := await reader.read(_CHUNK):
            if self._delay:
                await asyncio.sleep(self._delay)
            await self._flowing.wait()
            if pair.half_open:
                continue
            if counted and self._left is not None:
                whole, data = len(data), data[: self._left]
                self._left -= len(data)
                if len(data) < whole:
                    pair.reset()
                    return
            writer.write(data)
            await writer.drain()
        if not pair.half_open:
            writer.write_eof()
