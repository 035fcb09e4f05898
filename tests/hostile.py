"""Carries the marker `hostile` out of pytest: which tests cover which row of docs/faults.md."""

import json
import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from script.hostile_table.rows import LIST


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Markers stay behind in xdist's workers; properties come along into the report."""
    for item in items:
        item.user_properties.extend(("hostile", row) for row in rows_of(item))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Write the list for whoever asked for it."""
    if path := os.environ.get(LIST):
        Path(path).write_text(json.dumps(by_row(session.items)))


def by_row(items: Iterable[pytest.Item]) -> dict[str, list[str]]:
    """By row, the names of its tests."""
    found: dict[str, list[str]] = defaultdict(list)
    for item in items:
        for row in rows_of(item):
            found[row].append(item.nodeid)
    return dict(found)


def rows_of(item: pytest.Item) -> list[str]:
    """What one test covers, each row once."""
    return list(dict.fromkeys(row for mark in item.iter_markers("hostile") for row in mark.args))
