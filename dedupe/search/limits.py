"""The frame around every statement of the search: a time limit, and plans that do not depend on the planner's mood."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper

from dedupe.search.failures import SearchFailed

# The statements are written for their indexes: nested loops over short lists of keys. Statistics that are stale after a
# bulk import, or a list of a few thousand keys, must not talk the planner into reading a table of ten million rows.
_PLANS = {
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "plan_cache_mode": "force_generic_plan",
}
_SET = "SELECT set_config('statement_timeout', %s, true)" + "".join(
    f", set_config('{name}', '{value}', true)" for name, value in _PLANS.items()
)
_RESET = ";".join(f"SET LOCAL {name} TO DEFAULT" for name in ("statement_timeout", *_PLANS))


@contextmanager
def limited(statement_timeout_ms: int) -> Iterator[CursorWrapper]:
    """A cursor in a transaction, or in a savepoint of the one that runs; each statement has so many milliseconds.

    Limit and plans end with the block. Raises SearchFailed for whatever the database refuses, a statement beyond its
    time among it; the transaction around is still good.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_SET, [str(statement_timeout_ms)])
            yield cursor
            cursor.execute(_RESET)
    except DatabaseError as error:
        raise SearchFailed(str(error)) from error
