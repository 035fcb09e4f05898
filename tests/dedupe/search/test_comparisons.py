"""Comparisons: each is made once, none under seal, one bad view spoils no other, and an outage is said."""

from collections.abc import Callable
from typing import Any

import pytest

from board.models import User
from dedupe import storage
from dedupe.imaging import Refusal, Refused
from dedupe.jail.client import ChildKilled, JailUnavailable, compare_views
from dedupe.models import Picture
from dedupe.search import Comparisons, NotCompared, Query, SearchFailed, comparisons, query_of
from dedupe.storage import StorageUnavailable
from tests.dedupe.conftest import Upload, jpeg, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def query(held: Picture) -> Query:
    found = query_of(held)
    assert found is not None
    return found


@pytest.fixture
def other(upload: Upload, bob: User) -> Picture:
    return upload(bob, jpeg(scene(seed=5)))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many pictures each call of the jail was about."""
    calls: list[int] = []
    real = compare_views

    def counting(query: Any, stored: Any) -> Any:
        calls.append(len(stored))
        return real(query, stored)

    monkeypatch.setattr(comparisons, "compare_views", counting)
    return calls


def spoil(picture: Picture, data: bytes) -> None:
    """Put other bytes where the picture's view is kept."""
    key = picture.renditions.get(kind="view").key
    with storage.renditions().open(key, "wb") as stored:
        stored.write(data)


def test_all_are_compared_at_once_and_each_once(
    query: Query, live: Picture, other: Picture, asked: list[int]
) -> None:
    known = Comparisons(query)
    found = known.with_pictures([live.pk, other.pk])
    assert found[live.pk] is not None
    assert found[live.pk].probability > 0.95  # type: ignore[union-attr]
    assert found[other.pk] is None or found[other.pk].probability < 0.5  # type: ignore[union-attr]
    assert known.with_pictures([other.pk]) == {other.pk: found[other.pk]}
    assert known.with_pictures([]) == {}
    assert asked == [2]


def test_under_seal_what_is_known_is_told_and_the_rest_is_named(
    query: Query, live: Picture, other: Picture, asked: list[int]
) -> None:
    known = Comparisons(query)
    known.with_pictures([live.pk])
    known.seal()
    assert known.with_pictures([live.pk])[live.pk] is not None
    with pytest.raises(NotCompared) as caught:
        known.with_pictures([live.pk, other.pk])
    assert caught.value.pictures == (other.pk,)
    known.unseal()
    assert set(known.with_pictures([live.pk, other.pk])) == {live.pk, other.pk}
    assert asked == [1, 1]


@pytest.mark.parametrize(
    "data", [b"", b"not a picture", jpeg(scene())[:400]], ids=["empty", "prose", "cut off"]
)
def test_one_bad_view_does_not_spoil_the_others(
    query: Query, live: Picture, other: Picture, asked: list[int], data: bytes
) -> None:
    spoil(other, data)
    found = Comparisons(query).with_pictures([other.pk, live.pk])
    assert found[other.pk] is None
    assert found[live.pk] is not None
    assert asked == [2, 1, 1]


def test_a_view_that_is_gone_leaves_its_picture_uncompared(
    query: Query, live: Picture, other: Picture
) -> None:
    storage.delete_rendition(other.renditions.get(kind="view").key)
    found = Comparisons(query).with_pictures([other.pk, live.pk, 10**6])
    assert found[other.pk] is None
    assert found[10**6] is None
    assert found[live.pk] is not None


def test_a_query_without_views_is_compared_with_nothing(
    live: Picture, held: Picture, asked: list[int]
) -> None:
    storage.delete_rendition(held.renditions.get(kind="view").key)
    query = query_of(held)
    assert query is not None
    assert (query.views, query.words) == ((), None)
    assert Comparisons(query).with_pictures([live.pk]) == {live.pk: None}
    assert asked == []


def raising(error: Exception) -> Callable[..., Any]:
    def fail(*_: Any) -> Any:
        raise error

    return fail


@pytest.mark.parametrize(
    "error", [JailUnavailable("no zygote"), ChildKilled("kill -9")], ids=["gone", "killed"]
)
def test_a_jail_that_does_not_answer_is_a_failed_search(
    query: Query, live: Picture, held: Picture, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(comparisons, "compare_views", raising(error))
    with pytest.raises(SearchFailed, match=str(error)):
        Comparisons(query).with_pictures([live.pk])


def test_a_storage_that_does_not_answer_is_a_failed_search(
    query: Query, live: Picture, held: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "read_rendition", raising(StorageUnavailable("timed out")))
    known = Comparisons(query)
    with pytest.raises(SearchFailed, match="timed out"):
        known.with_pictures([live.pk])
    with pytest.raises(SearchFailed, match="timed out"):
        query_of(held)
    monkeypatch.undo()
    assert known.with_pictures([live.pk])[live.pk] is not None, "what failed is not remembered as nothing"


def test_too_slow_together_is_tried_one_by_one(
    query: Query, live: Picture, other: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = compare_views

    def slow_together(query: Any, stored: Any) -> Any:
        if len(stored) > 1:
            raise Refused(Refusal.TOO_SLOW, "over 20 s")
        return real(query, stored)

    monkeypatch.setattr(comparisons, "compare_views", slow_together)
    assert Comparisons(query).with_pictures([live.pk, other.pk])[live.pk] is not None
