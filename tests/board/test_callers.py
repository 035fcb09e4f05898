"""Addresses of visitors: what our proxies wrote counts, what a visitor wrote does not."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from board.callers import address_of, household_of, visitor_of


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"),
        (1, "", "10.0.0.1"),
        (1, "203.0.113.9:4711", "203.0.113.9"),
        (1, "[2001:db8::1]", "2001:db8::1"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "rubbish", "0.0.0.0"),
    ],
)
def test_address_behind_proxies(settings: Any, proxies: int, forwarded: str, found: str) -> None:
    settings.PROXIES = proxies
    given = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=given, REMOTE_ADDR="10.0.0.1")
    assert address_of(request) == found


def test_a_household_has_one_counter() -> None:
    assert household_of("2001:db8:1:2::3") == household_of("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64"
    assert household_of("203.0.113.9") == "203.0.113.9"


def test_without_an_address_there_is_still_a_caller() -> None:
    assert visitor_of(RequestFactory().get("/", REMOTE_ADDR="")).name == "address:0.0.0.0"
