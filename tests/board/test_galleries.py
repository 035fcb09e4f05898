"""What people do with their galleries, alone and from two tabs at once."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection

from board import galleries
from board.galleries import Before, Place, Step
from board.models import Gallery, GalleryPlace, User
from dedupe.errors import Conflict, NotAllowed, WorkflowError
from dedupe.models import Picture, State
from tests.board.rows import published
from tests.people import person


@pytest.fixture
def lakes(alice: User) -> Gallery:
    """Alice's gallery of the pictures a, b, c, d, e, in that order."""
    gallery = galleries.make_gallery(alice, "Lakes")
    for title in "abcde":
        galleries.add_picture(alice, gallery, published(alice, title))
    return gallery


def titles(gallery: Gallery, shown: bool = True) -> str:
    places = GalleryPlace.objects.filter(gallery=gallery)
    ordered = (places.shown() if shown else places).order_by("position", "pk")
    return "".join(ordered.values_list("picture__post__title", flat=True))


def called(title: str) -> Picture:
    return Picture.objects.get(post__title=title)


@pytest.mark.parametrize(
    ("title", "aim", "order", "place"),
    [
        ("c", Step(-1), "acbde", 2),
        ("c", Step(1), "abdce", 4),
        ("a", Step(-1), "abcde", 1),
        ("e", Step(1), "abcde", 5),
        ("e", Place(1), "eabcd", 1),
        ("a", Place(5), "bcdea", 5),
        ("a", Place(3), "bcade", 3),
        ("d", Place(2), "adbce", 2),
        ("b", Place(99), "acdeb", 5),
        ("b", Place(2), "abcde", 2),
    ],
)
def test_a_picture_moves_where_it_is_told(
    alice: User, lakes: Gallery, title: str, aim: Any, order: str, place: int
) -> None:
    assert galleries.move_picture(alice, lakes, called(title), aim) == place
    assert titles(lakes) == order


@pytest.mark.parametrize(
    ("moved", "other", "order"), [("d", "b", "adbce"), ("a", "d", "bcade"), ("c", "c", "abcde")]
)
def test_a_picture_moves_before_another(
    alice: User, lakes: Gallery, moved: str, other: str, order: str
) -> None:
    galleries.move_picture(alice, lakes, called(moved), Before(called(other)))
    assert titles(lakes) == order


def test_what_is_not_shown_is_passed_over_and_keeps_its_neighbours(alice: User, lakes: Gallery) -> None:
    Picture.objects.filter(post__title="b").update(state=State.WITHDRAWN)
    assert galleries.move_picture(alice, lakes, called("c"), Step(-1)) == 1
    assert titles(lakes) == "cade"
    Picture.objects.filter(post__title="b").update(state=State.LIVE)
    assert titles(lakes) == "cabde"


def test_equal_positions_are_put_right_by_the_next_move(alice: User, lakes: Gallery) -> None:
    GalleryPlace.objects.filter(gallery=lakes).update(position=7)
    galleries.move_picture(alice, lakes, called("e"), Step(-1))
    assert titles(lakes) == "abced"
    places = GalleryPlace.objects.filter(gallery=lakes)
    assert list(places.order_by("position").values_list("position", flat=True)) == [1, 2, 3, 4, 5]


def test_a_move_writes_one_statement_and_touches_no_other_gallery(
    alice: User, lakes: Gallery, django_assert_num_queries: Any
) -> None:
    other = galleries.make_gallery(alice, "Others")
    for title in "ab":
        galleries.add_picture(alice, other, called(title))
    moved = called("a")
    with django_assert_num_queries(5):  # lock, read, write, and a savepoint around them
        galleries.move_picture(alice, lakes, moved, Place(5))
    assert titles(other) == "ab"


