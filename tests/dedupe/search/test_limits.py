"""The frame around the statements of the search: it ends with the block, however that ends."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from dedupe.search.failures import SearchFailed
from dedupe.search.limits import limited

pytestmark = pytest.mark.django_db
NAMES = ("statement_timeout", "enable_seqscan", "plan_cache_mode", "jit")


def settings() -> dict[str, str]:
    with connection.cursor() as cursor:
        values = {}
        for name in NAMES:
            cursor.execute(f"SHOW {name}")
            (values[name],) = cursor.fetchone()
        return values


def test_limit_and_plans_hold_within_and_end_with_the_block() -> None:
    before = settings()
    with limited(1234):
        assert settings() == {
            "statement_timeout": "1234ms",
            "enable_seqscan": "off",
            "plan_cache_mode": "force_generic_plan",
            "jit": "off",
        }
    assert settings() == before


def test_a_statement_that_fails_is_a_failed_search_and_the_transaction_around_goes_on() -> None:
    before = settings()
    with transaction.atomic():
        with pytest.raises(SearchFailed, match="division by zero"), limited(1000) as cursor:
            cursor.execute("SELECT 1/0")
        assert settings() == before


def test_a_statement_beyond_its_time_is_a_failed_search() -> None:
    with pytest.raises(SearchFailed, match="timeout"), limited(20) as cursor:
        cursor.execute("SELECT pg_sleep(1)")
