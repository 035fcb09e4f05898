"""Whether this process lives, and whether the whole product is ready to serve."""

from __future__ import annotations

import time
from collections.abc import Callable

from celery import current_app
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from dedupe import storage

_REMEMBERED_SECONDS = 10.0
_SECONDS = 2.0
_worker_answered_at = 0.0


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, storage, broker and a worker answered, else 503; each part is named either way."""
    parts = {name: _outcome(check) for name, check in CHECKS.items()}
    ready = all(outcome == "ok" for outcome in parts.values())
    return JsonResponse({"ready": ready, "parts": parts}, status=200 if ready else 503)


def _outcome(check: Callable[[], None]) -> str:
    try:
        check()
    except Exception as error:  # any failure of a part means that it is not ready
        return type(error).__name__
    return "ok"


def check_database() -> None:
    """Raise when the database does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_storage() -> None:
    """Raise when the storage does not answer."""
    with storage.storage_errors():
        storage.originals().exists("readiness")


def check_worker() -> None:
    """Raise when no worker answered a ping lately; this goes through the broker."""
    global _worker_answered_at
    if time.monotonic() - _worker_answered_at < _REMEMBERED_SECONDS:
        return
    transport = {"socket_timeout": _SECONDS, "socket_connect_timeout": _SECONDS, "max_retries": 0}
    with current_app.connection_for_write(connect_timeout=_SECONDS, transport_options=transport) as broker:
        replies = current_app.control.broadcast(
            "ping", reply=True, limit=1, timeout=_SECONDS, connection=broker
        )
    if not replies:
        raise TimeoutError("no worker answered")
    _worker_answered_at = time.monotonic()


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "storage": check_storage,
    "worker": check_worker,
}
