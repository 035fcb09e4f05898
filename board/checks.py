"""Start-up checks of the site: time limits that only make sense in their order, and who may read the numbers."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Caution

from dedupe.conf import conf
from dedupe.jail.client import Caps


@register()
def limits_are_in_order(**_: Any) -> list[CheckMessage]:
    """For tasks whose message is kept until they end: child < soft limit < hard limit < lease, and < visibility.

    A message that became visible again before the hard limit would have its task run twice at a time; a lease that
    ended before it would let another worker take the picture from under the hands of a living one.
    """
    visibility = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    lease, child = conf().deadlines.lease_seconds, Caps().wall_seconds
    found: list[CheckMessage] = []
    for task in current_app.tasks.values():
        if not getattr(task, "acks_late", False):
            continue
        soft, hard = task.soft_time_limit or 0, task.time_limit or 0
        if not child < soft < hard < visibility:
            order = f"child {child:g} < soft {soft} < hard {hard} < visibility timeout {visibility}"
            found.append(Error(f"{task.name}: {order} does not hold.", id="board.E001"))
        if not hard < lease:
            found.append(Caution(f"{task.name}: DOPPEL_LEASE_SECONDS must exceed {hard}.", id="board.W001"))
    return found


@register()
def networks_can_be_read(**_: Any) -> list[CheckMessage]:
    """DOPPEL_METRICS_NETWORKS names networks."""
    problems: list[CheckMessage] = []
    for network in settings.METRICS_NETWORKS:
        try:
            ip_network(network)
        except ValueError as error:
            problems.append(Error(f"DOPPEL_METRICS_NETWORKS: {error}.", id="board.E002"))
    return problems
