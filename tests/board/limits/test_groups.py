"""The rates come from the environment, and what is no rate is refused at the start."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from board.limits.groups import DEFAULTS, Group, Rate, rates_from
from board.limits.words import WORDS


def test_every_group_that_is_counted_has_rates_and_words() -> None:
    assert set(DEFAULTS) == set(WORDS) == set(Group) - {Group.UNLIMITED}


def test_people_and_visitors_are_set_apart() -> None:
    rates = rates_from({"DOPPEL_LIMIT_SEARCH": "5/10", "DOPPEL_LIMIT_SIGN_IN_VISITOR": "3/60"})
    assert rates[Group.SEARCH].person == Rate(5, 10)
    assert rates[Group.SEARCH].visitor == DEFAULTS[Group.SEARCH].visitor
    assert rates[Group.SIGN_IN].visitor == Rate(3, 60)


@pytest.mark.parametrize("given", ["many", "5", "5/0", "-1/60", "5/60/2"])
def test_what_is_no_rate_is_named(given: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DOPPEL_LIMIT_SEARCH"):
        rates_from({"DOPPEL_LIMIT_SEARCH": given})
