"""Who may do what: roles × addresses × methods, each cell asked of the real site with real objects.

The cells stand in permission_rows.py. A new address without a row fails ``test_every_address_has_a_row``. To add one:

1. Write a line: the address with the names of objects in braces; each method that it takes with six letters, one a
   role; ``*=`` if the other methods are answered by something else than 405 (a page behind ``login_required`` asks a
   visitor to sign in first); and after ``with`` what a POST or DELETE sends, so that it would succeed.
2. If it speaks of an object that is not there yet, add it to ``world``: Alice is the owner of everything that the
   table says ``owner`` of, and what succeeds is rolled back before the next cell.
3. Give the same address several lines where it behaves differently by object: ``/pictures/{live}``, ``{held}``.

The admin's many addresses are one line, ``/admin/**``: its door stands before every method. A refusal of the API must
be a problem document besides.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve

from board import galleries
from board.models import ApiToken, Comment, User
from board.roles import SiteRole
from dedupe import workflow
from dedupe.models import Match, State, Verdict
from tests.board.permission_rows import rows
from tests.people import person
from tests.uploads import Upload, jpeg, own_media, scene, upload

__all__ = ["own_media", "upload"]

ROLES = ("visitor", "other person", "owner", "reviewer", "moderator", "operator")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
REST = "/admin/**"


@pytest.fixture
def people(db: None) -> dict[str, User | None]:
    return {
        "visitor": None,
        "other person": person("bob"),
        "owner": person("alice"),
        "reviewer": person("rita", SiteRole.REVIEWER),
        "moderator": person("mona", SiteRole.MODERATOR),
        "operator": person("olaf", SiteRole.OPERATOR),
    }


@pytest.fixture
def world(people: Any, upload: Upload, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The objects that the table names: Alice's, but for Carol's picture, of which hers are look-alikes."""
    for module in ("submission", "deliveries"):
        monkeypatch.setattr(f"dedupe.workflow.{module}.ring", lambda *_: True)
    alice, carol = people["owner"], person("carol")
    theirs = upload(carol, jpeg(scene(), 92))
    live = upload(alice, jpeg(scene(2)))
    copy, taken, held = (upload(alice, jpeg(scene(), quality)) for quality in (75, 70, 60))
    assert [each.state for each in (theirs, live, held)] == [State.LIVE, State.LIVE, State.HELD]
    answer = workflow.answer(alice, copy, Match.objects.get(query=copy), Verdict.SAME)
    workflow.withdraw(alice, taken)
    removal = workflow.withdraw(people["moderator"], upload(alice, jpeg(scene(3))))
    gallery = galleries.make_gallery(alice, "Lakes")
    galleries.add_picture(alice, gallery, live)
    return {
        "live": live.public_id,
        "theirs": theirs.public_id,
        "held": held.public_id,
        "copy": copy.public_id,
        "taken": taken.public_id,
        "live_key": live.renditions.get(kind="small").key,
        "held_key": held.renditions.get(kind="small").key,
        "checksum": live.checksum,
        "match": Match.objects.about(held).get(candidate=theirs).pk,
        "answer": answer.pk,
        "removal": removal.pk,
        "notice": removal.notices.get().pk,
        "comment": Comment.objects.create(picture=live, author=alice, text="Hello").pk,
        "gallery": gallery.pk,
        "case": workflow.report_picture(carol, live, "Have a look").pk,
        "token": ApiToken.issue(alice, "laptop")[0].pk,
    }


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Thousands of refusals are not worth a traceback each; what ``/readyz`` asks has tests of its own."""
    monkeypatch.setattr("board.health.CHECKS", {})
    logs = [logging.getLogger(name) for name in ("django.request", "axes")]
    levels = [log.level for log in logs]
    for log in logs:
        log.setLevel(logging.CRITICAL)
    yield
    for log, level in zip(logs, levels, strict=True):
        log.setLevel(level)


@pytest.fixture
def cookies(people: dict[str, User | None]) -> dict[str, str]:
    """The session of each role."""
    found = {}
    for role, user in people.items():
        client = Client()
        if user is not None:
            client.force_login(user)
        found[role] = client.cookies.output(header="", sep=";")
    return found


def ask(cookie: str, method: str, address: str, body: dict[str, Any]) -> str:
    """The letter of what a role gets; what it changed is rolled back."""
    client = Client()
    client.cookies = SimpleCookie(cookie)
    client.raise_request_exception = False
    given: dict[str, Any] = {}
    if method not in {"GET", "HEAD"}:
        is_api = address.startswith("/api/")
        data = {name: _value(value) if is_api else value for name, value in body.items()}
        given = (
            {"data": data, "content_type": "application/json"}
            if is_api or method != "POST"
            else {"data": data}
        )
    with transaction.atomic():
        response = getattr(client, method.lower())(address, **given)
        transaction.set_rollback(True)
    if (
        address.startswith("/api/")
        and response.status_code >= 400
        and "problem" not in response["Content-Type"]
    ):
        return "?"
    return letter_of(response.status_code, response.headers.get("Location", ""))


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def letter_of(status: int, location: str) -> str:
    if status == 401 or (status == 302 and re.match(r"/(admin/login/|sign-in)\?next=", location)):
        return "s"
    named = {400: "b", 422: "b", 403: "f", 404: "-", 405: "x", 409: "c", 410: "g"}
    return named.get(status, {2: "o", 3: ">"}.get(status // 100, str(status)))


@pytest.mark.timeout(900)
@pytest.mark.hostile("input 17")
def test_every_cell(world: dict[str, Any], cookies: dict[str, str]) -> None:
    """One state of the database for the whole table."""
    wrong = []
    for row in rows():
        if row.address == REST:
            continue
        address = row.address.format(**world)
        body = {name: value.format(**world) for name, value in row.body.items()}
        for method in METHODS:
            found = "".join(ask(cookies[role], method, address, body) for role in ROLES)
            if not _fits(found, row.expected(method)):
                wrong.append(f"{method:6} {row.address}: {found}, not {row.expected(method)}")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.timeout(900)
@pytest.mark.hostile("input 17")
def test_the_admin_is_for_operators(world: dict[str, Any], cookies: dict[str, str]) -> None:
    (row,) = [row for row in rows() if row.address == REST]
    named = {_route(row.address.format(**world)) for row in rows() if row.address != REST}
    wrong = []
    for route in addresses():
        if not route.startswith("admin/") or route in named:
            continue
        for method in row.letters:
            found = "".join(ask(cookies[role], method, f"/{_filled(route)}", {}) for role in ROLES)
            if not _fits(found, row.letters[method]):
                wrong.append(f"{method:6} {route}: {found}")
    assert wrong == [], "\n".join(wrong)


def _fits(found: str, expected: str) -> bool:
    return all(f == e or (e == "." and f in "o>f-xb") for f, e in zip(found, expected, strict=True))


def _filled(route: str) -> str:
    """An address of an admin route, whose objects need not exist: the door is asked first."""
    plain = route.replace("^(?P<app_label>auth|board|dedupe|axes)/$", "dedupe/").replace(
        "(?P<url>.*)$", "nowhere"
    )
    return re.sub(r"<[^>]+>", "1", plain)


@pytest.mark.hostile("input 17")
def test_every_address_has_a_row(world: dict[str, Any]) -> None:
    covered = {_route(row.address.format(**world)) for row in rows() if row.address != REST}
    missing = [route for route in addresses() if route not in covered and not route.startswith("admin/")]
    assert missing == [], "add a line for each to permission_rows.py"


def _route(address: str) -> str:
    return resolve(address.partition("?")[0]).route


def addresses() -> list[str]:
    """Every address of the site, as its pattern is written."""
    return sorted(set(_walk(get_resolver(), "")))


def _walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route)
        else:
            yield route


def test_the_table_is_well_formed() -> None:
    for row in rows():
        assert set(row.letters) <= {*METHODS, "*"}, row.address
        assert all(len(letters) == len(ROLES) for letters in row.letters.values()), row.address
