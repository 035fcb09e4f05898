"""What Postgres does for a query: by which plan, and how many rows it reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from dedupe.conf import Matching
from dedupe.search import Query
from dedupe.search.limits import limited
from dedupe.search.statement import statement

Node = dict[str, Any]


def plan_of(query: Query, matching: Matching) -> Node:
    """The plan of the candidate statement with what happened: EXPLAIN (ANALYZE, BUFFERS), its outermost node."""
    sql, parameters = statement(query, matching)
    with limited(matching.statement_timeout_ms) as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", parameters)
        (plan,) = cursor.fetchone()
    node: Node = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    return node


def nodes(plan: Node) -> Iterator[Node]:
    """A node and everything below it."""
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


def rows_read(plan: Node) -> int:
    """Rows and entries that came out of tables and indexes, before any filter."""
    scans = (node for node in nodes(plan) if "Relation Name" in node)
    return round(
        sum((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"] for node in scans)
    )
