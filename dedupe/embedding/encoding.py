"""Values as bytes in the database, and back; what does not fit the embedder is refused on both ways."""

from __future__ import annotations

import numpy as np

from .interface import Embedder, EmbedderFailed, Kind, Value

_STORED = np.dtype("<f4")


def stored_bytes(embedder: Embedder) -> int:
    """How many bytes a stored value has: one for eight bits, four for each number of a vector."""
    return embedder.size // 8 if embedder.kind is Kind.BITS else embedder.size * _STORED.itemsize


def checked(embedder: Embedder, value: object) -> Value:
    """The value, if it is what the embedder promises. Raises EmbedderFailed, with what it is instead."""
    if embedder.kind is Kind.BITS:
        if not isinstance(value, bytes):
            raise EmbedderFailed(f"{embedder.name} gave {type(value).__name__} instead of bytes")
        if len(value) * 8 != embedder.size:
            raise EmbedderFailed(f"{embedder.name} gave {len(value) * 8} bits instead of {embedder.size}")
        return value
    if not isinstance(value, np.ndarray) or value.dtype != np.float32 or value.shape != (embedder.size,):
        raise EmbedderFailed(f"{embedder.name} gave {_told(value)} instead of float32[{embedder.size}]")
    if not np.isfinite(value).all():
        raise EmbedderFailed(f"{embedder.name} gave a vector with infinite or undefined numbers")
    return value


def _told(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype}[{', '.join(map(str, value.shape))}]"
    return type(value).__name__


def encode(value: Value) -> bytes:
    """A value as it is stored: bits as they are, a vector as little-endian float32."""
    return value if isinstance(value, bytes) else value.astype(_STORED).tobytes()


def decode(embedder: Embedder, data: bytes) -> Value:
    """The value of stored bytes. Raises EmbedderFailed when they cannot come from this embedder."""
    if len(data) != stored_bytes(embedder):
        raise EmbedderFailed(
            f"{len(data)} stored bytes cannot be a value of {embedder.name}, which has {stored_bytes(embedder)}"
        )
    if embedder.kind is Kind.BITS:
        return data
    return checked(embedder, np.frombuffer(data, _STORED).astype(np.float32))
