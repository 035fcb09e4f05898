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


def test_cases_that_nobody_opened_are_given_up_on_the_way_back(postgres: Any, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), scratch_database():
        call_command("migrate", verbosity=0)
        call_command("migrate", "dedupe", "0011", verbosity=0)
        with connection.cursor() as cursor:
            for statement in FILED:
                cursor.execute(statement)
        call_command("migrate", "dedupe", "0010", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("SELECT kind, state, opened_by_id IS NULL FROM dedupe_case ORDER BY id")
            assert cursor.fetchall() == [("report", "upheld", False)]
        call_command("migrate", "dedupe", "0011", verbosity=0)


# An open case and a decided one, both filed by the machine, about two pictures of one person.
FILED = (
    "INSERT INTO board_user (username, password, is_superuser, first_name, last_name, email, is_staff, is_active,"
    " date_joined) VALUES ('alice', '', false, '', '', '', true, true, now())",
    *(
        "INSERT INTO dedupe_picture (public_id, owner_id, state, state_since, check_outcome, file_name, storage_key,"
        " checksum, size_bytes, pixel_checksum, format, damaged, refusal, refusal_detail, attempts, setbacks,"
        f" next_attempt_at, created_at) SELECT 'picture{number}', id, 'expired', now(), 'pending', '', '',"
        f" '{number}', 1, '', '', false, '', '', 0, 0, now(), now() FROM board_user"
        for number in (1, 2)
    ),
    "INSERT INTO dedupe_match (query_id, candidate_id, relation, probability, evidence, geometry, routes,"
    " algorithm_version, settings_version, confident, verdict, asked_at) SELECT max(id), min(id), 'resized', 1, '{}',"
    " '{}', '{}', 1, '', true, '', now() FROM dedupe_picture",
    *(
        f"INSERT INTO dedupe_case (kind, state, picture_id, match_id, reason, created_at) SELECT 'expiring', '{state}',"
        " query_id, id, '', now() FROM dedupe_match"
        for state in ("open", "decided")
    ),
    "INSERT INTO dedupe_decision (kind, picture_id, case_id, actor_id, role, verdict, reason, created_at) SELECT"
    " 'review', picture_id, id, (SELECT id FROM board_user), 'staff', '', '', now() FROM dedupe_case"
    " WHERE state = 'decided'",
)
