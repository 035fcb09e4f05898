"""What Postgres does for a query: by which plan, and how many rows it reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from dedupe.conf import Matching
from dedupe.search import Query, keys
from dedupe.search.limits import limited
from dedupe.search.statement import statement

Node = dict[str, Any]

_ROUTES = {"fingerprint_by_window", *(f"fingerprint_by_chunk{number}" for number in range(keys.CHUNKS))}
_MOST_FETCHED = 0.1  # of the rows of an index-only scan, those whose page was written since the last vacuum


def plan_of(query: Query, matching: Matching) -> Node:
    """The plan of the prepared statement and what happened: EXPLAIN (ANALYZE, BUFFERS), its outermost node."""
    sql, values = statement(query, matching)
    places = ", ".join(["%s"] * len(values))
    with limited(matching.statement_timeout_ms) as cursor:
        cursor.execute(f"PREPARE doppel_plan AS {sql}")
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE doppel_plan({places})", values)
        (plan,) = cursor.fetchone()
        cursor.execute("DEALLOCATE doppel_plan")
    node: Node = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    return node


def nodes(plan: Node) -> Iterator[Node]:
    """A node and everything below it."""
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


def rows_read(plan: Node) -> int:
    """Rows and entries that came out of tables and indexes, before any filter."""
    scans = [node for node in nodes(plan) if "Relation Name" in node]
    read: list[float] = [
        _rows(node) + node.get("Rows Removed by Filter", 0) * node["Actual Loops"] for node in scans
    ]
    return round(sum(read))


def complaints(plan: Node) -> list[str]:
    """What in a plan would make the search slow in a large library; nothing when it is as it was meant.

    Every table is read by an index, the two routes of the fingerprints by theirs alone, without a look at the table;
    the table is visited for the few that were found.
    """
    found = []
    for node in nodes(plan):
        table, kind, index = node.get("Relation Name"), node["Node Type"], node.get("Index Name", "")
        if table is None:
            continue
        if not kind.startswith("Index"):
            found.append(f"{table} is read by a {kind}")
        elif index in _ROUTES and (
            kind != "Index Only Scan" or node["Heap Fetches"] > _MOST_FETCHED * _rows(node)
        ):
            found.append(f"{index} sends to the table {node.get('Heap Fetches', _rows(node))} times")
    used = {node.get("Index Name") for node in nodes(plan)}
    return found + [f"{index} is not used" for index in sorted(_ROUTES - used)]


def _rows(node: Node) -> float:
    return float(node["Actual Rows"] * node["Actual Loops"])
