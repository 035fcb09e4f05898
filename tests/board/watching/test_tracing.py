"""One id for a request: in its answer, on the log's lines, in problem documents, and in the worker."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import pytest
from django.test import Client

from board.models import User
from board.watching.logs import JsonLines, WithRequest
from board.watching.tracing import accepted, request_id, tracing
from dedupe.models import Picture
from tests.dedupe.conftest import jpeg, scene, submit
from tests.servers.live import LiveSite, eventually

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(caplog: pytest.LogCaptureFixture) -> Any:
    """The last line of the access log as JSON."""

    def last() -> dict[str, Any]:
        record = [each for each in caplog.records if each.name == "board.access"][-1]
        WithRequest().filter(record)
        return dict(json.loads(JsonLines().format(record)))

    caplog.set_level(logging.INFO, "board.access")
    return last


def test_a_plain_id_of_the_caller_is_kept_and_any_other_replaced(client: Client) -> None:
    assert (
        client.get("/tags/", headers={"X-Request-ID": "from-the-proxy.1"})["X-Request-ID"]
        == "from-the-proxy.1"
    )
    for bad in ("short", "x" * 65, 'a"><script>alert(1)', "two words here", "line\nbreak-and-more"):
        assert re.fullmatch("[0-9a-f]{32}", accepted(bad))
    assert client.get("/tags/")["X-Request-ID"] != client.get("/tags/")["X-Request-ID"]


def test_the_access_line_says_which_route_and_nothing_of_a_person(
    client: Client, alice: User, line: Any
) -> None:
    client.force_login(alice)
    client.get("/people/alice?q=secret", headers={"X-Request-ID": "abcdefgh"})
    told = line()
    assert (told["route"], told["status"], told["user"]) == ("/people/<path:name>", 200, alice.pk)
    assert "alice" not in json.dumps(told)
    assert "secret" not in json.dumps(told)
    client.get("/nobody-lives-here")
    assert line()["route"] == "(no such address)"


def test_a_problem_document_and_the_page_of_a_fault_name_it(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get("/api/v1/pictures/none", headers={"X-Request-ID": "abcdefgh"})
    assert answer.json()["request_id"] == "abcdefgh"
    monkeypatch.setattr("board.pages.tags.render", None)
    client.raise_request_exception = False
    page = client.get("/tags/", headers={"X-Request-ID": "abcdefgh"})
    assert (page.status_code, page["X-Request-ID"]) == (500, "abcdefgh")
    record = next(each for each in caplog.records if each.name == "django.request")
    assert WithRequest().filter(record)
    assert vars(record)["request_id"] == "abcdefgh"
    assert b"<code>abcdefgh</code>" in page.content


def test_nothing_is_left_of_a_request_when_it_has_ended(client: Client) -> None:
    client.get("/tags/")
    assert request_id() == ""


def test_a_line_is_one_json_object_even_with_an_exception() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        record = logging.LogRecord(
            "x", logging.ERROR, "x.py", 1, "Fault: %s", ("a\nb",), __import__("sys").exc_info()
        )
    with tracing("abcdefgh"):
        WithRequest().filter(record)
    text = JsonLines().format(record)
    assert "\n" not in text
    assert {"request_id": "abcdefgh", "message": "Fault: a\nb"}.items() <= json.loads(text).items()


@pytest.mark.django_db(transaction=True)
def test_the_worker_writes_the_id_of_the_request_that_caused_its_task(alice: User, worker: LiveSite) -> None:
    with tracing("from-the-browser"):
        picture = submit(alice, jpeg(scene()))
    eventually(lambda: Picture.objects.get(pk=picture.pk).is_settled, what="the analysis")
    lines = (worker.site.logs / "worker.log").read_text().splitlines()
    assert any("[from-the-browser]" in line and picture.public_id in line for line in lines), lines
