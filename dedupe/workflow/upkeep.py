"""The work of the clock: a run writes down when it ended and what it found, and does a bounded piece of work."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max
from django.utils import timezone

from dedupe import storage
from dedupe.invariants import CHECKS, RULES, Span
from dedupe.models import Decision, Picture, Upkeep, UpkeepKind
from dedupe.workflow.backfill import outdated
from dedupe.workflow.sweep import next_prefixes, sweep_everything

_STRETCH = 100  # pictures; a check of them takes a second or two where each file is asked for over a network
_PATROL_SECONDS = 15.0
_CENSUS_SHARE = 60
_CENSUS_LIMIT_MS = 120_000


def run_sweep(prefixes: int) -> None:
    """Sweep, looking for orphans under so many prefixes, and write down what was done. Raises StorageUnavailable."""
    began = time.monotonic()
    done = sweep_everything(next_prefixes(prefixes))
    _write_down(UpkeepKind.SWEEP, began, done)


def run_patrol(seconds: float = _PATROL_SECONDS) -> dict[str, int]:
    """Check the invariants for about so long, from where the last run stopped; returns violations by rule.

    A rule's number is that of the last whole round through the library, or of the present one where it is greater:
    what is found is seen at once, and is gone when a round has found it no more. Raises StorageUnavailable.
    """
    began = time.monotonic()
    row = Upkeep.objects.filter(kind=UpkeepKind.PATROL).first()
    place: dict[str, Any] = row.place if row else {}
    found, before, after = dict(place.get("found", {})), place.get("before", {}), int(place.get("after", 0))
    last = Picture.objects.aggregate(last=Max("pk"))["last"] or 0
    while True:
        span = Span(after, _end_of_stretch(after, last))
        for rule, count in _violations_in(span).items():
            found[rule] = found.get(rule, 0) + count
        after = span.last
        if after >= last or time.monotonic() - began > seconds:
            break
    findings = {rule: max(found.get(rule, 0), before.get(rule, 0)) for rule in RULES}
    if after >= last:
        findings = {rule: found.get(rule, 0) for rule in RULES}
        place = {"after": 0, "found": {}, "before": found}
    else:
        place = {"after": after, "found": found, "before": before}
    _write_down(UpkeepKind.PATROL, began, findings, place)
    return findings


def _end_of_stretch(after: int, last: int) -> int:
    """The id of the last of the next pictures; there may be large gaps between ids."""
    following = Picture.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    return next(iter(following[_STRETCH - 1 : _STRETCH]), last)


def _violations_in(span: Span) -> dict[str, int]:
    found: dict[str, int] = {}
    with storage.storage_errors():
        for check in CHECKS:
            for violation in check(span):
                found[violation.rule] = found.get(violation.rule, 0) + 1
    return found


def run_census() -> bool:
    """Count pictures by state, decisions by verdict, and pictures that lack the numbers of this release.

    Counting reads whole tables, so it takes at most a sixtieth of the time: returns False where it is too early.
    """
    row = Upkeep.objects.filter(kind=UpkeepKind.CENSUS).first()
    if row and timezone.now() - row.ended_at < timedelta(seconds=_CENSUS_SHARE * row.seconds):
        return False
    began = time.monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {_CENSUS_LIMIT_MS}")
        findings = _counted()
    _write_down(UpkeepKind.CENSUS, began, findings)
    return True


def _counted() -> dict[str, int]:
    states = Picture.objects.order_by().values_list("state").annotate(Count("pk"))
    verdicts = Decision.objects.order_by().values_list("role", "kind", "verdict").annotate(Count("pk"))
    findings = {f"pictures.{state}": count for state, count in states}
    findings |= {f"decisions.{role}.{kind}.{verdict}": count for role, kind, verdict, count in verdicts}
    findings["outdated"] = outdated().count()
    return findings


def _write_down(
    kind: UpkeepKind, began: float, findings: Mapping[str, int], place: Mapping[str, Any] | None = None
) -> None:
    row = {"ended_at": timezone.now(), "seconds": time.monotonic() - began, "findings": dict(findings)}
    Upkeep.objects.update_or_create(
        kind=kind, defaults=row | ({} if place is None else {"place": dict(place)})
    )
