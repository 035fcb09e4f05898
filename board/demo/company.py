"""What the people of the demo do with the pictures: galleries, favourites, comments."""

from __future__ import annotations

from collections.abc import Mapping

from board.comments import write_comment
from board.favourites import add_favourite
from board.galleries import add_picture, make_gallery
from board.models import User
from dedupe.models import Picture

_LAKES = ("Snow at the lake", "Green water", "Pink summit", "Evening over the hills")


def keep_company(alice: User, bob: User, pictures: Mapping[str, Picture]) -> None:
    """Fill a gallery, like and comment; ``pictures`` are published ones by title."""
    gallery = make_gallery(alice, "Lakes and summits", "Where I would like to be.")
    for title in _LAKES:
        add_picture(alice, gallery, pictures[title])
    for title in _LAKES[:2]:
        add_favourite(bob, pictures[title])
    add_favourite(alice, pictures["Poppy field"])
    lake = pictures["Snow at the lake"]
    write_comment(bob, lake, "Is this the one behind the pass?")
    write_comment(alice, lake, "Yes, from the northern shore. Go early, before the wind comes.")
