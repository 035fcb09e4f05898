"""Migrations that change what is stored: forth, and back again."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.db import connection

from dedupe.evaluation.scratch import scratch_database

LISTS = [(5, [1, 2, 300, 70_000, 2_000_000_000]), (6, [])]


def stored() -> list[tuple[int, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT word, pictures FROM dedupe_posting ORDER BY word")
        return list(cursor.fetchall())


def test_posting_lists_are_packed_and_unpacked_without_loss(postgres: Any, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), scratch_database():
        call_command("migrate", "dedupe", "0007", verbosity=0)
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO dedupe_posting (word, chunk, pictures) VALUES (%s, 0, %s)", LISTS)
        call_command("migrate", "dedupe", "0008", verbosity=0)
        packed = [(word, bytes(pictures)) for word, pictures in stored()]
        assert packed == [
            (word, b"".join(each.to_bytes(4, "big") for each in pictures)) for word, pictures in LISTS
        ]
        call_command("migrate", "dedupe", "0007", verbosity=0)
        assert stored() == LISTS
