"""Favourites: once each, of published pictures, counted for everybody."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from board.favourites import Liking, add_favourite, drop_favourite, favourites_of, liking_of
from board.models import User
from dedupe import workflow
from dedupe.errors import Conflict
from dedupe.models import Picture
from tests.pairs import asked, published


@pytest.fixture
def picture(db: None) -> Picture:
    return published(User.objects.create_user("bob"))


def test_twice_is_as_good_as_once(alice: User, picture: Picture) -> None:
    for _ in range(2):
        add_favourite(alice, picture)
    assert liking_of(alice, picture) == Liking(1, is_mine=True)
    for _ in range(2):
        drop_favourite(alice, picture)
    assert liking_of(alice, picture) == Liking(0, is_mine=False)


def test_everybody_sees_the_number(alice: User, picture: Picture) -> None:
    add_favourite(alice, picture)
    for somebody in (picture.owner, AnonymousUser()):
        assert liking_of(somebody, picture) == Liking(1, is_mine=False)


def test_only_published_pictures(alice: User, picture: Picture) -> None:
    add_favourite(alice, picture)
    with pytest.raises(Conflict, match="not published"):
        add_favourite(alice, asked(alice))
    workflow.withdraw(picture.owner, picture)
    assert list(favourites_of(alice)) == []
    drop_favourite(alice, picture)
    assert liking_of(alice, picture).count == 0
