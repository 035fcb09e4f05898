"""Galleries: the list, the page of one, making, changing, ordering, and putting pictures in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from board import galleries as acts
from board.models import Gallery, GalleryPlace, User
from board.pages import arranging, galleries
from dedupe.models import Picture, State
from tests.board.pages.conftest import at, browser_of, text
from tests.board.rows import published


@pytest.fixture
def lakes(bob: User) -> Gallery:
    """Bob's gallery of the pictures Anna, Berta, Clara."""
    gallery = acts.make_gallery(bob, "Lakes", "Where I swim")
    for title in ("Anna", "Berta", "Clara"):
        acts.add_picture(bob, gallery, published(bob, title))
    return gallery


def called(title: str) -> Picture:
    return Picture.objects.get(post__title=title)


def order(page: str) -> list[str]:
    """The titles on a page in their order."""
    return list(dict.fromkeys(re.findall(r"\b(Anna|Berta|Clara)\b", page)))


def test_an_empty_list_invites(client: Client, db: None) -> None:
    page = text(client.get(at("galleries")))
    assert "No galleries yet" in page
    assert at("new-gallery") in page


def test_everybody_sees_galleries_with_cover_and_count(client: Client, lakes: Gallery) -> None:
    page = text(client.get(at("galleries")))
    cover = called("Anna").rendition("small")
    assert cover is not None
    for words in ("Lakes", "3 pictures", "bob", cover.key, 'width="400" height="300"'):
        assert words in page


def test_only_what_is_published_is_shown_counted_and_a_cover(client: Client, lakes: Gallery) -> None:
    hidden = called("Anna")
    Picture.objects.filter(pk=hidden.pk).update(state=State.WITHDRAWN)
    for address in (at("galleries"), at("gallery-pictures", lakes.pk)):
        page = text(client.get(address))
        assert "2 pictures" in page
        assert hidden.public_id not in page
        assert "Anna" not in page
        assert hidden.renditions.get().key not in page


def test_a_gallery_that_shows_nothing_is_listed_for_its_owner_alone(
    client: Client, as_bob: Client, as_alice: Client, bob: User
) -> None:
    acts.make_gallery(bob, "Plans")
    assert "Plans" in text(as_bob.get(at("galleries")))
    for browser in (client, as_alice):
        assert "Plans" not in text(browser.get(at("galleries")))
    assert "Nothing is in it yet" in text(client.get(at("gallery-pictures", Gallery.objects.get().pk)))


