"""The page of a picture as visitors see it: made once, given again while nothing on it changes, and never too old."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from board.comments import remove_comment, write_comment
from board.favourites import add_favourite
from board.galleries import add_picture, change_gallery, delete_gallery, make_gallery, remove_picture
from board.models import Gallery, Tag, User
from dedupe.models import Match, Picture, Rendition, State, Verdict
from tests.board.pages.conftest import at, browser_of
from tests.board.pages.test_query_counts import queries_of
from tests.cases import case_about, published

_TOKEN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")[^"]+')


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    caches["pages"].clear()


@pytest.fixture
def lake(bob: User) -> Picture:
    return published(bob, tags=("dusk",))


def seen(picture: Picture) -> str:
    """The page as a visitor gets it, without the token."""
    answer = Client().get(at("picture", picture.public_id))
    assert answer.status_code == 200
    return _TOKEN.sub("", answer.content.decode())


def variant_of(picture: Picture, owner: User) -> Match:
    other = published(owner)
    match = case_about(other, picture).match
    assert match is not None
    match.verdict = Verdict.VARIANT
    match.save()
    return match


@pytest.fixture
def lively(lake: Picture, alice: User, bob: User) -> SimpleNamespace:
    """The picture with all that a page can show."""
    gallery = make_gallery(alice, "Dusks")
    add_picture(alice, gallery, lake)
    add_favourite(alice, lake)
    old = published(alice, state=State.WITHDRAWN, duplicate_of=lake)
    return SimpleNamespace(
        lake=lake,
        gallery=gallery,
        comment=write_comment(alice, lake, "How still it lies."),
        variant=variant_of(lake, alice),
        old=old,
        alice=alice,
        bob=bob,
    )


def rename_owner(life: SimpleNamespace) -> None:
    User.objects.filter(pk=life.bob.pk).update(username="bobby")


def rename_author(life: SimpleNamespace) -> None:
    User.objects.filter(pk=life.alice.pk).update(username="alicia")


def retitle(life: SimpleNamespace) -> None:
    life.lake.post.title = "The lake at dusk"
    life.lake.post.save()


def retitle_variant(life: SimpleNamespace) -> None:
    life.variant.query.post.title = "The other lake"
    life.variant.query.post.save()


def swap_a_tag(life: SimpleNamespace) -> None:
    life.lake.post.tags.set(Tag.of_names(["dawn"]))


def lose_a_rendition(life: SimpleNamespace) -> None:
    Rendition.objects.filter(picture=life.lake, kind="large").delete()


def withdraw_variant(life: SimpleNamespace) -> None:
    Picture.objects.filter(pk=life.variant.query_id).update(state=State.WITHDRAWN, state_since=timezone.now())


def bring_back_the_old(life: SimpleNamespace) -> None:
    Picture.objects.filter(pk=life.old.pk).update(state=State.LIVE, duplicate_of=None)


def another_leads_here(life: SimpleNamespace) -> None:
    published(life.alice, state=State.WITHDRAWN, duplicate_of=life.lake)


CHANGES: list[Callable[[SimpleNamespace], object]] = [
    rename_owner,
    rename_author,
    retitle,
    retitle_variant,
    swap_a_tag,
    lose_a_rendition,
    withdraw_variant,
    bring_back_the_old,
    another_leads_here,
    lambda life: write_comment(life.bob, life.lake, "It does."),
    lambda life: remove_comment(life.alice, life.comment),
    lambda life: add_favourite(life.bob, life.lake),
    lambda life: variant_of(life.lake, life.bob),
    lambda life: Match.objects.filter(pk=life.variant.pk).update(verdict=Verdict.DIFFERENT),
    lambda life: change_gallery(life.alice, life.gallery, title="Evenings", description=""),
    lambda life: remove_picture(life.alice, life.gallery, life.lake),
    lambda life: delete_gallery(life.alice, Gallery.objects.get(pk=life.gallery.pk)),
    lambda life: Picture.objects.filter(pk=life.lake.pk).update(damaged=True),
]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_is_seen_at_once(
    lively: SimpleNamespace, change: Callable[[SimpleNamespace], object]
) -> None:
    before = seen(lively.lake)
    assert seen(lively.lake) == before
    change(lively)
    after = seen(lively.lake)
    assert after != before
    caches["pages"].clear()
    assert seen(lively.lake) == after


def test_a_page_that_is_kept_asks_for_nothing_but_its_mark(lively: SimpleNamespace) -> None:
    address = at("picture", lively.lake.public_id)
    assert queries_of(Client(), address)
    assert not queries_of(Client(), address), "the glance goes past the cursor that is listened to"


def test_an_old_address_leads_on_until_it_is_undone(lively: SimpleNamespace) -> None:
    address = at("picture", lively.old.public_id)
    assert not queries_of(Client(), address)
    assert Client().get(address)["Location"] == at("picture", lively.lake.public_id)
    bring_back_the_old(lively)
    assert Client().get(address).status_code == 200


@pytest.mark.parametrize(
    ("state", "status"), [(State.REMOVED, 410), (State.WITHDRAWN, 410), (State.HELD, 404)]
)
def test_what_is_taken_down_is_gone_with_the_next_request(lake: Picture, state: State, status: int) -> None:
    seen(lake)
    Picture.objects.filter(pk=lake.pk).update(state=state)
    assert Client().get(at("picture", lake.public_id)).status_code == status


def test_each_visitor_has_a_token_that_works(lake: Picture) -> None:
    first, second = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    tokens = [
        _TOKEN.findall(each.get(at("picture", lake.public_id)).content.decode())[0]
        for each in (first, second)
    ]
    assert tokens[0] != tokens[1]
    for each, token in zip((first, second), tokens, strict=True):
        form = {"language": "de", "next": "/", "csrfmiddlewaretoken": token}
        assert each.post(at("choose-language"), form).status_code == 302
    form = {"language": "de", "next": "/", "csrfmiddlewaretoken": tokens[0]}
    assert second.post(at("choose-language"), form).status_code == 403


def test_languages_are_kept_apart(lake: Picture) -> None:
    address = at("picture", lake.public_id)
    english, german = (Client(headers={"accept-language": each}) for each in ("en", "de"))
    for _ in range(2):
        assert "Comments" in english.get(address).content.decode()
        assert "Kommentare" in german.get(address).content.decode()


def test_who_is_signed_in_gets_a_page_of_their_own_which_nobody_else_gets(lake: Picture, alice: User) -> None:
    visitors = seen(lake)
    hers = browser_of(alice).get(at("picture", lake.public_id)).content.decode()
    assert "Your comment" in hers
    assert "Your comment" not in visitors
    assert seen(lake) == visitors


def test_a_question_in_the_address_is_answered(lake: Picture, alice: User) -> None:
    first = write_comment(alice, lake, "First.")
    seen(lake)
    page = Client().get(f"{at('picture', lake.public_id)}?earlier={first.pk}").content.decode()
    assert "First." not in page


def test_the_headers_are_those_of_every_page(lake: Picture) -> None:
    address = at("picture", lake.public_id)
    made, again = (Client().get(address) for _ in range(2))
    passing = {"X-Request-ID", "Set-Cookie"}
    assert {k: v for k, v in made.headers.items() if k not in passing} == {
        k: v for k, v in again.headers.items() if k not in passing
    }
    assert again["Cache-Control"] == "private, no-cache"
    assert "Cookie" in again["Vary"]
