"""No English slips through: every page of the permission table in a language that brackets what was translated.

Whatever people can read and stands outside the brackets must be something that people have typed, a name, or a unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import translation

from tests.board.permission_rows import rows
from tests.board.test_permission_table import REST, cookies, people, quick, world
from tests.uploads import own_media, upload

__all__ = ["cookies", "own_media", "people", "quick", "upload", "world"]

OPEN, CLOSE = "\ue000", "\ue001"
BRACKET = re.compile(f"([{OPEN}{CLOSE}])")
WALKERS = ("visitor", "owner", "moderator")
UNSPOKEN = {"script", "style", "code", "kbd", "svg"}
SPOKEN = {"alt", "aria-label", "placeholder", "title", "data-elsewhere", "data-title", "data-told"}
WORD = re.compile(r"[^\W\d_]{2,}")
# What the people of the table have typed, names, formats and units.
TYPED = {
    "alice",
    "bob",
    "carol",
    "rita",
    "mona",
    "olaf",
    "Lakes",
    "Hills",
    "Ponds",
    "Lake",
    "Hello",
    "laptop",
}
TYPED |= {"Have", "look", "Look", "Template", "nobody", "jpg", "jpeg", "Doppel", "JPEG", "English", "Deutsch"}
TYPED |= {"kB", "MB", "DOPPEL", "True", "False", "picture", "https"}


@pytest.fixture
def bracketed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is translated comes back in brackets."""
    plain = {
        "gettext": lambda text: f"{OPEN}{text}{CLOSE}",
        "pgettext": lambda context, text: f"{OPEN}{text}{CLOSE}",
        "ngettext": lambda one, several, count: f"{OPEN}{one if count == 1 else several}{CLOSE}",
        "npgettext": lambda context, one, several, count: f"{OPEN}{one if count == 1 else several}{CLOSE}",
    }
    for name, function in plain.items():
        monkeypatch.setattr(translation._trans, name, function, raising=False)


class Reader(HTMLParser):
    """Collects what people read or hear of a page: its texts in one stream, and the attributes that speak."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.stream: list[str] = []
        self.attributes: list[str] = []
        self._inside: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSPOKEN:
            self._inside.append(tag)
        named = dict(attrs)
        self.attributes += [value or "" for name, value in attrs if name in SPOKEN]
        if named.get("name") == "description":
            self.attributes.append(named.get("content") or "")

    def handle_endtag(self, tag: str) -> None:
        if self._inside and tag == self._inside[-1]:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.stream.append(data)


def slips(page: str) -> set[str]:
    """The words of a page that nobody has translated."""
    reader = Reader(page)
    texts = [" ".join(reader.stream), *reader.attributes]
    return {word for text in texts for word in WORD.findall(outside(text)) if word not in TYPED}


def outside(text: str) -> str:
    """What stands outside all brackets."""
    depth, found = 0, []
    for piece in BRACKET.split(text):
        depth += (piece == OPEN) - (piece == CLOSE)
        assert depth >= 0, text
        if depth == 0 and piece != CLOSE:
            found.append(piece)
    assert depth == 0, f"a bracket was cut off: {text}"
    return " ".join(found)


def test_a_word_outside_the_brackets_is_noticed() -> None:
    page = f'<p>{OPEN}Saved <b>alice</b>’s {OPEN}lake{CLOSE}.{CLOSE} Now</p><img alt="{OPEN}A{CLOSE} pond">'
    assert slips(page) == {"Now", "pond"}
    assert slips(f"<code>{OPEN}</code><p>{OPEN}12 kB{CLOSE} alice</p>") == set()


def answers(cookie: str, address: str, body: dict[str, str]) -> Iterator[HttpResponseBase]:
    """What one person gets who opens an address, and who sends its form; what it changed is rolled back."""
    for method in ("get", "post"):
        client = Client()
        client.cookies = SimpleCookie(cookie)
        with transaction.atomic():
            yield getattr(client, method)(address, **({"data": body, "follow": True} if body else {}))
            transaction.set_rollback(True)


@pytest.mark.timeout(600)
def test_no_word_of_a_page_is_left_untranslated(
    world: dict[str, Any], cookies: dict[str, str], bracketed: None
) -> None:
    left: dict[str, set[str]] = {}
    seen = 0
    for row in rows():
        if row.address == REST or row.address.startswith(("/api/", "/admin/")):
            continue
        address = row.address.format(**world)
        body = {name: value.format(**world) for name, value in row.body.items()}
        for role in WALKERS:
            for response in answers(cookies[role], address, body):
                if "text/html" in response.headers.get("Content-Type", ""):
                    seen += 1
                    words = slips(response.content.decode())  # type: ignore[attr-defined]
                    left |= {f"{row.address} as {role}": words} if words else {}
    assert seen > 200
    assert left == {}, "\n".join(f"{where}: {' '.join(sorted(words))}" for where, words in left.items())