def test_the_list_goes_on_without_gaps(client: Client, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(galleries, "PAGE", 2)
    picture = published(bob)
    made = [acts.make_gallery(bob, f"No. {number}") for number in range(5)]
    for each in made:
        acts.add_picture(bob, each, picture)
    seen: list[int] = []
    address = at("galleries")
    while address:
        context = client.get(address).context
        seen += [each.pk for each in context["galleries"]]
        address = f"{at('galleries')}?before={context['older']}" if context["older"] else ""
    assert seen == [each.pk for each in reversed(made)]
    assert "That was the oldest" in text(client.get(f"{at('galleries')}?before={made[0].pk}"))


@pytest.mark.parametrize("query", ["before=x", "before=99999999999999999999999", "person=%00", "before=²"])
def test_nonsense_in_the_address_breaks_nothing(client: Client, lakes: Gallery, query: str) -> None:
    assert client.get(f"{at('galleries')}?{query}").status_code == 200


def test_one_persons_galleries(client: Client, lakes: Gallery, alice: User) -> None:
    assert "Lakes" in text(client.get(f"{at('galleries')}?person=BOB"))
    assert at("gallery-pictures", lakes.pk) not in text(client.get(f"{at('galleries')}?person=alice"))


def test_the_number_of_queries_does_not_grow(
    client: Client, as_bob: Client, bob: User, lakes: Gallery, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        more = acts.make_gallery(bob, f"No. {number}")
        for _ in range(3):
            acts.add_picture(bob, more, published(bob))
            acts.add_picture(bob, lakes, published(bob))
    with django_assert_max_num_queries(3):
        client.get(at("galleries"))
    with django_assert_max_num_queries(4):
        client.get(at("gallery-pictures", lakes.pk))
    with django_assert_max_num_queries(9):
        as_bob.get(at("gallery-arrange", lakes.pk))


def test_a_gallery_shows_its_pictures_in_order(client: Client, bob: User, lakes: Gallery) -> None:
    acts.move_picture(bob, lakes, called("Clara"), acts.Place(1))
    page = text(client.get(at("gallery-pictures", lakes.pk)))
    assert order(page) == ["Clara", "Anna", "Berta"]
    assert "Where I swim" in page
    assert at("gallery-arrange", lakes.pk) not in page
    assert at("gallery-delete", lakes.pk) not in page


def test_what_is_not_there_is_said(as_bob: Client, bob: User) -> None:
    for name in ("gallery-pictures", "gallery-change", "gallery-arrange"):
        assert as_bob.get(at(name, 999)).status_code == 404
        assert as_bob.get(at(name, 10**30)).status_code == 404


def test_making_one(as_alice: Client) -> None:
    response = as_alice.post(at("new-gallery"), {"title": "Hills", "description": "High ones"}, follow=True)
    assert "“Hills” is made" in text(response)
    assert Gallery.objects.get().owner.username == "alice"
    again = as_alice.post(at("new-gallery"), {"title": "hills", "description": "kept"})
    assert again.status_code == 400
    assert "You have a gallery called “hills” already" in text(again)
    assert "kept" in text(again), "nothing that was typed is lost"


@pytest.mark.parametrize("title", ["", "   ", "x" * 121, "a\x00b"])
def test_a_title_that_does_not_do(as_alice: Client, title: str) -> None:
    response = as_alice.post(at("new-gallery"), {"title": title})
    assert response.status_code == 400
    assert "errorlist" in text(response)


def test_renaming_and_describing(as_bob: Client, lakes: Gallery) -> None:
    as_bob.post(at("gallery-change", lakes.pk), {"title": "Ponds", "description": ""})
    lakes.refresh_from_db()
    assert (lakes.title, lakes.description) == ("Ponds", "")


def test_what_is_typed_is_escaped(as_bob: Client, lakes: Gallery) -> None:
    hostile = '"><svg onload=alert(1)>'
    as_bob.post(at("gallery-change", lakes.pk), {"title": hostile, "description": hostile})
    addresses = [
        at("galleries"),
        *(at(f"gallery-{name}", lakes.pk) for name in ("pictures", "change", "arrange")),
    ]
    for address in [*addresses, at("picture", called("Anna").public_id)]:
        assert "<svg onload" not in text(as_bob.get(address))


ACTS = [
    ("gallery-change", {"title": "x"}),
    ("gallery-delete", {}),
    ("gallery-move", {"step": "1"}),
    ("gallery-remove", {}),
]


@pytest.mark.parametrize(("name", "given"), ACTS)
def test_others_change_nothing(
    as_alice: Client, client: Client, lakes: Gallery, name: str, given: Any
) -> None:
    given = {**given, "picture": called("Anna").public_id}
    assert as_alice.post(at(name, lakes.pk), given).status_code == 403
    response = client.post(at(name, lakes.pk), given)
    assert response["Location"].startswith(at("sign-in"))
    assert Gallery.objects.get().title == "Lakes"
    assert order(text(client.get(at("gallery-pictures", lakes.pk)))) == ["Anna", "Berta", "Clara"]


@pytest.mark.parametrize(("name", "given"), ACTS)
def test_acts_need_a_token_against_forgery(bob: User, lakes: Gallery, name: str, given: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(bob)
    assert browser.post(at(name, lakes.pk), given).status_code == 403


def test_owner_and_staff_delete(as_bob: Client, as_mod: Client, bob: User, lakes: Gallery) -> None:
    assert at("gallery-delete", lakes.pk) in text(as_mod.get(at("gallery-pictures", lakes.pk)))
    assert as_mod.get(at("gallery-change", lakes.pk)).status_code == 403
    assert "“Lakes” is deleted" in text(as_mod.post(at("gallery-delete", lakes.pk), follow=True))
    mine = acts.make_gallery(bob, "Mine")
    assert "deleted" in text(as_bob.post(at("gallery-delete", mine.pk), follow=True))
    assert as_bob.post(at("gallery-delete", mine.pk)).status_code == 404
    assert Picture.objects.live().count() == 3


def test_moving_by_forms(as_bob: Client, lakes: Gallery) -> None:
    clara = called("Clara").public_id
    for given, wanted in [
        ({"step": "-1"}, ["Anna", "Clara", "Berta"]),
        ({"step": "1"}, ["Anna", "Berta", "Clara"]),
        ({"place": "1"}, ["Clara", "Anna", "Berta"]),
        ({"place": "99"}, ["Anna", "Berta", "Clara"]),
    ]:
        response = as_bob.post(at("gallery-move", lakes.pk), {"picture": clara, **given})
        assert response["Location"] == f"{at('gallery-arrange', lakes.pk)}#p-{clara}"
        page = text(as_bob.get(at("gallery-arrange", lakes.pk)))
        assert f"“Clara” is number {wanted.index('Clara') + 1} now" in page
        assert order(text(as_bob.get(at("gallery-pictures", lakes.pk)))) == wanted


def test_a_move_leads_to_the_page_of_its_new_place(
    as_bob: Client, lakes: Gallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arranging, "PAGE", 2)
    anna = called("Anna").public_id
    response = as_bob.post(at("gallery-move", lakes.pk), {"picture": anna, "place": "3"})
    assert response["Location"] == f"{at('gallery-arrange', lakes.pk)}?page=2#p-{anna}"
    page = text(as_bob.get(response["Location"].partition("#")[0]))
    assert f'id="p-{anna}"' in page
    assert 'data-first="3"' in page


@pytest.mark.parametrize("given", [{"place": ""}, {"place": "x"}, {"place": "0"}, {"step": "5"}, {}])
def test_a_move_to_nowhere_is_said(as_bob: Client, lakes: Gallery, given: dict[str, str]) -> None:
    response = as_bob.post(at("gallery-move", lakes.pk), {"picture": called("Anna").public_id, **given})
    assert response.status_code == 400
    assert "give the number of a place" in text(response)


def test_what_another_tab_took_out_cannot_be_moved(as_bob: Client, bob: User, lakes: Gallery) -> None:
    anna = called("Anna")
    assert "is not in this gallery any more" in text(
        as_bob.post(at("gallery-remove", lakes.pk), {"picture": anna.public_id}, follow=True)
    )
    for name in ("gallery-move", "gallery-remove"):
        response = as_bob.post(at(name, lakes.pk), {"picture": anna.public_id, "step": "1"})
        assert response.status_code == 409
        assert "not in the gallery any more" in text(response)
    assert as_bob.post(at("gallery-move", lakes.pk), {"picture": "nothing", "step": "1"}).status_code == 404


def test_putting_a_picture_in_from_its_page(as_alice: Client, alice: User, lakes: Gallery) -> None:
    anna = called("Anna")
    mine = acts.make_gallery(alice, "Swimming")
    page = text(as_alice.get(at("picture", anna.public_id)))
    assert "Put it into a gallery" in page
    assert f'<option value="{mine.pk}">Swimming</option>' in page
    assert f'<option value="{lakes.pk}">' not in page, "only one's own can be chosen"
    address = at("put-into-gallery", anna.public_id)
    assert "It is in “Swimming” now" in text(as_alice.post(address, {"gallery": mine.pk}, follow=True))
    assert "It was in “Swimming” already" in text(as_alice.post(address, {"title": "SWIMMING"}, follow=True))
    assert "It is in “New” now" in text(as_alice.post(address, {"title": "New"}, follow=True))
    page = text(as_alice.get(at("picture", anna.public_id)))
    for name in ("Lakes", "Swimming", "New"):
        assert f">{name}</a>" in page


@pytest.mark.parametrize("given", [{}, {"title": "x" * 121}, {"gallery": "999"}])
def test_a_gallery_that_does_not_do_is_said(as_alice: Client, lakes: Gallery, given: dict[str, str]) -> None:
    response = as_alice.post(at("put-into-gallery", called("Anna").public_id), given)
    assert response.status_code == 400
    assert "errorlist" in text(response)


def test_nothing_is_put_into_anothers_gallery(as_alice: Client, lakes: Gallery, alice: User) -> None:
    new = published(alice, "New")
    response = as_alice.post(at("put-into-gallery", new.public_id), {"gallery": lakes.pk})
    assert response.status_code == 400
    assert GalleryPlace.objects.filter(picture=new).count() == 0


def test_a_full_gallery_is_said_and_no_empty_one_is_left(
    as_alice: Client, lakes: Gallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "MOST_PICTURES", 0)
    response = as_alice.post(at("put-into-gallery", called("Anna").public_id), {"title": "New"})
    assert "is full" in text(response)
    assert Gallery.objects.count() == 1


@pytest.mark.parametrize("state", [State.HELD, State.WITHDRAWN])
def test_only_published_pictures_are_put_in(alice: User, state: State) -> None:
    hidden = published(alice, "Hidden", state=state)
    browser = browser_of(alice)
    assert browser.post(at("put-into-gallery", hidden.public_id), {"title": "x"}).status_code == 404
    assert not Gallery.objects.exists()


def test_visitors_sign_in_first(client: Client, lakes: Gallery) -> None:
    anna = called("Anna")
    assert "Put it into a gallery" not in text(client.get(at("picture", anna.public_id)))
    for address in (
        at("put-into-gallery", anna.public_id),
        at("new-gallery"),
        at("gallery-arrange", lakes.pk),
    ):
        assert client.get(address)["Location"] == f"{at('sign-in')}?next={address}"
