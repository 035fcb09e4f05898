"""A part that is down is said, in a page or in a problem document, with 503 and when to come back."""

from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from board.outages import OutageMiddleware
from dedupe.storage import StorageUnavailable


@pytest.mark.parametrize(
    ("error", "part"), [(OperationalError("gone"), "database"), (StorageUnavailable("gone"), "picture store")]
)
def test_people_get_a_page_and_programs_a_problem_document(error: Exception, part: str) -> None:
    def fail(_: HttpRequest) -> HttpResponse:
        raise error

    middleware = OutageMiddleware(fail)
    page = middleware(RequestFactory().get("/"))
    problem = middleware(RequestFactory().get("/api/v1/pictures"))
    assert page.status_code == problem.status_code == 503
    assert part in page.content.decode()
    assert problem["Content-Type"] == "application/problem+json"
    assert page["Retry-After"] == problem["Retry-After"] == "10"


def test_an_error_inside_a_view_is_caught_and_others_are_left_alone() -> None:
    middleware = OutageMiddleware(lambda _: HttpResponse("fine"))
    request = RequestFactory().get("/")
    assert middleware(request).content == b"fine"
    caught = middleware.process_exception(request, StorageUnavailable("gone"))
    assert caught is not None
    assert caught.status_code == 503
    assert middleware.process_exception(request, KeyError("ours")) is None


@pytest.mark.django_db
def test_a_page_of_a_board_without_its_database_says_so(client: Client, monkeypatch: Any) -> None:
    from django.db.models.query import QuerySet

    def fail(*_: Any, **__: Any) -> None:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(QuerySet, "_fetch_all", fail)
    answer = client.get("/")
    assert answer.status_code == 503
    assert "Nothing that we had accepted is lost" in answer.content.decode()
