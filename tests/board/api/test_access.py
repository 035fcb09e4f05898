"""Who may do what: roles × routes × methods."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from board import galleries
from board.api import api
from board.models import Comment, User
from dedupe.models import Match, Picture
from dedupe.workflow import report_picture, withdraw
from tests.board.api.conftest import Actor, jpeg, problem_of, scene

SHA = {"sha256": "0" * 64}
ANSWER = {"verdict": "different", "match": 0}

# Route, method, body; then the status for: anonymous, a stranger, the uploader, staff.
# {held} is Alice's held upload, {live} Bob's picture, {case} an open case, {decision} a decision of Alice's,
# {gallery} Alice's gallery of it, {comment} one of hers, {notice} what she is told of.
TABLE = [
    ("GET", "openapi.json", None, 200, 200, 200, 200),
    ("GET", "docs", None, 200, 200, 200, 200),
    ("POST", "precheck", SHA, 401, 200, 200, 200),
    ("POST", "uploads", None, 401, 422, 422, 422),
    ("GET", "uploads", None, 401, 200, 200, 200),
    ("GET", "uploads/{held}", None, 401, 404, 200, 200),
    ("GET", "uploads/nothing", None, 401, 404, 404, 404),
    ("DELETE", "uploads/{held}", None, 401, 404, 200, 200),
    ("POST", "uploads/{held}/decision", ANSWER, 401, 404, 404, 404),
    ("GET", "decisions", None, 401, 200, 200, 200),
    ("DELETE", "decisions/{decision}", None, 401, 404, 200, 200),
    ("DELETE", "decisions/99999999999999999999", None, 401, 404, 404, 404),
    ("GET", "pictures", None, 200, 200, 200, 200),
    ("GET", "pictures/{live}", None, 200, 200, 200, 200),
    ("GET", "pictures/{held}", None, 404, 404, 404, 404),
    ("GET", "pictures/{live}/similar", None, 200, 200, 200, 200),
    ("GET", "pictures/{held}/similar", None, 404, 404, 404, 404),
    ("POST", "pictures/{live}/report", {"reason": "Look"}, 401, 201, 201, 201),
    ("POST", "pictures/{held}/report", {"reason": "Look"}, 401, 404, 404, 404),
    ("GET", "galleries", None, 200, 200, 200, 200),
    ("POST", "galleries", {"title": "Hills"}, 401, 201, 201, 201),
    ("GET", "galleries/{gallery}", None, 200, 200, 200, 200),
    ("GET", "galleries/99999999999999999999", None, 404, 404, 404, 404),
    ("PATCH", "galleries/{gallery}", {"title": "Ponds"}, 401, 403, 200, 403),
    ("DELETE", "galleries/{gallery}", None, 401, 403, 204, 204),
    ("POST", "galleries/{gallery}/pictures", {"picture": "{live}"}, 401, 404, 404, 404),
    ("DELETE", "galleries/{gallery}/pictures/{live}", None, 401, 403, 204, 403),
    ("POST", "galleries/{gallery}/pictures/{live}/move", {"place": 1}, 401, 403, 200, 403),
    ("GET", "tags?prefix=hi", None, 200, 200, 200, 200),
    ("PATCH", "pictures/{live}", {"title": "New"}, 401, 403, 403, 200),
    ("PATCH", "pictures/{held}", {"title": "New"}, 401, 404, 200, 200),
    ("GET", "pictures/{live}/comments", None, 200, 200, 200, 200),
    ("GET", "pictures/{held}/comments", None, 404, 404, 200, 200),
    ("POST", "pictures/{live}/comments", {"text": "Hello"}, 401, 201, 201, 201),
    ("POST", "pictures/{held}/comments", {"text": "Hello"}, 401, 404, 409, 409),
    ("DELETE", "comments/{comment}", None, 401, 404, 204, 204),
    ("POST", "pictures/{live}/favourite", None, 401, 200, 200, 200),
    ("POST", "pictures/{held}/favourite", None, 401, 404, 409, 409),
    ("DELETE", "pictures/{live}/favourite", None, 401, 200, 200, 200),
    ("GET", "favourites", None, 401, 200, 200, 200),
    ("GET", "notices", None, 401, 200, 200, 200),
    ("POST", "notices/read", {"ids": [1]}, 401, 200, 200, 200),
    ("POST", "notices/{notice}/objection", {"reason": "Look"}, 401, 404, 201, 404),
    ("POST", "search", None, 401, 422, 422, 422),
    ("GET", "review", None, 401, 403, 403, 200),
    ("POST", "review/{case}/claim", None, 401, 403, 403, 200),
    ("POST", "review/{case}/decide", {"uphold": True}, 401, 403, 403, 200),
    ("POST", "review/{case}/decide", {"nonsense": 1}, 401, 403, 403, 422),
    ("GET", "stats", None, 401, 403, 403, 200),
    ("GET", "nothing", None, 404, 404, 404, 404),
    ("PUT", "pictures", None, 405, 405, 405, 405),
    ("DELETE", "pictures/{live}", None, 405, 405, 405, 405),
]
ROLES = ("anonymous", "stranger", "uploader", "staff")
CASES = [
    (role, method, path, body, status)
    for method, path, body, *statuses in TABLE
    for role, status in zip(ROLES, statuses, strict=True)
]


@pytest.fixture
def named(alice: Actor, bob: Actor, live: Picture, held: Picture, upload: Any) -> dict[str, Any]:
    """What the routes of the table speak of."""
    own = upload(alice, jpeg(scene(9)))
    decision = alice.delete(f"uploads/{own.public_id}").json()["decision"]
    case = report_picture(bob.user, live, "Have a look")
    gallery = galleries.make_gallery(alice.user, "Lakes")
    galleries.add_picture(alice.user, gallery, live)
    comment = Comment.objects.create(picture=live, author=alice.user, text="Hello")
    removal = withdraw(User.objects.create_user("mia", is_staff=True), upload(alice, jpeg(scene(10))))
    return {
        "held": held.public_id,
        "live": live.public_id,
        "case": case.pk,
        "decision": decision,
        "gallery": gallery.pk,
        "comment": comment.pk,
        "notice": removal.notices.get().pk,
    }


@pytest.fixture
def clients(alice: Actor, mod: Actor) -> dict[str, Client]:
    stranger = Client()
    stranger.force_login(User.objects.create_user("stranger"))
    return {
        "anonymous": Client(),
        "stranger": stranger,
        "uploader": alice.session(),
        "staff": mod.session(),
    }


def test_every_role_on_every_route(named: dict[str, Any], clients: dict[str, Client]) -> None:
    """One database state for the whole table: what succeeds is rolled back."""
    wrong = []
    for role, method, path, body, expected in CASES:
        with transaction.atomic():
            response = clients[role].generic(
                method,
                f"/api/v1/{path.format(**named)}",
                "" if body is None else json.dumps(body),
                content_type="application/json",
            )
            transaction.set_rollback(True)
        if response.status_code != expected:
            wrong.append((role, method, path, response.status_code, expected))
        elif expected >= 400:
            problem_of(response, expected)
    assert wrong == []


def test_the_table_speaks_of_every_operation(db: None) -> None:
    spoken = {(method, _shape(path)) for method, path, *_ in TABLE}
    paths = api.get_openapi_schema()["paths"]
    described = {
        (method.upper(), _shape(path.removeprefix("/api/v1/")))
        for path, operations in paths.items()
        for method in operations
    }
    assert described - spoken == set()


def _shape(path: str) -> tuple[str, ...]:
    fixed = {"uploads", "decisions", "pictures", "review", "search", "stats", "precheck"}
    fixed |= {"decision", "report", "similar", "claim", "decide", "galleries", "move", "tags"}
    fixed |= {"comments", "favourite", "favourites", "notices", "read", "objection"}
    return tuple(part if part in fixed else "{}" for part in path.partition("?")[0].split("/"))


UNSAFE = [row for row in TABLE if row[0] in {"POST", "PATCH", "DELETE"} and row[-1] != 405]


@pytest.mark.parametrize("row", UNSAFE, ids=lambda row: f"{row[0]} {row[1]}")
def test_unsafe_methods_need_the_csrf_token_in_a_session(mod: Actor, row: tuple[Any, ...]) -> None:
    browser = mod.session(enforce_csrf_checks=True)
    path = row[1].format(held="2" * 14, live="2" * 14, case=1, decision=1, gallery=1, comment=1, notice=1)
    response = browser.generic(row[0], f"/api/v1/{path}", "{}", content_type="application/json")
    assert "CSRF" in problem_of(response, 403)["detail"]


def test_the_csrf_token_opens_the_session(alice: Actor, live: Picture) -> None:
    browser = alice.session(enforce_csrf_checks=True)
    browser.cookies["csrftoken"] = "a" * 32
    body = {"sha256": live.checksum}
    response = browser.post(
        "/api/v1/precheck", body, content_type="application/json", headers={"X-CSRFToken": "a" * 32}
    )
    assert response.status_code == 200


def test_a_token_needs_no_csrf_token(alice: Actor, live: Picture) -> None:
    program = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {alice.key}"})
    response = program.post("/api/v1/precheck", {"sha256": live.checksum}, content_type="application/json")
    assert response.json()["known"] is True


def test_a_stranger_learns_nothing_from_a_match(bob: Actor, held: Picture, match: Match) -> None:
    """Not even whether the upload is there: the answer is that for an invented name."""
    real = bob.post(f"uploads/{held.public_id}/decision", {"verdict": "same", "match": match.pk})
    invented = bob.post(f"uploads/{'2' * 14}/decision", {"verdict": "same", "match": match.pk})
    assert real.content == invented.content
    assert bob.get(f"uploads/{held.public_id}").content == bob.get(f"uploads/{'2' * 14}").content
