"""New migrations are safe while the release before serves: they only add, and never lock a table for long.

The rule stands in docs/deploying.md. The migrations up to BASE came before the first release.
"""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

BASE = {"dedupe": 13, "board": 6}

# Why a migration is safe all the same: (app, name) → reason.
EXCUSED: dict[tuple[str, str], str] = {}

_UNSAFE = {
    r"\bDROP COLUMN\b": "drops a column that the release before still reads",
    r"\bDROP TABLE\b": "drops a table that the release before still reads",
    r"\bRENAME\b": "renames what the release before calls by its old name",
    r"\bALTER COLUMN \S+ TYPE\b": "may write the table anew under a lock",
    r"\bSET NOT NULL\b": "fails the release before, which may write NULL, and reads the table under a lock",
    r"\bADD COLUMN \S+ (?!.*\bDEFAULT\b).*\bNOT NULL\b": "the release before writes rows without it",
    r"\bDROP DEFAULT\b": "the release before writes rows without it: use db_default",
}
_CREATED = re.compile(r'CREATE TABLE "(\w+)"')
_INDEX = re.compile(r'CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)[^;]* ON "(\w+)"')
_CONSTRAINT = re.compile(r'ALTER TABLE "(\w+)" ADD CONSTRAINT [^;]*(?<!NOT VALID)(?: DEFERRABLE [^;]*)?;')


def complaints(sql: str) -> list[str]:
    """What makes these statements unsafe."""
    sql = re.sub(r"--[^\n]*", "", sql)
    found = [why for pattern, why in _UNSAFE.items() if re.search(pattern, sql, re.IGNORECASE)]
    created = set(_CREATED.findall(sql))
    locked = {table for pattern in (_INDEX, _CONSTRAINT) for table in pattern.findall(sql)} - created
    return found + [f"locks {table}: add it concurrently, or NOT VALID first" for table in sorted(locked)]


@pytest.mark.django_db(transaction=True)  # an index is built concurrently outside of transactions
def test_new_migrations_only_add() -> None:
    unsafe = []
    for app, name in sorted(MigrationLoader(connection).disk_migrations):
        if app not in BASE or int(name[:4]) <= BASE[app] or (app, name) in EXCUSED:
            continue
        said = StringIO()
        call_command("sqlmigrate", app, name, stdout=said)
        unsafe += [f"{app} {name}: {each}" for each in complaints(said.getvalue())]
    assert unsafe == []


@pytest.mark.parametrize(
    ("sql", "safe"),
    [
        ('CREATE TABLE "a" ("x" integer NOT NULL); CREATE INDEX "i" ON "a" ("x");', True),
        ('CREATE INDEX CONCURRENTLY "i" ON "b" ("x");', True),
        ('CREATE INDEX "i" ON "b" ("x");', False),
        ('ALTER TABLE "b" ADD COLUMN "x" integer NULL;', True),
        ('ALTER TABLE "b" ADD COLUMN "x" integer DEFAULT 0 NOT NULL;', True),
        ('ALTER TABLE "b" ADD COLUMN "x" integer NOT NULL;', False),
        ('ALTER TABLE "b" ALTER COLUMN "x" DROP DEFAULT;', False),
        ('ALTER TABLE "b" DROP COLUMN "x" CASCADE;', False),
        ('ALTER TABLE "b" ADD CONSTRAINT "c" CHECK (x > 0);', False),
        ('ALTER TABLE "b" ADD CONSTRAINT "c" CHECK (x > 0) NOT VALID;', True),
        ('ALTER TABLE "b" ALTER COLUMN "x" TYPE varchar(9);', False),
    ],
)  # fmt: skip
def test_what_counts_as_safe(sql: str, safe: bool) -> None:
    assert (complaints(sql) == []) is safe
