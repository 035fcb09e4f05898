"""Uploads from addresses: fetched by a worker, and from then on like any other; or ended with the reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from board.models import User
from dedupe import workflow
from dedupe.errors import NotAllowed, TooMany
from dedupe.fetching import NotFetched, Unfetched
from dedupe.models import Delivery, Picture, State
from dedupe.workflow import deliveries, receiving
from tests.dedupe.conftest import state_of
from tests.dedupe.fetching import sites
from tests.deliveries import DATA, no_grace, on_commit, received, rung, stored_names

__all__ = ["no_grace", "rung"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def reachable(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let fetches reach these ports of this machine."""

    def reach(*ports: int) -> None:
        monkeypatch.setattr(receiving, "guard", lambda: sites.guard_for(*ports))
        monkeypatch.setattr("dedupe.fetching.targets.PORTS", ports)
        monkeypatch.setattr(deliveries, "check_address", lambda address: None)

    return reach


@on_commit
def test_a_picture_is_fetched_and_then_like_any_other(
    alice: User, reachable: Callable[..., None], rung: list[tuple[str, int]], tmp_path: Path
) -> None:
    with sites.site(sites.giving(DATA)) as port:
        reachable(port)
        picture = workflow.submit_address(
            alice, f"http://lakes.test:{port}/a%20lake.jpg?x=1", details={"title": "Lake"}
        )
        assert (picture.state, picture.file_name, picture.post.title) == ("staged", "a lake.jpg", "Lake")
        received(picture)
    assert picture.checksum == hashlib.sha256(DATA).hexdigest()
    assert picture.size_bytes == len(DATA)
    workflow.analyse_picture(picture.pk)
    assert state_of(picture) == State.LIVE
    assert rung == [("receive", picture.pk), ("analyse", picture.pk)]
    assert stored_names(tmp_path) == {picture.storage_key}


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (sites.giving(b"<!doctype html><p>A page"), Unfetched.NO_PICTURE),
        (sites.giving(b""), "empty"),
        (sites.saying("HTTP/1.1 404 Not Found\nContent-Length: 0"), Unfetched.NOT_THERE),
        (sites.redirecting("http://127.0.0.1:1/"), Unfetched.OTHER_PORT),
    ],
)
def test_an_address_that_gives_nothing_ends_with_the_reason(
    alice: User, reachable: Callable[..., None], answer: sites.Answer, refusal: str, tmp_path: Path
) -> None:
    with sites.site(answer) as port:
        reachable(port)
        picture = received(workflow.submit_address(alice, f"http://lakes.test:{port}/"))
    assert (picture.state, picture.refusal) == (State.REJECTED, refusal)
    assert not Delivery.objects.exists()
    assert stored_names(tmp_path) == set()


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest/meta-data/", "ftp://a.test/"],
)
@pytest.mark.hostile("input 16")
def test_addresses_inside_are_refused_at_once(alice: User, address: str) -> None:
    with pytest.raises(NotFetched):
        workflow.submit_address(alice, address)
    assert not Picture.objects.exists()


def test_names_of_this_machine_are_refused_by_the_worker(alice: User) -> None:
    picture = received(workflow.submit_address(alice, "http://localhost/picture.jpg"))
    assert (picture.state, picture.refusal) == (State.REJECTED, Unfetched.NOT_PUBLIC)


def test_a_few_fetches_of_a_person_wait_and_no_more(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "MOST_FETCHES", 1)
    workflow.submit_address(alice, "https://lakes.test/1.jpg")
    with pytest.raises(TooMany):
        workflow.submit_address(alice, "https://lakes.test/2.jpg")
    workflow.submit_address(bob, "https://lakes.test/2.jpg")


def test_turned_off_nothing_is_fetched(alice: User, settings: Any) -> None:
    waiting = workflow.submit_address(alice, "https://lakes.test/1.jpg")
    settings.DEDUPE = {"upload_by_url": False}
    with pytest.raises(NotAllowed):
        workflow.submit_address(alice, "https://lakes.test/2.jpg")
    assert received(waiting).refusal == Unfetched.NOT_GIVEN
