"""A person's page, for everybody."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from board.models import Comment, Gallery, GalleryPlace, User
from board.pages import profile
from dedupe import workflow
from dedupe.models import Picture, State
from tests.board.pages.conftest import at, text
from tests.pairs import asked, published


@pytest.fixture
def picture(bob: User) -> Picture:
    return published(bob, "The harbour")


def test_it_shows_what_is_public(client: Client, bob: User, picture: Picture) -> None:
    Comment.objects.create(picture=picture, author=bob, text="Hm")
    page = text(client.get(at("profile", "BOB")))
    for words in ("<h1>bob</h1>", "1 picture", "1 comment", at("picture", picture.public_id), "Here since"):
        assert words in page
    assert client.get(at("profile", "nobody")).status_code == 404


def test_what_is_not_published_is_neither_shown_nor_counted(
    client: Client, as_alice: Client, as_mod: Client, as_bob: Client, bob: User, picture: Picture
) -> None:
    hidden = [
        asked(bob),
        published(bob, "Refused", state=State.REJECTED, refusal="unreadable"),
        published(bob, "Waiting", state=State.STAGED),
    ]
    taken_back = published(bob, "Regretted")
    Comment.objects.create(picture=taken_back, author=bob, text="Hm")
    workflow.withdraw(bob, taken_back)
    for browser in (client, as_alice, as_mod, as_bob):
        page = text(browser.get(at("profile", "bob")))
        assert "1 picture " in page
        assert "0 comments" in page
        for each in [*hidden, taken_back]:
            assert each.public_id not in page


def test_galleries_are_listed_with_what_they_show(client: Client, bob: User, picture: Picture) -> None:
    gallery = Gallery.objects.create(owner=bob, title="By the <sea>")
    for number, each in enumerate((picture, asked(bob))):
        GalleryPlace.objects.create(gallery=gallery, picture=each, position=number)
    page = text(client.get(at("profile", "bob")))
    assert "By the &lt;sea&gt;" in page
    assert "<small>1</small>" in page


def test_one_finds_ones_own_things_there(as_bob: Client, as_alice: Client, bob: User) -> None:
    assert at("favourites") in text(as_bob.get(at("profile", "bob")))
    assert at("favourites") not in text(as_alice.get(at("profile", "bob")))
    assert "has not published anything" in text(as_alice.get(at("profile", "bob")))


def test_pages_follow_each_other(client: Client, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile, "PAGE", 2)
    pictures = [published(bob) for _ in range(5)]
    published(None)
    seen: list[Picture] = []
    address = at("profile", "bob")
    while address:
        context = client.get(address).context
        seen += context["pictures"]
        address = f"{at('profile', 'bob')}?before={context['older']}" if context["older"] else ""
    assert seen == pictures[::-1]


def test_names_lead_to_it(client: Client, as_bob: Client, picture: Picture, bob: User) -> None:
    assert at("profile", "bob") in text(client.get(at("picture", picture.public_id)))
    workflow.withdraw(bob, picture)
    assert at("profile", "bob") in text(as_bob.get(at("history")))


def test_the_number_of_queries_does_not_grow(
    client: Client, bob: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(10):
        published(bob)
        Gallery.objects.create(owner=bob, title=f"{number}")
    with django_assert_max_num_queries(7):
        assert client.get(at("profile", "bob")).status_code == 200
