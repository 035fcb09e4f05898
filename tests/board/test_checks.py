"""Time limits stand in the only order that works, and what an operator mistypes is said at the start."""

from typing import Any

import pytest
from django.core.checks import run_checks

from dedupe import tasks
from dedupe.conf import conf


def ids() -> set[str | None]:
    conf.cache_clear()
    return {message.id for message in run_checks()}


def test_as_it_comes_all_is_in_order() -> None:
    assert ids() == set()


@pytest.mark.parametrize(
    ("limit", "value"), [("soft_time_limit", 15), ("time_limit", 400), ("time_limit", None)]
)
def test_limits_out_of_order_are_an_error(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: int | None
) -> None:
    monkeypatch.setattr(tasks.analyse, limit, value)
    assert "board.E001" in ids()


def test_a_message_must_not_come_back_while_its_task_runs(settings: Any) -> None:
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 55}
    assert "board.E001" in ids()


def test_a_lease_shorter_than_the_work_is_a_warning(settings: Any) -> None:
    settings.DEDUPE = {"lease_seconds": 30}
    assert ids() == {"board.W001"}


def test_networks_must_be_networks(settings: Any) -> None:
    settings.METRICS_NETWORKS = ["10.0.0.0/8", "inside"]
    assert ids() == {"board.E002"}
