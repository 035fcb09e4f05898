"""Galleries by program: list, read, make, change, delete, fill and order."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from board import galleries
from board.models import Gallery
from dedupe.models import Picture, State
from tests.board.api.conftest import Actor, problem_of
from tests.board.rows import published


def get(path: str, **query: Any) -> Any:
    """As anybody."""
    return Client().get(f"/api/v1/{path}", query)


def patch(actor: Actor, path: str, body: dict[str, Any]) -> Any:
    return actor.client.patch(f"/api/v1/{path}", body, content_type="application/json")


@pytest.fixture
def pictures(bob: Actor) -> list[Picture]:
    return [published(bob.user, title) for title in "abcd"]


@pytest.fixture
def lakes(bob: Actor, pictures: list[Picture]) -> Gallery:
    gallery = galleries.make_gallery(bob.user, "Lakes", "Where I swim")
    for picture in pictures:
        galleries.add_picture(bob.user, gallery, picture)
    return gallery


def order(gallery: Gallery) -> str:
    return "".join(item["title"] for item in get(f"galleries/{gallery.pk}").json()["items"])


def test_making_and_reading(alice: Actor) -> None:
    response = alice.post("galleries", {"title": " Hills ", "description": "High ones"})
    assert response.status_code == 201
    made = response.json()
    assert (made["title"], made["owner"], made["pictures"], made["cover"]) == ("Hills", "alice", 0, None)
    body = get(f"galleries/{made['id']}").json()
    assert (body["description"], body["items"], body["next"]) == ("High ones", [], None)
    assert body["url"] == f"http://testserver/galleries/{made['id']}"
    problem_of(alice.post("galleries", {"title": "HILLS"}), 409)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"title": ""},
        {"title": "  "},
        {"title": "x" * 121},
        {"title": "a\x00"},
        {"title": "a", "description": "x" * 1001},
    ],
)
def test_what_does_not_do_is_refused(alice: Actor, body: dict[str, str]) -> None:
    problem_of(alice.post("galleries", body), 422)


def test_the_list(alice: Actor, bob: Actor, lakes: Gallery, pictures: list[Picture]) -> None:
    galleries.make_gallery(bob.user, "Empty")
    (listed,) = get("galleries").json()["items"]
    assert (listed["title"], listed["pictures"]) == ("Lakes", 4)
    assert listed["cover"]["id"] == pictures[0].public_id
    assert [each["title"] for each in bob.get("galleries").json()["items"]] == ["Empty", "Lakes"]
    assert get("galleries", owner="BOB").json()["items"] == [listed]
    assert get("galleries", owner="alice").json()["items"] == []


def test_the_list_is_paged_newest_first(
    bob: Actor, lakes: Gallery, pictures: list[Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("board.api.lookups.page_of.__defaults__", (1,))
    newer = galleries.make_gallery(bob.user, "Newer")
    galleries.add_picture(bob.user, newer, pictures[0])
    first = get("galleries").json()
    second = Client().get(first["next"]).json()
    assert [each["title"] for each in (*first["items"], *second["items"])] == ["Newer", "Lakes"]
    assert second["next"] is None


def test_a_gallery_is_paged_in_its_order(lakes: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("board.api.lookups.page_of.__defaults__", (3,))
    first = get(f"galleries/{lakes.pk}").json()
    second = Client().get(first["next"]).json()
    assert "".join(item["title"] for item in (*first["items"], *second["items"])) == "abcd"
    problem_of(get(f"galleries/{lakes.pk}", after="nothing"), 404)


def test_only_what_is_published_is_shown_and_counted(lakes: Gallery, pictures: list[Picture]) -> None:
    Picture.objects.filter(pk=pictures[0].pk).update(state=State.REMOVED)
    body = get(f"galleries/{lakes.pk}").json()
    assert (order(lakes), body["pictures"]) == ("bcd", 3)
    assert body["cover"]["title"] == "b"


def test_changing_leaves_what_is_not_named(bob: Actor, lakes: Gallery) -> None:
    body = patch(bob, f"galleries/{lakes.pk}", {"title": "Ponds"}).json()
    assert (body["title"], body["description"]) == ("Ponds", "Where I swim")
    problem_of(patch(bob, f"galleries/{lakes.pk}", {"title": ""}), 422)


def test_filling_and_emptying(bob: Actor, lakes: Gallery, pictures: list[Picture]) -> None:
    new = published(bob.user, "e")
    assert bob.post(f"galleries/{lakes.pk}/pictures", {"picture": new.public_id}).status_code == 201
    again = bob.post(f"galleries/{lakes.pk}/pictures", {"picture": new.public_id})
    assert (again.status_code, again.json()) == (200, {"added": False})
    assert bob.delete(f"galleries/{lakes.pk}/pictures/{pictures[0].public_id}").status_code == 204
    assert order(lakes) == "bcde"
    problem_of(bob.delete(f"galleries/{lakes.pk}/pictures/{pictures[0].public_id}"), 404)
    problem_of(bob.post(f"galleries/{lakes.pk}/pictures", {"picture": "nothing"}), 404)


def test_ordering(bob: Actor, lakes: Gallery, pictures: list[Picture]) -> None:
    a, b, _, d = (picture.public_id for picture in pictures)
    for picture, aim, place, wanted in [
        (d, {"place": 1}, 1, "dabc"),
        (a, {"step": 1}, 3, "dbac"),
        (a, {"before": b}, 2, "dabc"),
        (d, {"place": 99}, 4, "abcd"),
    ]:
        response = bob.post(f"galleries/{lakes.pk}/pictures/{picture}/move", aim)
        assert response.json() == {"place": place}
        assert order(lakes) == wanted


@pytest.mark.parametrize(
    "aim", [{}, {"place": 0}, {"place": 1, "step": 1}, {"place": "first"}, {"step": 10**12}]
)
def test_a_move_names_one_aim(bob: Actor, lakes: Gallery, pictures: list[Picture], aim: Any) -> None:
    problem_of(bob.post(f"galleries/{lakes.pk}/pictures/{pictures[0].public_id}/move", aim), 422)


def test_others_may_only_look(alice: Actor, lakes: Gallery, pictures: list[Picture]) -> None:
    picture = pictures[0].public_id
    for response in (
        patch(alice, f"galleries/{lakes.pk}", {"title": "Mine"}),
        alice.delete(f"galleries/{lakes.pk}"),
        alice.post(f"galleries/{lakes.pk}/pictures", {"picture": picture}),
        alice.delete(f"galleries/{lakes.pk}/pictures/{picture}"),
        alice.post(f"galleries/{lakes.pk}/pictures/{picture}/move", {"place": 2}),
    ):
        problem_of(response, 403)
    assert order(lakes) == "abcd"


def test_owner_and_staff_delete(bob: Actor, mod: Actor, lakes: Gallery) -> None:
    problem_of(patch(mod, f"galleries/{lakes.pk}", {"title": "x"}), 403)
    assert mod.delete(f"galleries/{lakes.pk}").status_code == 204
    problem_of(bob.delete(f"galleries/{lakes.pk}"), 404)
    mine = galleries.make_gallery(bob.user, "Mine")
    assert bob.delete(f"galleries/{mine.pk}").status_code == 204


def test_queries_do_not_grow(
    bob: Actor, lakes: Gallery, pictures: list[Picture], django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        more = galleries.make_gallery(bob.user, f"No. {number}")
        galleries.add_picture(bob.user, more, pictures[number % 4])
    with django_assert_max_num_queries(3):
        get("galleries")
    with django_assert_max_num_queries(6):
        get(f"galleries/{lakes.pk}")
