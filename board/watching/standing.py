"""What stands in Postgres, read when Prometheus asks: a handful of small queries, whatever the library's size.

What would take a count of whole tables is not counted here but by the census, and read from its row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric

from board.watching.freshness import postings_waiting
from dedupe.invariants import RULES
from dedupe.models import Case, CaseKind, CaseState, Picture, State, Upkeep, UpkeepKind


@dataclass(frozen=True)
class Gauge:
    """A number that goes up and down."""

    name: str
    says: str
    labels: tuple[str, ...] = ()


WAITING = Gauge("doppel_uploads_waiting", "Uploads that wait for the machine.", ("state",))
OLDEST = Gauge("doppel_oldest_waiting_seconds", "Age of the oldest upload that waits for the machine.")
CASES = Gauge("doppel_cases_open", "Cases that wait for staff.", ("kind",))
POSTINGS = Gauge("doppel_postings_waiting", "Word postings to be merged (counted up to a bound).")
PICTURES = Gauge("doppel_pictures", "Pictures by state, at the last census.", ("state",))
DECISIONS = Gauge("doppel_decisions", "Decisions, at the last census.", ("role", "kind", "verdict"))
OUTDATED = Gauge(
    "doppel_pictures_outdated", "Pictures without the numbers of this release, at the last census."
)
ENDED = Gauge("doppel_upkeep_timestamp_seconds", "When periodic work was last done.", ("work",))
LASTED = Gauge("doppel_upkeep_seconds", "How long it took.", ("work",))
SWEPT = Gauge("doppel_sweep", "What the last sweep did.", ("what",))
BROKEN = Gauge("doppel_invariant_violations", "Rows that break a rule that must always hold.", ("rule",))

GAUGES = (WAITING, OLDEST, CASES, POSTINGS, PICTURES, DECISIONS, OUTDATED, ENDED, LASTED, SWEPT, BROKEN)


def family(gauge: Gauge, values: dict[tuple[str, ...], float]) -> Metric:
    """A gauge with its values by labels."""
    made = GaugeMetricFamily(gauge.name, gauge.says, labels=gauge.labels)
    for labels, value in values.items():
        made.add_metric(labels, value)
    return made


def standing() -> Iterator[Metric]:
    """Everything that can be read."""
    yield from _of_the_queue()
    yield from _of_upkeep({row.kind: row for row in Upkeep.objects.all()})


def _of_the_queue() -> Iterator[Metric]:
    waiting = Picture.objects.waiting().order_by().values_list("state")
    rows = {
        state: (count, oldest) for state, count, oldest in waiting.annotate(Count("pk"), Min("created_at"))
    }
    now = timezone.now()
    ages = [(now - oldest).total_seconds() for _, oldest in rows.values()]
    yield family(
        WAITING, {(s,): rows.get(s, (0, None))[0] for s in (State.STAGED.value, State.ANALYSING.value)}
    )
    yield family(OLDEST, {(): max(ages, default=0.0)})
    cases = Case.objects.filter(state=CaseState.OPEN).order_by().values_list("kind").annotate(Count("pk"))
    yield family(CASES, {(kind,): 0 for kind in CaseKind.values} | {(kind,): count for kind, count in cases})
    yield family(POSTINGS, {(): postings_waiting()})


def _of_upkeep(rows: dict[str, Upkeep]) -> Iterator[Metric]:
    yield family(ENDED, {(kind,): row.ended_at.timestamp() for kind, row in rows.items()})
    yield family(LASTED, {(kind,): row.seconds for kind, row in rows.items()})
    if sweep := rows.get(UpkeepKind.SWEEP):
        yield family(SWEPT, {(what,): count for what, count in sweep.findings.items()})
    if patrol := rows.get(UpkeepKind.PATROL):
        yield family(BROKEN, {(rule,): patrol.findings.get(rule, 0) for rule in RULES})
    if census := rows.get(UpkeepKind.CENSUS):
        yield from _of_census(census.findings)


def _of_census(findings: dict[str, int]) -> Iterator[Metric]:
    found: dict[str, dict[tuple[str, ...], float]] = {
        "pictures": {(s,): 0 for s in State.values},
        "decisions": {},
    }
    for name, count in findings.items():
        group, _, rest = name.partition(".")
        if group in found:
            found[group][tuple(rest.split("."))] = count
    yield family(PICTURES, found["pictures"])
    yield family(DECISIONS, found["decisions"])
    yield family(OUTDATED, {(): findings.get("outdated", 0)})
