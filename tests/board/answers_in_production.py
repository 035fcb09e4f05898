"""Asks every address of the site as it is set up in production, and prints the answers as JSON.

A process of its own, as a running Django has one set of settings; test_observatory.py starts it. What it makes in the
test database is rolled back.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from unittest import mock

import django

HOST = "board.example.org"
SECRET = "hunter2-in-the-message"


def main() -> None:
    django.setup()
    from django.db import transaction

    # Whether worker and broker answer is asked elsewhere; here there are none, and that takes long to find out.
    with transaction.atomic(), mock.patch("board.health.CHECKS", {}):
        json.dump(list(answers()), sys.stdout)
        transaction.set_rollback(True)


def answers() -> Iterator[dict[str, Any]]:
    """One for each route and kind of visitor, and for each thing that can go wrong."""
    from django.test import Client

    from board.models import User

    names = a_few_rows()
    operator = User.objects.create_superuser("olaf", password="lake-dusk-42")
    plain = User.objects.create_user("paula", password="lake-dusk-42")
    clients = {"visitor": client(), "person": client(plain), "operator": client(operator)}
    for address in addresses(names):
        for who, each in clients.items():
            yield told(who, address, each.get(address, secure=True))
    visitor, person = clients["visitor"], clients["person"]
    yield told("signing in", "/sign-in", signing_in(client()))
    yield told("without CSRF token", "/sign-in", client(strict=True).post("/sign-in", secure=True))
    yield told("plain HTTP", "/tags/", visitor.get("/tags/"))
    yield told("wrong host", "/", Client(SERVER_NAME="evil.example").get("/", secure=True))
    yield told("nothing there", "/nowhere", visitor.get("/nowhere", secure=True))
    yield told("nothing in the API", "/api/v1/nowhere", visitor.get("/api/v1/nowhere", secure=True))
    yield told("not for them", "/stats/", person.get("/stats/", secure=True))
    yield told("not this method", "/tags/", visitor.post("/tags/", secure=True))
    for status, patches in troubles().items():
        with ExitStack() as stack:
            for patch in patches:
                stack.enter_context(patch)
            for address in ("/tags/", "/api/v1/tags?prefix=hi"):
                yield told(f"trouble {status}", address, visitor.get(address, secure=True))


def client(user: Any = None, *, strict: bool = False) -> Any:
    from django.test import Client

    made = Client(SERVER_NAME=HOST, enforce_csrf_checks=strict, raise_request_exception=False)
    if user is not None:
        made.force_login(user)
    return made


def signing_in(browser: Any) -> Any:
    browser.get("/sign-in", secure=True)
    return browser.post("/sign-in", {"username": "paula", "password": "lake-dusk-42"}, secure=True)


def troubles() -> dict[int, list[Any]]:
    """What to break for an answer of each status."""
    from django.db import OperationalError

    from board.limits.counting import Excess
    from board.limits.groups import Group

    excess = mock.Mock(add=mock.Mock(return_value=Excess(Group.EVERYTHING, 20)))
    both = ("board.pages.tags.used_tags", "board.api.tags.suggest_tags")
    return {
        429: [mock.patch("board.limits.refusing.counters", return_value=excess)],
        500: [mock.patch(each, side_effect=KeyError(SECRET)) for each in both],
        503: [mock.patch(each, side_effect=OperationalError(SECRET)) for each in both],
    }


def a_few_rows() -> dict[str, str]:
    """A published picture with a rendition, and one that was taken down."""
    from django.core.files.base import ContentFile
    from django.utils import timezone

    from board.models import Post
    from dedupe import storage
    from dedupe.models import Picture, Rendition, State

    common = {"size_bytes": 1, "width": 4, "height": 3, "storage_key": "none", "published_at": timezone.now()}
    live = Picture.objects.create(state=State.LIVE, checksum="1" * 64, **common)
    gone = Picture.objects.create(state=State.WITHDRAWN, checksum="2" * 64, **common)
    for each in (live, gone):
        Post.objects.create(picture=each)
    key = storage.renditions().save("ab/abcdef.webp", ContentFile(b"RIFF"))
    row = {"picture": live, "width": 4, "height": 3, "mime": "image/webp", "size_bytes": 4}
    Rendition.objects.create(kind=Rendition.Kind.SMALL, key=key, **row)
    return {"picture": live.public_id, "gone": gone.public_id, "key": key}


def addresses(names: dict[str, str]) -> Iterator[str]:
    """An address of each route."""
    import re

    from tests.board import test_permission_table as table

    yield f"/pictures/{names['gone']}"
    yield f"/api/v1/pictures/{names['gone']}"
    for route in table.addresses():
        filled = route.replace("<path:key>", names["key"]).replace("<path:name>", "paula")
        filled = re.sub(r"<(str:public_id|picture_id)>", names["picture"], filled)
        yield f"/{table._filled(filled)}"


def told(who: str, address: str, response: Any) -> dict[str, Any]:
    is_text = not response.streaming
    return {
        "who": who,
        "address": address,
        "status": response.status_code,
        "headers": {name.lower(): value for name, value in response.headers.items()},
        "cookies": [morsel.OutputString() for morsel in response.cookies.values()],
        "leaks": is_text and SECRET in response.content.decode(errors="replace"),
    }


if __name__ == "__main__":
    main()