def test_only_the_owner_changes_a_gallery(alice: User, bob: User, lakes: Gallery) -> None:
    picture = published(bob, "x")
    acts: list[Callable[[], object]] = [
        lambda: galleries.change_gallery(bob, lakes, title="Mine", description=""),
        lambda: galleries.add_picture(bob, lakes, picture),
        lambda: galleries.remove_picture(bob, lakes, called("a")),
        lambda: galleries.move_picture(bob, lakes, called("a"), Place(3)),
        lambda: galleries.delete_gallery(bob, lakes),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert titles(lakes) == "abcde"
    assert Gallery.objects.get().title == "Lakes"


def test_staff_may_delete_and_nothing_else(alice: User, lakes: Gallery) -> None:
    mod = person("mod", is_staff=True)
    with pytest.raises(NotAllowed):
        galleries.move_picture(mod, lakes, called("a"), Place(3))
    galleries.delete_gallery(mod, lakes)
    assert not Gallery.objects.exists()
    assert Picture.objects.live().count() == 5
    with pytest.raises(Conflict, match="deleted"):
        galleries.add_picture(alice, lakes, called("a"))


def test_titles_differ_by_more_than_case_for_one_person(alice: User, bob: User, lakes: Gallery) -> None:
    with pytest.raises(Conflict, match="“LAKES” already"):
        galleries.make_gallery(alice, "LAKES")
    other = galleries.make_gallery(alice, "Hills")
    with pytest.raises(Conflict):
        galleries.change_gallery(alice, other, title="lakes", description="")
    assert galleries.make_gallery(bob, "Lakes").title == "Lakes"


def test_a_picture_stands_once_in_a_gallery(alice: User, lakes: Gallery) -> None:
    assert galleries.add_picture(alice, lakes, called("a")) is False
    assert titles(lakes) == "abcde"
    galleries.remove_picture(alice, lakes, called("a"))
    assert galleries.add_picture(alice, lakes, called("a")) is True
    assert titles(lakes) == "bcdea"


def test_what_is_not_there_is_said(alice: User, lakes: Gallery) -> None:
    stranger = published(alice, "x")
    for act in (
        lambda: galleries.remove_picture(alice, lakes, stranger),
        lambda: galleries.move_picture(alice, lakes, stranger, Place(1)),
        lambda: galleries.move_picture(alice, lakes, called("a"), Before(stranger)),
    ):
        with pytest.raises(Conflict, match="not in the gallery any more"):
            act()


@pytest.mark.parametrize("state", [State.HELD, State.WITHDRAWN, State.REMOVED])
def test_only_published_pictures_are_put_in(alice: User, lakes: Gallery, state: State) -> None:
    with pytest.raises(Conflict, match="not published"):
        galleries.add_picture(alice, lakes, published(alice, "x", state=state))


def test_bounds_are_said(alice: User, lakes: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(galleries, "MOST_PICTURES", 5)
    monkeypatch.setattr(galleries, "MOST_GALLERIES", 1)
    with pytest.raises(Conflict, match="at most 5"):
        galleries.add_picture(alice, lakes, published(alice, "x"))
    with pytest.raises(Conflict, match="1 galleries"):
        galleries.make_gallery(alice, "More")


@pytest.mark.django_db(transaction=True)
def test_many_tabs_at_once_lose_nothing(alice: User, lakes: Gallery) -> None:
    """Moves, removals and additions from eight threads: each picture stands once, in places from 1 to the last."""
    chance = random.Random(5)
    known = {title: called(title) for title in "abcde"}
    more = [published(alice, title) for title in "fghi"]
    acts: list[Callable[[], object]] = [
        partial(
            galleries.move_picture, alice, lakes, known[chance.choice("bcde")], Place(chance.randint(1, 9))
        )
        for _ in range(40)
    ]
    acts += [partial(galleries.add_picture, alice, lakes, picture) for picture in more * 2]
    acts += [partial(galleries.remove_picture, alice, lakes, known["a"])] * 2
    chance.shuffle(acts)

    def run(act: Callable[[], object]) -> object:
        try:
            return act()
        except WorkflowError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(run, acts))
    assert sum(isinstance(each, Conflict) for each in outcomes) == 1, "the second removal alone"
    assert sorted(titles(lakes)) == list("bcdefghi")
    positions = GalleryPlace.objects.filter(gallery=lakes).values_list("position", flat=True)
    assert len(set(positions)) == 8


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_move_different_pictures_both_get_their_way(alice: User, lakes: Gallery) -> None:
    def move(title: str, other: str) -> None:
        try:
            galleries.move_picture(alice, lakes, called(title), Before(called(other)))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(move, ["e", "d"], ["a", "c"]))
    assert titles(lakes) == "eabdc"
