"""The broker is only a doorbell: Postgres knows the work, and a sweeper rings again when nobody came."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from celery import current_app

log = logging.getLogger(__name__)

ANALYSE = "dedupe.analyse"
RECEIVE = "dedupe.receive"
RENDER = "dedupe.make_renditions"
_SECONDS = 2.0
_is_unheard = False
_TRANSPORT = {
    "socket_timeout": _SECONDS,
    "socket_connect_timeout": _SECONDS,
    "retry_on_timeout": False,
    "max_retries": 0,
}


def ring(picture_id: int, task: str = ANALYSE) -> bool:
    """Tell the workers that a picture waits, to be analysed or for its bytes.

    Returns whether the broker took the message; never raises. A broker that refuses or keeps silent costs a few
    seconds and nothing else.
    """
    return _send(task, picture_id)


def ring_for_renditions() -> bool:
    """Tell the workers that renditions are ordered; which, the orders say. Returns and costs what ``ring`` does."""
    return _send(RENDER)


@contextmanager
def unheard() -> Iterator[None]:
    """Ring nobody from this process, nor from those that it forks inside, which counts as rung.

    For scratch sites: real workers must not hear of pictures that they cannot find.
    """
    global _is_unheard
    before, _is_unheard = _is_unheard, True
    try:
        yield
    finally:
        _is_unheard = before


def _send(task: str, *arguments: int) -> bool:
    if _is_unheard:
        return True
    try:
        with current_app.connection_for_write(
            connect_timeout=_SECONDS, transport_options=_TRANSPORT
        ) as connection:
            current_app.send_task(task, args=arguments, connection=connection, retry=False)
    except Exception as error:  # whatever the transport raises, the work is safe in Postgres
        log.warning("The broker did not take %s%s: %s", task, arguments, error)
        return False
    return True
