"""The index of tags, and tags on the page of a picture."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from board.models import User
from board.pages import tags
from dedupe.models import State
from tests.board.pages.conftest import at, text
from tests.board.rows import published

pytestmark = pytest.mark.django_db


def test_an_empty_index_says_where_tags_come_from(client: Client) -> None:
    assert "No tags yet" in text(client.get(at("tags")))


def test_tags_of_published_pictures_are_listed_with_counts(client: Client, bob: User) -> None:
    published(bob, tags=["lake", "old_boat"])
    published(bob, tags=["lake"])
    published(bob, tags=["secret"], state=State.HELD)
    page = text(client.get(at("tags")))
    assert [tag.name for tag in client.get(at("tags")).context["tags"]] == ["lake", "old_boat"]
    assert '2<span class="unseen"> pictures</span>' in page
    assert '1<span class="unseen"> picture</span>' in page
    assert "secret" not in page


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("la", ["lake", "lamp"]),
        ("LAK", ["lake"]),
        ("old b", ["old_boat"]),
        ("ake", []),
        ("%00", ["lake", "lamp", "old_boat"]),
    ],
)
def test_searching_by_the_beginning(client: Client, bob: User, typed: str, found: list[str]) -> None:
    published(bob, tags=["lake", "lamp", "old_boat"])
    response = client.get(f"{at('tags')}?q={typed}")
    assert [tag.name for tag in response.context["tags"]] == found
    assert ("No tag begins so" in text(response)) is (not found)


def test_pages_follow_each_other_without_gaps(
    client: Client, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tags, "PAGE", 2)
    published(bob, tags=["a", "b", "c", "d", "e"])
    seen: list[str] = []
    address = at("tags")
    while address:
        context = client.get(address).context
        seen += [tag.name for tag in context["tags"]]
        address = f"{at('tags')}?after={context['next']}" if context["next"] else ""
    assert seen == ["a", "b", "c", "d", "e"]
    assert "That was the last tag" in text(client.get(f"{at('tags')}?after=zz"))


def test_the_page_of_a_picture_counts_its_tags(
    client: Client, bob: User, django_assert_max_num_queries: Any
) -> None:
    picture = published(bob, tags=["lake", *(f"t{number}" for number in range(20))])
    published(bob, tags=["lake"])
    published(bob, tags=["lake"], state=State.REMOVED)
    with django_assert_max_num_queries(9):
        page = text(client.get(at("picture", picture.public_id)))
    assert '<span class="cut">lake</span> <small title="Pictures with this tag">2</small>' in page


def test_the_index_takes_one_query(client: Client, bob: User, django_assert_num_queries: Any) -> None:
    published(bob, tags=[f"t{number}" for number in range(50)])
    with django_assert_num_queries(1):
        client.get(at("tags"))
