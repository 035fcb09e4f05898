"""The heart on a picture's page, and the page of one's favourites."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from board.favourites import add_favourite
from board.models import Favourite, User
from board.pages import favourites
from dedupe import workflow
from dedupe.models import Picture
from tests.board.pages.conftest import at, text
from tests.pairs import asked, published


@pytest.fixture
def picture(bob: User) -> Picture:
    return published(bob)


def press(browser: Client, picture: Picture, keep: str = "1", **more: Any) -> Any:
    return browser.post(at("favourite", picture.public_id), {"keep": keep}, **more)


def test_it_works_without_scripts(as_alice: Client, client: Client, picture: Picture) -> None:
    address = at("picture", picture.public_id)
    assert 'aria-pressed="false"' in text(as_alice.get(address))
    assert press(as_alice, picture)["Location"] == address
    page = text(as_alice.get(address))
    assert 'aria-pressed="true"' in page
    assert "You like it" in page
    assert "One person likes it" in text(client.get(address))
    press(as_alice, picture, keep="0")
    assert 'aria-pressed="false"' in text(as_alice.get(address))


def test_how_many_like_it_is_said(as_alice: Client, client: Client, picture: Picture, mod: User) -> None:
    address = at("picture", picture.public_id)
    for person in (mod, User.objects.create_user("mia")):
        add_favourite(person, picture)
    assert "2 people like it" in text(client.get(address))
    press(as_alice, picture)
    assert "You and 2 others like it" in text(as_alice.get(address))


def test_with_scripts_only_the_button_is_answered(as_alice: Client, picture: Picture) -> None:
    answer = text(press(as_alice, picture, headers={"HX-Request": "true"}))
    assert 'aria-pressed="true"' in answer
    assert "csrfmiddlewaretoken" in answer
    assert "<html" not in answer


def test_pressing_twice_in_two_windows_is_the_same(as_alice: Client, picture: Picture) -> None:
    for keep in ("1", "1", "0", "0"):
        assert press(as_alice, picture, keep).status_code == 302
    assert not Favourite.objects.exists()


def test_visitors_are_led_to_the_sign_in_and_back(client: Client, picture: Picture) -> None:
    address = f"{at('sign-in')}?next={at('picture', picture.public_id)}"
    assert press(client, picture)["Location"] == address
    assert press(client, picture, headers={"HX-Request": "true"})["HX-Redirect"] == address
    assert not Favourite.objects.exists()


def test_what_others_may_not_see_cannot_be_kept(as_bob: Client, as_alice: Client, alice: User) -> None:
    upload = asked(alice)
    assert press(as_bob, upload).status_code == 404
    assert press(as_alice, upload).status_code == 409
    assert as_alice.get(at("favourite", upload.public_id)).status_code == 405


def test_ones_own_page(as_alice: Client, as_bob: Client, client: Client, alice: User, bob: User) -> None:
    assert "No favourites yet" in text(as_alice.get(at("favourites")))
    kept, gone = published(bob), published(bob)
    for picture in (kept, gone):
        add_favourite(alice, picture)
    workflow.withdraw(bob, gone)
    page = text(as_alice.get(at("favourites")))
    assert at("picture", kept.public_id) in page
    assert at("picture", gone.public_id) not in page
    assert at("picture", kept.public_id) not in text(as_bob.get(at("favourites")))
    assert client.get(at("favourites")).status_code == 302


def test_pages_follow_each_other(
    as_alice: Client, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(favourites, "PAGE", 2)
    pictures = [published(bob) for _ in range(5)]
    for picture in pictures:
        add_favourite(alice, picture)
    seen: list[Picture] = []
    address = at("favourites")
    while address:
        context = as_alice.get(address).context
        seen += context["pictures"]
        address = f"{at('favourites')}?before={context['older']}" if context["older"] else ""
    assert seen == pictures[::-1]
    assert as_alice.get(f"{at('favourites')}?before=x").status_code == 200
    last = Favourite.objects.order_by("id")[0]
    assert "That was the oldest" in text(as_alice.get(f"{at('favourites')}?before={last.pk}"))


def test_the_number_of_queries_does_not_grow(
    as_alice: Client, alice: User, bob: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        add_favourite(alice, published(bob))
    with django_assert_max_num_queries(7):
        assert as_alice.get(at("favourites")).status_code == 200
