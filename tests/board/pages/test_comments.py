"""Comments on the page of a picture."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from board import comments
from board.models import Comment, User
from board.pages import talk
from dedupe import workflow
from dedupe.models import Picture
from tests.board.pages.conftest import HOSTILE, at, text
from tests.pairs import asked, published


@pytest.fixture
def picture(bob: User) -> Picture:
    return published(bob)


def say(picture: Picture, author: User, *texts: str) -> list[Comment]:
    """Comments a minute apart, the last one now."""
    start = timezone.now() - timedelta(minutes=len(texts))
    return [
        Comment.objects.create(
            picture=picture, author=author, text=each, created_at=start + timedelta(minutes=number)
        )
        for number, each in enumerate(texts)
    ]


def test_a_comment_is_read_by_everybody(client: Client, as_alice: Client, picture: Picture) -> None:
    response = as_alice.post(at("comment", picture.public_id), {"text": "Lovely\r\nlight"})
    said = Comment.objects.get()
    assert response["Location"] == f"{at('picture', picture.public_id)}#comment-{said.pk}"
    page = text(client.get(at("picture", picture.public_id)))
    assert "Lovely\nlight</p>" in page
    assert at("profile", "alice") in page
    assert at("remove-comment", said.pk) not in page


def test_what_was_typed_is_escaped_and_nothing_becomes_a_link(
    client: Client, as_alice: Client, picture: Picture
) -> None:
    as_alice.post(at("comment", picture.public_id), {"text": f"{HOSTILE} https://spam.example/"})
    page = text(client.get(at("picture", picture.public_id)))
    assert "<svg onload" not in page
    assert 'href="https://spam' not in page
    assert "https://spam.example/" in page


def test_what_is_too_long_is_said_and_kept(as_alice: Client, picture: Picture) -> None:
    response = as_alice.post(at("comment", picture.public_id), {"text": "w" * 2005})
    page = text(response)
    assert response.status_code == 400
    assert "at most 2,000 characters; this one has 2,005" in page
    assert "w" * 2005 in page
    assert not Comment.objects.exists()


def test_a_flood_is_answered_in_words(
    as_alice: Client, picture: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comments, "AT_ONCE", 1)
    as_alice.post(at("comment", picture.public_id), {"text": "first"})
    response = as_alice.post(at("comment", picture.public_id), {"text": "second thoughts"})
    assert response.status_code == 429
    assert "Please wait a little" in text(response)
    assert "second thoughts</textarea>" in text(response)


def test_who_may_remove_which(
    as_alice: Client, as_bob: Client, as_mod: Client, client: Client, alice: User, picture: Picture
) -> None:
    first, second = say(picture, alice, "first words", "second words")
    refused = at("remove-comment", first.pk)
    assert as_bob.post(refused).status_code == 404, "also not by the picture's owner"
    assert client.post(refused).status_code == 302
    assert Comment.objects.filter(removed_at=None).count() == 2
    assert (
        as_alice.post(refused).status_code == as_mod.post(at("remove-comment", second.pk)).status_code == 302
    )
    page = text(client.get(at("picture", picture.public_id)))
    assert "first words" not in page
    assert "second words" not in page
    again = as_alice.post(refused)
    assert again.status_code == 409
    assert "removed already" in text(again)


def test_comments_of_what_is_not_published_are_for_insiders(
    client: Client, as_bob: Client, as_alice: Client, alice: User, bob: User, picture: Picture
) -> None:
    say(picture, alice, "hidden words")
    workflow.withdraw(bob, picture)
    address = at("picture", picture.public_id)
    assert "hidden words" not in text(client.get(address))
    assert "hidden words" not in text(as_alice.get(f"{address}?stay=1"))
    assert "hidden words" in text(as_bob.get(f"{address}?stay=1"))
    assert as_alice.post(at("comment", picture.public_id), {"text": "x"}).status_code == 404
    assert as_bob.post(at("comment", picture.public_id), {"text": "x"}).status_code == 409


def test_a_held_upload_cannot_be_commented_on(as_alice: Client, as_bob: Client, alice: User) -> None:
    upload = asked(alice)
    assert as_bob.post(at("comment", upload.public_id), {"text": "x"}).status_code == 404
    response = as_alice.post(at("comment", upload.public_id), {"text": "x"})
    assert response.status_code == 409
    assert "not published" in text(response)


def test_visitors_are_asked_to_sign_in(client: Client, picture: Picture) -> None:
    assert client.post(at("comment", picture.public_id), {"text": "x"}).status_code == 302
    assert "to say something" in text(client.get(at("picture", picture.public_id)))
    assert client.get(at("comment", picture.public_id)).status_code in {302, 405}


def shown(response: Any) -> list[str]:
    return [comment.text for comment, _ in response.context["talk"].lines]


def test_pages_of_comments_lead_both_ways(
    client: Client, alice: User, picture: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk, "PAGE", 2)
    say(picture, alice, "1", "2", "3", "4", "5")
    address = at("picture", picture.public_id)
    newest = client.get(address)
    assert (shown(newest), newest.context["talk"].later) == (["4", "5"], None)
    middle = client.get(f"{address}?earlier={newest.context['talk'].earlier}")
    assert shown(middle) == ["2", "3"]
    first = client.get(f"{address}?earlier={middle.context['talk'].earlier}")
    assert (shown(first), first.context["talk"].earlier) == (["1"], None)
    assert shown(client.get(f"{address}?later={first.context['talk'].later}")) == ["2", "3"]
    last = client.get(f"{address}?later={middle.context['talk'].later}")
    assert (shown(last), last.context["talk"].later) == (["4", "5"], None)


@pytest.mark.parametrize(
    "query", ["earlier=x", "later=-1", "later=²", f"earlier={9 * 10**30}", "later=12345"]
)
def test_a_mistyped_place_shows_the_newest(client: Client, alice: User, picture: Picture, query: str) -> None:
    say(picture, alice, "only one")
    assert shown(client.get(f"{at('picture', picture.public_id)}?{query}")) == ["only one"]


def test_a_removed_comment_still_marks_its_place(client: Client, alice: User, picture: Picture) -> None:
    first, second, _ = say(picture, alice, "1", "2", "3")
    Comment.objects.filter(pk=second.pk).update(removed_at=timezone.now())
    assert shown(client.get(f"{at('picture', picture.public_id)}?earlier={second.pk}")) == [first.text]


def test_fifty_comments_cost_the_queries_of_one(as_bob: Client, bob: User, picture: Picture) -> None:
    address = at("picture", picture.public_id)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked_for:
            assert as_bob.get(address).status_code == 200
        return len(asked_for)

    say(picture, bob, "first")
    one = queries()
    for number in range(49):
        say(picture, User.objects.create_user(f"person{number}"), "more")
    assert queries() == one
