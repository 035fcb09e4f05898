"""The page on which a picture's words are changed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from board.models import Edit, Post, User
from dedupe import workflow
from dedupe.models import Picture
from tests.board.pages.conftest import HOSTILE, at, text
from tests.pairs import asked, published


@pytest.fixture
def picture(alice: User) -> Picture:
    return published(alice, "The lake", ("lake", "dusk"))


def filled(browser: Client, picture: Picture, **more: str) -> dict[str, str]:
    """The form as the page gives it, with what somebody types."""
    return dict(browser.get(at("edit", picture.public_id)).context["form"].initial) | more


def names(picture: Picture) -> list[str]:
    return [tag.name for tag in Post.objects.get(picture=picture).tags.all()]


def test_the_owner_changes_everything_at_once(as_alice: Client, picture: Picture) -> None:
    address = at("edit", picture.public_id)
    assert address in text(as_alice.get(at("picture", picture.public_id)))
    given = filled(as_alice, picture, title="The sea", tags="Sea, Early Morning", source="example.org/sea")
    response = as_alice.post(address, given, follow=True)
    post = Post.objects.get(picture=picture)
    assert (post.title, post.source) == ("The sea", "https://example.org/sea")
    assert names(picture) == ["early_morning", "sea"]
    assert "Saved." in text(response)


def test_the_form_as_it_came_changes_nothing(as_alice: Client, picture: Picture) -> None:
    response = as_alice.post(at("edit", picture.public_id), filled(as_alice, picture), follow=True)
    assert "nothing was changed" in text(response)
    assert not Edit.objects.exists()


def test_somebody_was_faster_and_nothing_typed_is_lost(
    as_alice: Client, as_mod: Client, picture: Picture
) -> None:
    address = at("edit", picture.public_id)
    mine = filled(as_alice, picture, title="What I typed", tags="lake")
    as_mod.post(address, filled(as_mod, picture, tags="lake, evening"))
    refused = as_alice.post(address, mine)
    page = text(refused)
    assert refused.status_code == 409
    for words in ("Somebody changed this while you were typing", "What I typed", "evening, lake"):
        assert words in page
    assert names(picture) == ["evening", "lake"]
    once_more = mine | {"seen": refused.context["form"].data["seen"]}
    assert as_alice.post(address, once_more).status_code == 302
    assert (names(picture), Post.objects.get(picture=picture).title) == (["lake"], "What I typed")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"source": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"title": "t" * 201}, "at most 200 characters"),
        ({"tags": "t " * 1500}, "at most 2000 characters"),
    ],
)
def test_what_does_not_fit_is_said_and_kept(
    as_alice: Client, picture: Picture, given: dict[str, str], words: str
) -> None:
    response = as_alice.post(at("edit", picture.public_id), filled(as_alice, picture, **given))
    assert response.status_code == 400
    assert words in text(response)
    assert next(iter(given.values())).strip() in text(response)
    assert not Edit.objects.exists()


def test_who_may(
    as_alice: Client, as_bob: Client, as_mod: Client, client: Client, picture: Picture, alice: User
) -> None:
    for each in (picture, asked(alice)):
        address = at("edit", each.public_id)
        assert as_bob.get(address).status_code == as_bob.post(address, {"title": "x"}).status_code == 404
        assert client.get(address).status_code == client.post(address).status_code == 302
        assert as_alice.get(address).status_code == as_mod.get(address).status_code == 200
    assert at("edit", picture.public_id) not in text(as_bob.get(at("picture", picture.public_id)))
    assert not Edit.objects.exists()


def test_what_is_withdrawn_is_not_edited(as_alice: Client, picture: Picture, alice: User) -> None:
    given = filled(as_alice, picture, title="Too late")
    workflow.withdraw(alice, picture)
    response = as_alice.post(at("edit", picture.public_id), given)
    assert response.status_code == 409
    assert "cannot be edited any more" in text(response)
    assert "Too late" in text(response)
    assert at("edit", picture.public_id) not in text(
        as_alice.get(f"{at('picture', picture.public_id)}?stay=1")
    )


def test_every_change_is_shown_to_the_owner_and_to_staff(
    as_alice: Client, as_mod: Client, picture: Picture
) -> None:
    address = at("edit", picture.public_id)
    as_alice.post(address, filled(as_alice, picture, title=HOSTILE))
    as_mod.post(address, filled(as_mod, picture, title="The lake at noon"))
    for browser, editors in ((as_alice, ["Staff", "alice"]), (as_mod, ["mod", "alice"])):
        response = browser.get(address)
        assert [editor for _, editor, _ in response.context["edits"]] == editors
        page = text(response)
        assert "<del>The lake</del>" in page
        assert "<ins>The lake at noon</ins>" in page
        assert "<svg onload" not in page


def test_many_changes_cost_the_queries_of_one(
    as_alice: Client, picture: Picture, alice: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        Edit.objects.create(
            post=picture.post, editor=alice, before={"title": f"{number}"}, after={"title": f"{number + 1}"}
        )
    with django_assert_max_num_queries(9):
        assert as_alice.get(at("edit", picture.public_id)).status_code == 200
