"""Whether what is done behind the scenes keeps up: told with readiness, and no reason to turn visitors away."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from dedupe.models import Upkeep, UpkeepKind
from dedupe.search.completeness import library_is_measured
from dedupe.search.postings import backlog_when_due, library_size

_MOST_COUNTED = 12_000_000  # more than the sweep ever leaves
_FEW = 100_000
_SWEEP_MINUTES = 5
_schema_is_whole = False


def postings_waiting() -> int:
    """Word postings that wait to be merged, counted up to a bound: some tenths of a second for millions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM dedupe_newposting LIMIT %s) AS counted", [_MOST_COUNTED]
        )
        (count,) = cursor.fetchone()
    return int(count)


class Behind(Exception):
    """Something has not caught up. ``str(error)`` says what, for operators."""


def migrations_are_applied() -> None:
    """Raise Behind while migrations of this release wait; once they were applied it is not asked again."""
    global _schema_is_whole
    if _schema_is_whole:
        return
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        raise Behind(f"{len(waiting)} migrations are not applied")
    _schema_is_whole = True


def index_is_merged() -> None:
    """Raise Behind while far more word postings wait than the sweep leaves: each search reads them one by one."""
    waiting, due = postings_waiting(), backlog_when_due(library_size())
    if waiting >= _MOST_COUNTED or waiting > max(_FEW, 2 * due):
        raise Behind(f"{waiting} word postings wait to be merged")


def library_is_up_to_date() -> None:
    """Raise Behind while pictures lack the fingerprint of the version in service."""
    if not library_is_measured():
        raise Behind("pictures are still to be brought up to date: backfill_fingerprints")


def sweep_is_recent() -> None:
    """Raise Behind when no sweep has ended lately: the clock may have stopped."""
    row = Upkeep.objects.filter(kind=UpkeepKind.SWEEP).first()
    if row is None or row.ended_at < timezone.now() - timedelta(minutes=_SWEEP_MINUTES):
        raise Behind("no sweep has ended lately: is beat alive?")
