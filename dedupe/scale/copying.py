"""Rows by the hundred thousand into a table: Postgres' binary COPY, written from arrays.

The format is the documentation's (COPY, "Binary Format"): a signature, for each row the number of fields and each
field behind its length, and a trailer. All rows of a block are equally long here, so a block is one array of bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
from django.db import connection

Bytes = npt.NDArray[np.uint8]
Block = Mapping[str, Bytes]
"""Columns by name: uint8[n, width] as Postgres sends the type."""

SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
_FLOAT8 = 701  # the number of the type in pg_type


def copy_in(table: str, blocks: Iterable[Block]) -> int:
    """Append the blocks, which have the same columns, to a table. Returns how many rows these were."""
    rows = 0
    with connection.cursor() as cursor:
        for block in blocks:
            rows += len(next(iter(block.values())))
            order = f"COPY {table} ({', '.join(block)}) FROM STDIN (FORMAT BINARY)"
            with cursor.copy(order) as copy:
                copy.write(SIGNATURE + _rows(list(block.values())).tobytes() + TRAILER)
    return rows


def _rows(columns: list[Bytes]) -> Bytes:
    count = len(columns[0])
    parts = [numbers(np.full(count, len(columns)), "i2")]
    for column in columns:
        parts += [numbers(np.full(count, column.shape[1]), "i4"), column]
    return np.concatenate(parts, axis=1)


def numbers(values: npt.NDArray[np.generic], kind: str) -> Bytes:
    """Numbers as int2, int4, int8 or float8, by numpy's name of the kind: ``i2``, ``i4``, ``i8``, ``f8``."""
    ordered = np.ascontiguousarray(values.astype(f">{kind}"))
    return ordered.view(np.uint8).reshape(len(values), -1)


def flags(values: npt.NDArray[np.bool_]) -> Bytes:
    """boolean"""
    return values.astype(np.uint8)[:, None]


def float_arrays(values: npt.NDArray[np.float64]) -> Bytes:
    """float8[k] of float64[n, k]: dimensions, no nulls, type, length, lower bound, and each value behind its length."""
    count, length = values.shape
    head = numbers(np.tile([1, 0, _FLOAT8, length, 1], (count, 1)), "i4")
    fields = [head]
    for place in range(length):
        fields += [numbers(np.full(count, 8), "i4"), numbers(values[:, place], "f8")]
    return np.concatenate(fields, axis=1)


def texts(text: str, count: int) -> Bytes:
    """The same text in every row."""
    return np.tile(np.frombuffer(text.encode(), np.uint8), (count, 1))
