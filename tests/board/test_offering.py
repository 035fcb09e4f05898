"""The words of an upload and the picture that stays: what is offered, handed over, and taken back."""

from __future__ import annotations

import pytest
from django.db import transaction

from board.models import Post, Tag, User
from board.models.posts import FURTHER_SOURCES
from board.offering import Chosen, Offer, hand_over, offer, pass_on
from dedupe import workflow
from dedupe.models import Decision, Match, Picture, Verdict
from tests.board.pages.conftest import (  # noqa: F401
    Upload,
    alice,
    bob,
    jpeg,
    live,
    match,
    own_media,
    silent_doorbell,
    upload,
)

MINE, THEIRS = "https://mine.example/1", "https://theirs.example/2"


@pytest.fixture
def held(upload: Upload, alice: User, live: Picture) -> Picture:  # noqa: F811
    """Alice's upload with a title, tags and a source of its own."""
    return upload(alice, jpeg(quality=60), title="Dusk", tags=["dusk", "alps", "boat"], source=MINE)


def words(picture: Picture) -> tuple[set[str], str, list[str], str]:
    post = Post.objects.get(picture=picture)
    return {tag.name for tag in post.tags.all()}, post.source, post.further_sources, post.title


def say_same(held: Picture, match: Match, chosen: Chosen | None) -> tuple[Decision, Offer]:  # noqa: F811
    with transaction.atomic():
        decision = workflow.answer(held.owner, held, match, Verdict.SAME)
        return decision, pass_on(decision, held, match.other(held), chosen)


def test_only_what_is_missing_is_offered(held: Picture, live: Picture) -> None:  # noqa: F811
    assert offer(held.post, live.post) == Offer(tags=("alps", "boat"), source=MINE)


def test_a_title_is_offered_where_there_is_none(held: Picture, live: Picture) -> None:  # noqa: F811
    live.post.title = ""
    assert offer(held.post, live.post).title == "Dusk"


@pytest.mark.parametrize("known", ["source", "further_sources"])
def test_a_known_source_is_not_offered(held: Picture, live: Picture, known: str) -> None:  # noqa: F811
    setattr(live.post, known, MINE if known == "source" else [MINE])
    assert offer(held.post, live.post).source is None


def test_there_is_an_end_to_further_sources(held: Picture, live: Picture) -> None:  # noqa: F811
    live.post.further_sources = [f"https://theirs.example/{number}" for number in range(FURTHER_SOURCES)]
    assert offer(held.post, live.post).source is None


def test_a_picture_without_a_post_offers_and_takes_nothing(held: Picture) -> None:
    assert not offer(None, held.post)
    assert not offer(held.post, None)
    assert not hand_over(Decision(), None, held.post, Chosen(source=True))


def test_usually_tags_and_source_go_along(held: Picture, live: Picture, match: Match) -> None:  # noqa: F811
    _, added = say_same(held, match, None)
    assert added == Offer(("alps", "boat"), MINE)
    assert words(live) == ({"lake", "dusk", "alps", "boat"}, MINE, [], "The lake")


def test_a_second_source_stands_beside_the_first(held: Picture, live: Picture, match: Match) -> None:  # noqa: F811
    Post.objects.filter(pk=live.post.pk).update(source=THEIRS)
    say_same(held, match, Chosen(source=True))
    assert words(live)[1:3] == (THEIRS, [MINE])


def test_single_choices_are_kept_to(held: Picture, live: Picture, match: Match) -> None:  # noqa: F811
    Post.objects.filter(pk=live.post.pk).update(title="")
    say_same(held, match, Chosen(tags=("alps", "never_offered"), title=True))
    assert words(live) == ({"lake", "dusk", "alps"}, "", [], "Dusk")


def test_undo_takes_back_exactly_what_was_added(held: Picture, live: Picture, match: Match) -> None:  # noqa: F811
    Post.objects.filter(pk=live.post.pk).update(source=THEIRS, title="", further_sources=[f"{THEIRS}/b"])
    before = words(live)
    decision, _ = say_same(held, match, Chosen(("alps", "boat"), source=True, title=True))
    after = words(live)
    assert after != before
    live.post.tags.add(Tag.objects.create(name="later"))
    undo = workflow.undo_decision(held.owner, decision)
    assert words(live) == (before[0] | {"later"}, *before[1:])
    workflow.undo_decision(held.owner, undo)
    assert words(live) == (after[0] | {"later"}, *after[1:])


def test_what_was_added_meanwhile_stays_at_an_undo(held: Picture, live: Picture, match: Match) -> None:  # noqa: F811
    chosen = Chosen.usual(offer(held.post, live.post))
    live.post.tags.add(Tag.objects.get(name="alps"))
    decision, added = say_same(held, match, chosen)
    assert added.tags == ("boat",)
    workflow.undo_decision(held.owner, decision)
    assert words(live)[0] == {"lake", "dusk", "alps"}
