"""The gallery."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from board.models import User
from board.pages import gallery
from dedupe.models import Picture
from tests.board.pages.conftest import Upload, at, jpeg, text


@pytest.mark.django_db
def test_an_empty_board_invites(client: Client) -> None:
    page = text(client.get("/"))
    assert "No pictures yet" in page
    assert at("upload") in page


def test_it_shows_live_pictures_only(client: Client, live: Picture, held: Picture) -> None:
    page = text(client.get("/"))
    assert at("picture", live.public_id) in page
    assert at("picture", held.public_id) not in page
    assert "alps" not in page, "nor the tags of what is not published"


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=lake", True), ("q=lake+dusk", True), ("q=lake+alps", False), ("tag=DUSK", True), ("q=%00%22", True)],
)
def test_all_words_must_match(client: Client, live: Picture, query: str, found: bool) -> None:
    assert (at("picture", live.public_id) in text(client.get(f"/?{query}"))) is found


def test_a_search_in_vain_leads_back(client: Client, live: Picture) -> None:
    page = text(client.get("/?q=nothing <b>"))
    assert "No picture has all of these tags" in page
    assert "<b>" not in page


def test_pages_follow_each_other_without_gaps(
    client: Client, upload: Upload, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery, "PAGE", 2)
    pictures = [upload(bob, jpeg(seed)) for seed in range(1, 6)]
    seen: list[str] = []
    address = "/"
    while address:
        context = client.get(address).context
        seen += [each.public_id for each in context["pictures"]]
        address = f"/?before={context['older']}" if context["older"] else ""
    assert seen == [each.public_id for each in reversed(pictures)]
    assert "That was the oldest" in text(client.get(f"/?before={pictures[0].public_id}"))


def test_the_number_of_queries_does_not_grow(
    client: Client, upload: Upload, bob: User, django_assert_max_num_queries: Any
) -> None:
    for seed in range(1, 7):
        upload(bob, jpeg(seed), tags=["lake"])
    with django_assert_max_num_queries(4):
        assert client.get("/?q=lake").status_code == 200
