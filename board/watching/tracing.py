"""One id for everything that a request causes: in its answer, on its lines of the log, and on the tasks it hands on.

A caller (a proxy, a program) may bring its own in ``X-Request-ID``; one that is not plain is replaced, for what stands
in it goes into logs and pages. The id travels to the workers in a header of the message.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun

HEADER = "X-Request-ID"
_MESSAGE_HEADER = "request_id"
_PLAIN = re.compile(r"[A-Za-z0-9_.-]{8,64}")

_request: ContextVar[str] = ContextVar("request_id", default="")
_task: ContextVar[str] = ContextVar("task", default="")
_began: dict[str, tuple[Token[str], Token[str]]] = {}


def request_id() -> str:
    """The id of the request that this code runs for, also in a task that the request has caused; else empty."""
    return _request.get()


def task_name() -> str:
    """The name of the task that runs, or empty."""
    return _task.get()


def accepted(offered: str) -> str:
    """The id that a caller offers, if it is plain, or a new one."""
    return offered if _PLAIN.fullmatch(offered) else secrets.token_hex(16)


@contextmanager
def tracing(number: str) -> Iterator[None]:
    """Everything within is done for the request of this id."""
    token = _request.set(number)
    try:
        yield
    finally:
        _request.reset(token)


@before_task_publish.connect(dispatch_uid="request_id_goes_along")
def _hand_on(headers: dict[str, Any] | None = None, **_: Any) -> None:
    if headers is not None and request_id():
        headers[_MESSAGE_HEADER] = request_id()


@task_prerun.connect(dispatch_uid="request_id_arrives")
def _take_up(task_id: str, task: Any, **_: Any) -> None:
    """A task that nobody's request has caused is traced by its own id."""
    brought = str(getattr(task.request, _MESSAGE_HEADER, None) or "")
    number = brought if _PLAIN.fullmatch(brought) else task_id
    _began[task_id] = (_request.set(number), _task.set(task.name))


@task_postrun.connect(dispatch_uid="request_id_ends")
def _lay_down(task_id: str, **_: Any) -> None:
    for variable, token in zip((_request, _task), _began.pop(task_id, ()), strict=False):
        variable.reset(token)
