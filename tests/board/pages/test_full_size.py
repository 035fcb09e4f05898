"""Looking closely: who may, and what they are told meanwhile."""

from __future__ import annotations

import pytest
from django.test import Client

from board.limits.groups import Group
from board.models import User
from board.pages import full_size
from dedupe import storage
from dedupe.models import Picture
from dedupe.workflow import rendering
from dedupe.workflow.rendering import make_next
from tests.board.pages.conftest import Tighten, Upload, at
from tests.pictures import encoded, landscape


@pytest.fixture(autouse=True)
def rings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    heard: list[int] = []
    monkeypatch.setattr(full_size, "ring_for_renditions", lambda: heard.append(1))
    return heard


@pytest.fixture
def wide(upload: Upload, bob: User) -> Picture:
    """Bob's picture, larger than what is shown of it."""
    return upload(bob, encoded(landscape(5, 1400, 1000), "JPEG"))


def test_a_copy_is_made_for_who_asks_and_served_from_then_on(
    as_alice: Client, wide: Picture, rings: list[int]
) -> None:
    address = at("full-size", wide.public_id)
    for _ in range(2):
        response = as_alice.get(address)
        told = (response.status_code, response["Retry-After"], response["Cache-Control"])
        assert told == (202, "1", "no-store")
    assert len(rings) == 1
    assert make_next()
    response = as_alice.get(address)
    assert (response.status_code, response["Cache-Control"]) == (302, "no-store")
    shown = as_alice.get(response["Location"])
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert shown["Cache-Control"] == "public, max-age=31536000, immutable"
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_only_people_who_may_see_the_picture_can(
    client: Client, as_alice: Client, as_bob: Client, as_mod: Client, wide: Picture
) -> None:
    address = at("full-size", wide.public_id)
    assert client.get(address).status_code == 404
    Picture.objects.filter(pk=wide.pk).update(state="held", published_at=None)
    assert [each.get(address).status_code for each in (as_alice, as_bob, as_mod)] == [404, 202, 202]


def test_a_small_picture_is_its_own_copy(as_alice: Client, live: Picture) -> None:
    response = as_alice.get(at("full-size", live.public_id))
    assert response["Location"] == at("rendition", live.renditions.get(kind="large").key)


def test_copies_are_bounded_for_each_person_and_for_all(
    as_alice: Client, as_mod: Client, wide: Picture, tighten: Tighten, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = at("full-size", wide.public_id)
    with monkeypatch.context() as patch:
        tighten(Group.COPIES, 0)
        response = as_alice.get(address)
        assert (response.status_code, response["Retry-After"]) == (429, "60")
        tighten(Group.COPIES, 9)
        patch.setattr(rendering, "_MOST_FULL_WAITING", 0)
        response = as_mod.get(address)
        assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert as_mod.get(address).status_code == 202


def test_a_copy_that_cannot_be_made_is_not_there(as_alice: Client, wide: Picture) -> None:
    as_alice.get(at("full-size", wide.public_id))
    with storage.originals().open(wide.storage_key, "wb") as stored:
        stored.write(b"something else")
    assert make_next()
    assert as_alice.get(at("full-size", wide.public_id)).status_code == 404
