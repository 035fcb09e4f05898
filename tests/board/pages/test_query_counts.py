"""No page asks the database more often when it shows more rows: three of them, and thirty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from board.models import Post, Tag, User
from dedupe.models import Decision, DecisionKind, LedgerEntry, Match, Picture, Rendition, Role, State, Verdict
from tests.board.pages.conftest import at, browser_of

Fill = Callable[[int], None]


def picture_of(owner: User, state: State = State.LIVE, **more: Any) -> Picture:
    """A picture as the analysis leaves it, without the analysis."""
    number = Picture.objects.count()
    picture = Picture.objects.create(
        owner=owner,
        state=state,
        checksum=f"{number:064d}",
        storage_key=f"k{number}",
        size_bytes=1000,
        format="jpeg",
        width=320,
        height=240,
        published_at=timezone.now(),
        **more,
    )
    for kind in Rendition.DISPLAYED:
        Rendition.objects.create(
            picture=picture,
            kind=kind,
            key=f"{number}-{kind}.webp",
            width=320,
            height=240,
            mime="image/webp",
            size_bytes=100,
        )
    post = Post.objects.create(picture=picture, title=f"Picture {number}")
    post.tags.set(Tag.of_names(["lake", f"tag_{number}"]))
    return picture


def pair(query: Picture, candidate: Picture, verdict: str = "") -> Match:
    return Match.objects.create(
        query=query,
        candidate=candidate,
        relation="resized",
        probability=0.9,
        distance=4,
        algorithm_version=1,
        settings_version="x",
        confident=True,
        verdict=verdict,
        routes=["hash0"],
    )


def decided(picture: Picture, match: Match, actor: User) -> Decision:
    decision = Decision.objects.create(
        kind=DecisionKind.ANSWER,
        picture=picture,
        match=match,
        actor=actor,
        role=Role.UPLOADER,
        verdict=Verdict.VARIANT,
        reason="Another evening",
    )
    LedgerEntry.objects.create(
        decision=decision, model="dedupe.picture", row=picture.pk, field="state", before="held", after="live"
    )
    return decision


@pytest.fixture
def shown(alice: User) -> Picture:
    return picture_of(alice)


@pytest.fixture
def life(alice: User, bob: User, shown: Picture) -> Fill:
    """Give the picture of the page so many variants, redirects, decisions and tags, and the site so many uploads."""

    def fill(count: int) -> None:
        for _ in range(count):
            variant = picture_of(alice)
            decided(shown, pair(variant, shown, Verdict.VARIANT), alice)
            decided(variant, Match.objects.latest("id"), alice)
            picture_of(bob, State.WITHDRAWN, duplicate_of=shown)
            pair(picture_of(alice, State.HELD), shown)
        shown.post.tags.add(*Tag.of_names(f"more_{number}" for number in range(count)))

    return fill


PAGES = {
    "gallery": lambda shown: at("gallery"),
    "gallery by tag": lambda shown: at("gallery") + "?q=lake",
    "picture": lambda shown: at("picture", shown.public_id),
    "uploads": lambda shown: at("uploads"),
    "decisions": lambda shown: at("history"),
    "statistics": lambda shown: at("stats"),
}


@pytest.mark.parametrize("who", ["visitor", "owner", "operator"])
@pytest.mark.parametrize("page", PAGES)
def test_the_number_of_queries_does_not_grow(
    page: str, who: str, shown: Picture, life: Fill, alice: User, mod: User
) -> None:
    browser = browser_of({"visitor": None, "owner": alice, "operator": mod}[who])
    address = PAGES[page](shown)
    life(3)
    few = queries_of(browser, address)
    life(27)
    many = queries_of(browser, address)
    assert len(many) == len(few), "\n".join(sorted(set(many) - set(few)))


def queries_of(browser: Client, address: str) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert browser.get(address).status_code < 500
    return [query["sql"] for query in queries]


MOST = {"gallery": 9, "picture": 24, "uploads": 9, "decisions": 10}


@pytest.mark.parametrize("page", MOST)
def test_a_page_of_an_ordinary_person_takes_few(page: str, shown: Picture, life: Fill, alice: User) -> None:
    life(3)
    assert len(queries_of(browser_of(alice), PAGES[page](shown))) <= MOST[page]


def test_roles_cost_a_visitor_nothing_and_a_person_one_query(shown: Picture, bob: User) -> None:
    address = at("picture", shown.public_id)
    asking = [sql for sql in queries_of(browser_of(bob), address) if "auth_permission" in sql]
    assert len(asking) == 1
    assert not [sql for sql in queries_of(Client(), address) if "auth_permission" in sql]
