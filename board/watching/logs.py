"""Lines of the log: JSON in production, plain text at home; each with the id of the request it belongs to.

Nothing of a person stands there beyond their number: no names, no addresses of machines, no paths with names in them.
"""

from __future__ import annotations

import json
import logging
import logging.config
from datetime import UTC, datetime
from typing import Any

from celery.signals import setup_logging

from board.watching.tracing import request_id, task_name

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_PLAIN = (str, int, float, bool)
UNHEARD = frozenset({"/healthz", "/readyz", "/metrics"})
"""Machines ask here every few seconds."""


class WithRequest(logging.Filter):
    """Puts the id of the request and the name of the task on every record, and takes the path out of Django's lines.

    What Django says of the addresses that machines ask is left out.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        # Django speaks of an answer when ours has been given already: then the request itself knows its id.
        record.request_id = request_id() or getattr(request, "trace_id", "") or "-"
        record.task = task_name()
        path = getattr(request, "path", None)
        if path in UNHEARD:
            return False
        if path is not None and isinstance(record.args, tuple):
            record.args = tuple(route_of(record) if each == path else each for each in record.args)
        return True


def route_of(record: Any) -> str:
    """The pattern of the address that a record, or a request, is about: it names nobody."""
    match = getattr(getattr(record, "request", record), "resolver_match", None)
    return f"/{match.route}" if match is not None else "(no such address)"


class JsonLines(logging.Formatter):
    """One JSON object a line: when, how bad, who says what, for which request, and what was given in ``extra``."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {
            name: value
            for name, value in vars(record).items()
            if name not in _STANDARD and value != "" and isinstance(value, _PLAIN)
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configuration(*, level: str, as_json: bool) -> dict[str, Any]:
    """For ``logging.config.dictConfig``: everything goes to stderr, in one form."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request": {"()": WithRequest}},
        "formatters": {
            "json": {"()": JsonLines},
            "line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s]: %(message)s"},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json" if as_json else "line",
                "filters": ["request"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django's own handlers would write each line a second time; what it says of 4xx our access line says.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.request": {"level": "ERROR"},
            "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
            # The access lines of gunicorn hold the addresses of visitors; ours take their place.
            "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
        },
    }


def nobody(*_: Any) -> str:
    """How the throttle of sign-ins calls a visitor in the log; who it was stands in its table, for operators."""
    return "a visitor"


@setup_logging.connect(dispatch_uid="one_form_of_log")
def _like_the_site(**_: Any) -> None:
    """In the worker and the clock too; Celery then leaves logging alone."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
