"""The indexes of a table that is filled in bulk: put aside, and built afterwards."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Index:
    """An index, and how Postgres would make it again."""

    name: str
    definition: str


@dataclass(frozen=True)
class Built:
    """What an index took to build, in seconds, and takes to keep, in bytes."""

    name: str
    seconds: float
    size_bytes: int


def put_aside(table: str) -> list[Index]:
    """Remove every constraint and index of a table but the primary key and checks; return the indexes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT index.relname, pg_get_indexdef(index.oid) FROM pg_index"
            "  JOIN pg_class AS index ON index.oid = indexrelid"
            " WHERE indrelid = %s::regclass AND NOT indisprimary ORDER BY 1",
            [table],
        )
        indexes = [Index(*row) for row in cursor.fetchall()]
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('u', 'f')",
            [table],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {_quoted(name)}")
        for index in indexes:
            cursor.execute(f"DROP INDEX IF EXISTS {_quoted(index.name)}")
    return indexes


def build(indexes: list[Index]) -> Iterator[Built]:
    """Make indexes again, with memory to sort in, and yield what each took."""
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for index in indexes:
            started = time.perf_counter()
            cursor.execute(index.definition)
            yield Built(index.name, time.perf_counter() - started, size_of(index.name))
        cursor.execute("RESET maintenance_work_mem")


def freshen(*tables: str) -> None:
    """Bring statistics and visibility maps up to date.

    Vacuum does not vouch for rows whose commit may not be on disk yet: the statistics are committed first, and waited
    for.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
        for table in tables:
            cursor.execute(f"ANALYZE {table}")
            cursor.execute(f"VACUUM {table}")
        cursor.execute("RESET synchronous_commit")


def size_of(relation: str) -> int:
    """Bytes of a table without its indexes, or of an index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_table_size(%s::regclass)", [relation])
        (size,) = cursor.fetchone()
    return int(size)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
