"""Announce, send, complete: by the site's own form; and uploads from addresses."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dedupe import workflow
from dedupe.fetching import Unfetched
from dedupe.imaging import Limits
from dedupe.models import Delivery, Picture, State
from dedupe.workflow import deliveries, sweep
from tests.board.api.conftest import Actor, Upload, jpeg, problem_of, scene

DATA = jpeg(scene())


@pytest.fixture(autouse=True)
def silent_doorbells(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("deliveries", "receiving"):
        monkeypatch.setattr(f"dedupe.workflow.{module}.ring", lambda *_: True)


def announce(actor: Actor, data: bytes = DATA, **more: Any) -> Any:
    given = {"name": "lake.jpg", "type": "image/jpeg", "size": len(data)}
    return actor.post("uploads/presign", given | more)


def post_form(url: str, fields: dict[str, str], data: bytes = DATA) -> Any:
    """Send a form as a stranger does, without any session or token."""
    file = io.BytesIO(data)
    file.name = "file"
    return Client().post(url, {**fields, "file": file})


def test_announce_send_complete_follow(alice: Actor) -> None:
    form = announce(alice, title="Lake", tags="lake, boat", attributes={"shelf": "B4"}).json()
    assert form["url"] == "http://testserver/api/v1/uploads/incoming"
    problem_of(alice.get(f"uploads/{form['id']}"), 404)
    assert post_form(form["url"], form["fields"]).status_code == 204
    done = alice.client.post(form["complete_url"])
    assert done.status_code == 202
    assert done["Location"] == f"/api/v1/uploads/{form['id']}"
    assert (done.json()["id"], done.json()["state"]) == (form["id"], "staged")
    assert alice.get(f"uploads/{form['id']}").json()["state"] == "staged"
    picture = Picture.objects.get(public_id=form["id"])
    workflow.receive_picture(picture.pk)
    assert alice.client.post(form["complete_url"]).status_code == 202, "saying it again changes nothing"
    workflow.analyse_picture(picture.pk)
    assert alice.get(f"uploads/{form['id']}").json()["state"] == "live"
    assert (picture.post.title, picture.post.attributes) == ("Lake", {"shelf": "B4"})
    assert {tag.name for tag in picture.post.tags.all()} == {"lake", "boat"}


@pytest.mark.parametrize(
    "more",
    [
        {"size": None},
        {"size": -1},
        {"size": 2**80},
        {"type": None},
        {"sha256": "xyz"},
        {"name": "a\x00b"},
        {"name": "x" * 256},
        {"source": "javascript:alert(1)"},
        {"attributes": {"a": "\x00"}},
        {"attributes": {"a": "x" * 20_000}},
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(alice: Actor, more: dict[str, Any]) -> None:
    body = problem_of(announce(alice, **more), 422)
    assert body["errors"][0]["field"].endswith(next(iter(more)))
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"type": "image/tiff"}, "unsupported_format"),
        ({"size": 0}, "empty"),
        ({"size": Limits().max_bytes + 1}, "too_many_bytes"),
    ],
)
def test_what_we_would_not_take_need_not_travel(alice: Actor, more: dict[str, Any], refusal: str) -> None:
    assert problem_of(announce(alice, **more), 422)["refusal"] == refusal


@pytest.mark.parametrize(
    ("changed", "data"),
    [
        ({}, DATA + b"x"),
        ({}, DATA[:-1]),
        ({"key": "incoming/" + "0" * 32}, DATA),
        ({"key": "ab/" + "0" * 32}, DATA),
        ({"Content-Type": "image/png"}, DATA),
        ({"policy": "forged"}, DATA),
        ({"policy": ""}, DATA),
        ({"acl": "public-read"}, DATA),
    ],
    ids=str,
)
def test_a_form_that_was_changed_is_refused(alice: Actor, changed: dict[str, str], data: bytes) -> None:
    form = announce(alice).json()
    problem_of(post_form(form["url"], form["fields"] | changed, data), 403)
    problem_of(alice.client.post(form["complete_url"]), 409)
    assert post_form(form["url"], form["fields"]).status_code == 204, "and the true one still works"


def test_a_form_is_good_once_and_for_a_while(alice: Actor, settings: Any) -> None:
    form = announce(alice).json()
    assert post_form(form["url"], form["fields"]).status_code == 204
    problem_of(post_form(form["url"], form["fields"], DATA[::-1]), 403)
    alice.client.post(form["complete_url"])
    problem_of(post_form(form["url"], form["fields"]), 403)
    settings.DEDUPE = {"presign_seconds": -1}
    late = announce(alice).json()
    assert "expired" in problem_of(post_form(late["url"], late["fields"]), 403)["detail"]


def test_only_who_announced_an_upload_completes_it(alice: Actor, bob: Actor, mod: Actor) -> None:
    form = announce(alice).json()
    post_form(form["url"], form["fields"])
    for other in (bob, mod):
        problem_of(other.client.post(form["complete_url"]), 404)
    problem_of(Client().post(form["complete_url"]), 401)
    problem_of(alice.post("uploads/nothing/complete"), 404)
    assert not Picture.objects.exists()


def test_a_form_without_a_file(alice: Actor) -> None:
    form = announce(alice).json()
    problem_of(Client().post(form["url"], form["fields"]), 422)


def test_an_abandoned_announcement_can_not_be_completed_later(alice: Actor) -> None:
    form = announce(alice).json()
    Delivery.objects.update(expires_at=timezone.now() - timedelta(days=1))
    sweep.sweep_everything()
    problem_of(alice.client.post(form["complete_url"]), 404)


def test_many_announcements_at_once_are_too_many(alice: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "MOST_ANNOUNCED", 0)
    problem_of(announce(alice), 429)


def test_from_an_address(alice: Actor) -> None:
    response = alice.post(
        "uploads/by-url", {"url": "https://lakes.test/lake.jpg", "title": "Lake", "tags": "boat"}
    )
    assert response.status_code == 202
    picture = Picture.objects.get(public_id=response.json()["id"])
    assert (picture.state, picture.file_name, picture.post.title) == (State.STAGED, "lake.jpg", "Lake")
    assert "getting the file" in alice.get(f"uploads/{picture.public_id}").json()["reason"]
    assert picture.delivery.address == "https://lakes.test/lake.jpg"


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://127.0.0.1/x.jpg", Unfetched.NOT_PUBLIC),
        ("http://[64:ff9b::a9fe:a9fe]/", Unfetched.NOT_PUBLIC),
        ("http://a:b@lakes.test/", Unfetched.WITH_PASSWORD),
        ("http://lakes.test:8080/", Unfetched.OTHER_PORT),
        ("file:///etc/passwd", Unfetched.NOT_AN_ADDRESS),
    ],
)
def test_an_address_that_nobody_need_ask(alice: Actor, address: str, reason: Unfetched) -> None:
    body = problem_of(alice.post("uploads/by-url", {"url": address}), 422)
    assert (body["refusal"], body["detail"]) == (reason, reason.message)
    assert not Picture.objects.exists()


def test_where_it_is_turned_off(alice: Actor, settings: Any) -> None:
    settings.DEDUPE = {"upload_by_url": False}
    problem_of(alice.post("uploads/by-url", {"url": "https://lakes.test/lake.jpg"}), 403)


def test_the_reason_of_a_failed_fetch_is_told(alice: Actor, upload: Upload) -> None:
    upload_id = alice.post("uploads/by-url", {"url": "http://localhost/lake.jpg"}).json()["id"]
    workflow.receive_picture(Picture.objects.get().pk)
    told = alice.get(f"uploads/{upload_id}").json()
    assert (told["state"], told["refusal"]) == ("rejected", "address_not_public")
    assert told["reason"] == Unfetched.NOT_PUBLIC.message
