"""Whatever the broker does, an upload is answered within six seconds and lives on in Postgres."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app

from board.models import User
from dedupe.doorbell import ring
from dedupe.models import State
from tests.dedupe.conftest import jpeg, scene, submit


@pytest.fixture
def broker(settings: Any) -> Iterator[Any]:
    """Set the broker's address for one test."""
    before = current_app.conf.broker_url

    def use(url: str | None, write_url: str | None) -> None:
        current_app.conf.update(broker_url=url, broker_write_url=write_url)

    yield lambda url: use(url, url)
    use(before, None)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_working_broker_takes_the_message(valkey: str, broker: Any) -> None:
    broker(valkey)
    assert ring(1) is True


@pytest.mark.hostile("fault: broker refuses")
def test_a_broker_that_refuses_costs_nothing(broker: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    broker(f"redis://127.0.0.1:{port}/0")
    assert ring(1) is False


@pytest.mark.django_db(transaction=True)
@pytest.mark.hostile("fault: broker silent")
def test_a_silent_broker_delays_an_upload_by_less_than_six_seconds(
    broker: Any, silent_port: int, alice: User
) -> None:
    broker(f"redis://127.0.0.1:{silent_port}/0")
    started = time.monotonic()
    picture = submit(alice, jpeg(scene()))
    assert time.monotonic() - started < 6
    assert picture.state == State.STAGED
