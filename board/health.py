"""Whether this process lives, and whether the whole product is ready to serve."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from celery import current_app
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from board.watching import freshness
from dedupe import storage

_REMEMBERED_SECONDS = 10.0
_SECONDS = 2.0
_TRANSPORT = {"socket_timeout": _SECONDS, "socket_connect_timeout": _SECONDS, "max_retries": 0}
_worker_answered_at = 0.0


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when every part that a visitor needs answered, else 503; each is named either way.

    ``behind`` tells what keeps up and what does not: it asks for an operator, and turns no visitor away.
    """
    parts = _outcomes(CHECKS)
    ready = all(outcome == "ok" for outcome in parts.values())
    behind = _outcomes(FRESHNESS) if parts.get("database") == "ok" else {}
    told = {"ready": ready, "parts": parts, "behind": behind, "storage_circuit": storage.circuit().value}
    return JsonResponse(told, status=200 if ready else 503)


def _outcomes(checks: Mapping[str, Callable[[], None]]) -> dict[str, str]:
    return {name: _outcome(check) for name, check in checks.items()}


def _outcome(check: Callable[[], None]) -> str:
    try:
        check()
    except freshness.Behind as late:
        return str(late)
    except Exception as error:  # any failure of a part means that it is not ready
        return type(error).__name__
    return "ok"


def check_database() -> None:
    """Raise when the database does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_storage() -> None:
    """Raise when the storage does not answer. While its circuit is open this costs nothing."""
    with storage.storage_errors():
        storage.originals().exists("readiness")


def check_broker() -> None:
    """Raise when the broker takes no connection."""
    with current_app.connection_for_write(connect_timeout=_SECONDS, transport_options=_TRANSPORT) as broker:
        broker.ensure_connection(max_retries=1, timeout=int(_SECONDS))


def check_worker() -> None:
    """Raise when no worker answered a ping lately; this goes through the broker."""
    global _worker_answered_at
    if time.monotonic() - _worker_answered_at < _REMEMBERED_SECONDS:
        return
    with current_app.connection_for_write(connect_timeout=_SECONDS, transport_options=_TRANSPORT) as broker:
        replies = current_app.control.broadcast(
            "ping", reply=True, limit=1, timeout=_SECONDS, connection=broker
        )
    if not replies:
        raise TimeoutError("no worker answered")
    _worker_answered_at = time.monotonic()


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "migrations": freshness.migrations_are_applied,
    "storage": check_storage,
    "broker": check_broker,
    "worker": check_worker,
}
FRESHNESS: dict[str, Callable[[], None]] = {
    "index": freshness.index_is_merged,
    "backfill": freshness.library_is_up_to_date,
    "upkeep": freshness.sweep_is_recent,
}
