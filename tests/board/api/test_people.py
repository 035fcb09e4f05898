"""Comments, favourites, notices and edits, for programs."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from board import comments
from board.models import Comment, Edit, Notice
from dedupe import workflow
from dedupe.models import Case, Picture
from tests.board.api.conftest import Actor, problem_of
from tests.pairs import asked, published


@pytest.fixture
def picture(bob: Actor) -> Picture:
    return published(bob.user, "Hills", ("hills",))


def patch(actor: Actor, picture: Picture, **words: Any) -> Any:
    address = f"/api/v1/pictures/{picture.public_id}"
    return actor.client.patch(address, words, content_type="application/json")


def test_comments_are_written_read_and_removed(alice: Actor, bob: Actor, picture: Picture) -> None:
    path = f"pictures/{picture.public_id}/comments"
    written = alice.post(path, {"text": "Lovely\r\nlight"})
    assert (written.status_code, written.json()["text"]) == (201, "Lovely\nlight")
    number = written.json()["id"]
    (seen,) = Client().get(f"/api/v1/{path}").json()["items"]
    assert (seen["author"], seen["removable"]) == ("alice", False)
    assert alice.get(path).json()["items"][0]["removable"] is True
    problem_of(bob.delete(f"comments/{number}"), 404)
    assert alice.delete(f"comments/{number}").status_code == 204
    problem_of(alice.delete(f"comments/{number}"), 409)
    assert alice.get(path).json() == {"items": [], "next": None}


def test_comments_come_in_pages(alice: Actor, picture: Picture) -> None:
    Comment.objects.bulk_create(
        Comment(picture=picture, author=alice.user, text=f"{number}") for number in range(120)
    )
    seen: list[str] = []
    address: str | None = f"/api/v1/pictures/{picture.public_id}/comments"
    while address:
        page = alice.client.get(address).json()
        seen += [each["text"] for each in page["items"]]
        address = page["next"]
    assert seen == [str(number) for number in range(120)]
    problem_of(alice.get(f"pictures/{picture.public_id}/comments", after=10**25), 404)


@pytest.mark.parametrize(
    ("text", "words"), [("", "nothing in this"), ("x" * 2001, "at most 2,000"), ("\ud800", "does not fit")]
)
def test_what_cannot_be_a_comment(alice: Actor, picture: Picture, text: str, words: str) -> None:
    problem = problem_of(alice.post(f"pictures/{picture.public_id}/comments", {"text": text}), 422)
    assert words in problem["detail"] or problem.get("errors")


def test_a_flood_of_comments(alice: Actor, picture: Picture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comments, "AT_ONCE", 1)
    path = f"pictures/{picture.public_id}/comments"
    alice.post(path, {"text": "one"})
    problem_of(alice.post(path, {"text": "two"}), 429)


def test_comments_of_what_is_not_published(alice: Actor, bob: Actor) -> None:
    upload = asked(alice.user)
    path = f"pictures/{upload.public_id}/comments"
    problem_of(bob.get(path), 404)
    problem_of(bob.post(path, {"text": "x"}), 404)
    assert alice.get(path).status_code == 200
    problem_of(alice.post(path, {"text": "x"}), 409)


def test_favourites(alice: Actor, bob: Actor, picture: Picture) -> None:
    path = f"pictures/{picture.public_id}/favourite"
    for _ in range(2):
        liking = alice.post(path).json()
    assert liking == {"picture": picture.public_id, "favourites": 1, "is_favourite": True}
    (mine,) = alice.get("favourites").json()["items"]
    assert mine["picture"]["id"] == picture.public_id
    assert bob.get("favourites").json()["items"] == []
    assert alice.delete(path).json()["favourites"] == 0
    problem_of(bob.post(f"pictures/{asked(alice.user).public_id}/favourite"), 404)
    problem_of(alice.post(f"pictures/{asked(alice.user).public_id}/favourite"), 409)


def test_notices_are_listed_and_marked(alice: Actor, bob: Actor, mod: Actor) -> None:
    pictures = [published(alice.user, f"n{number}") for number in range(3)]
    for picture in pictures:
        workflow.withdraw(mod.user, picture, "Not ours")
    listed = alice.get("notices").json()
    assert [each["picture"]["id"] for each in listed["items"]] == [each.public_id for each in pictures[::-1]]
    first = listed["items"][0]
    assert (first["heading"], first["reason"], first["way"], first["is_read"], listed["unread"]) == (
        "Your picture was removed",
        "Not ours",
        "ask",
        False,
        3,
    )
    assert "mod" not in str(listed).replace("model", "")
    marked = alice.post("notices/read", {"ids": [first["id"], 2**60]}).json()
    assert marked == {"marked": 1, "unread": 2}
    assert len(alice.get("notices", unread=True).json()["items"]) == 2
    assert bob.get("notices").json()["items"] == []
    assert bob.post("notices/read", {"ids": [first["id"]]}).json()["marked"] == 0
    problem_of(alice.post("notices/read", {"ids": []}), 422)
    problem_of(alice.post("notices/read", {"ids": [10**30]}), 422)


def test_an_objection(alice: Actor, bob: Actor, mod: Actor) -> None:
    picture = published(alice.user)
    workflow.withdraw(mod.user, picture)
    path = f"notices/{Notice.objects.get().pk}/objection"
    problem_of(bob.post(path, {"reason": "x"}), 404)
    problem_of(alice.post(path, {"reason": ""}), 422)
    assert alice.post(path, {"reason": "It is mine"}).json() == {"case": Case.objects.get().pk}
    problem_of(alice.post(path, {"reason": "Really"}), 409)
    assert alice.get("notices").json()["items"][0]["way"] == "asked"


def test_words_are_changed_by_their_owner(alice: Actor, bob: Actor, mod: Actor, picture: Picture) -> None:
    version = bob.get(f"pictures/{picture.public_id}").json()["version"]
    changed = patch(bob, picture, tags=["hills", "Early Morning, dew"], version=version).json()
    assert (changed["title"], changed["tags"], changed["changed"]) == (
        "Hills",
        ["dew", "early_morning", "hills"],
        True,
    )
    assert bob.get(f"pictures/{picture.public_id}").json()["version"] == changed["version"]
    problem_of(patch(mod, picture, title="Over it", version=version), 409)
    assert patch(mod, picture, title="Hills at dawn").json()["title"] == "Hills at dawn"
    assert patch(mod, picture, title="Hills at dawn").json()["changed"] is False
    problem_of(patch(alice, picture, title="Mine"), 403)
    problem_of(patch(bob, picture, source="javascript:1"), 422)
    assert [each.editor.username for each in Edit.objects.all()] == ["mod", "bob"]


def test_words_of_a_held_upload_are_its_owners_business(alice: Actor, bob: Actor) -> None:
    upload = asked(alice.user)
    problem_of(patch(bob, upload, title="x"), 404)
    assert patch(alice, upload, title="x").status_code == 200
