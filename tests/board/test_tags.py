"""Tags with their counts, and what they cost when there are very many."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from board import tags
from board.models import Tag, User
from dedupe.models import State
from tests.board.rows import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return User.objects.create_user("alice")


def names(found: Any) -> list[tuple[str, int]]:
    return [(tag.name, tag.uses) for tag in found]


def test_only_what_is_published_is_counted(alice: User) -> None:
    published(alice, tags=["lake", "lamp"])
    published(alice, tags=["lake"], state=State.HELD)
    published(alice, tags=["lava"], state=State.WITHDRAWN)
    assert names(tags.suggest_tags("la", 9)) == [("lake", 1), ("lamp", 1)]
    assert names(tags.used_tags("", "", 9)) == [("lake", 1), ("lamp", 1)]


def test_the_very_tag_comes_first_then_the_most_used(alice: User) -> None:
    for given in (["lakeside", "laken"], ["lakeside"], ["lake"], ["hill"]):
        published(alice, tags=given)
    assert names(tags.suggest_tags("lake", 9)) == [("lake", 1), ("lakeside", 2), ("laken", 1)]
    assert names(tags.suggest_tags("lak", 1)) == [("lakeside", 2)]


@pytest.mark.parametrize("prefix", ["%", "_", "la%", "la_e", "\\"])
def test_a_prefix_is_taken_by_the_letter(alice: User, prefix: str) -> None:
    published(alice, tags=["lake"])
    assert tags.suggest_tags(prefix, 9) == []
    assert tags.used_tags(prefix, "", 9) == []


def test_the_index_goes_on_behind_a_tag(alice: User) -> None:
    published(alice, tags=["a-b", "a_b", "ab", "été", "zoo"])
    everything = [tag.name for tag in tags.used_tags("", "", 9)]
    assert len(everything) == 5
    assert [tag.name for tag in tags.used_tags("", everything[1], 9)] == everything[2:]
    assert [tag.name for tag in tags.used_tags("a", everything[0], 1)] == everything[1:2]


def test_counts_stop_at_a_bound(alice: User) -> None:
    picture = published(alice, tags=["lake"])
    published(alice, tags=["lake"])
    (counted,) = tags.with_uses(picture.post.tags.all(), most=1)
    assert counted.uses == 1
    assert tags.uses_in_words(tags.MOST_COUNTED) == "1,000+"
    assert tags.uses_in_words(12) == "12"


def test_common_tags_are_those_of_the_newest_pictures(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tags, "_NEWEST", 2)
    for given in (["old"], ["old", "lake"], ["lake"], ["hill", "lake"], ["hill", "night"]):
        published(alice, tags=given)
    published(alice, tags=["secret", "night"], state=State.HELD)
    assert names(tags.common_tags(2)) == [("lake", 3), ("hill", 2)]
    assert names(tags.common_tags(9)) == [("lake", 3), ("hill", 2), ("night", 1)]


@pytest.fixture
def very_many(alice: User) -> None:
    """A hundred thousand tags, each of one of ten published pictures."""
    pictures = [published(alice) for _ in range(10)]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO board_tag (name) SELECT 'tag_' || n FROM generate_series(1, 100000) AS n")
        cursor.execute(
            "INSERT INTO board_post_tags (post_id, tag_id) SELECT (%s::bigint[])[1 + id %% 10], id FROM board_tag",
            [[picture.post.pk for picture in pictures]],
        )
        cursor.execute("ANALYZE board_tag, board_post_tags, board_post, dedupe_picture")


def plan_of(captured: CaptureQueriesContext, number: int) -> dict[str, Any]:
    """The plan of a query that was just run, with what it read."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {captured.captured_queries[number]['sql']}")
        return dict(cursor.fetchone()[0][0]["Plan"])


def scanned(plan: dict[str, Any]) -> int:
    """The most rows of tags that one node of the plan has read."""
    own = 0
    if plan.get("Relation Name") == "board_tag":
        own = (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    return max([own, *(scanned(part) for part in plan.get("Plans", []))])


def test_a_hundred_thousand_tags_are_not_read(very_many: None) -> None:
    for ask in (
        lambda: tags.common_tags(24),
        lambda: tags.suggest_tags("tag_1", 10),
        lambda: tags.used_tags("", "", 121),
        lambda: tags.used_tags("", "tag_5", 121),
        lambda: tags.used_tags("tag_7", "tag_71", 121),
    ):
        with CaptureQueriesContext(connection) as captured:
            found = ask()
        assert found
        assert scanned(plan_of(captured, 0)) <= 400
    assert Tag.objects.count() == 100000
