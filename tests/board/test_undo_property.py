"""Whatever people and staff do in whatever order: when every decision is undone, the board is where it began."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from board.models import Comment, Favourite, Gallery, GalleryPlace, Post, Tag, User
from dedupe import workflow
from dedupe.invariants import find_violations
from dedupe.models import Case, Decision, DecisionKind, Fingerprint, Match, Picture, State, Verdict
from tests.dedupe.conftest import captioned
from tests.uploads import Upload, jpeg, own_media, scene, upload

__all__ = ["own_media", "upload"]


pytestmark = pytest.mark.django_db

_OF_PICTURES = (
    "public_id", "owner", "state", "check_outcome", "storage_key", "checksum", "size_bytes", "width", "height",
    "duplicate_of", "refusal", "published_at",
)  # fmt: skip
_ACTS = (
    "answer", "answer", "answer", "close", "close", "report", "withdraw", "undo", "upload", "upload", "comment",
    "like", "place", "tag",
)  # fmt: skip
EXAMPLES = int(os.environ.get("UNDO_EXAMPLES", "10"))
"""More by hand: UNDO_EXAMPLES=500 script/test tests/board/test_undo_property.py"""


class _Done(Exception):
    """Leads out of the transaction of one example."""


@dataclass
class Board:
    """The people, what they may upload, and what was there before anybody decided."""

    upload: Upload
    people: list[User]
    mod: User
    chance: random.Random
    begun: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    uploads: int = 0

    def picture_of(self, state: State) -> Picture | None:
        found = list(Picture.objects.filter(state=state).order_by("pk"))
        return self.chance.choice(found) if found else None

    def act(self, name: str) -> None:
        with suppress(workflow.WorkflowError), transaction.atomic():
            getattr(self, f"_{name}")()

    def _answer(self) -> None:
        held = self.picture_of(State.HELD)
        questions = list(Match.objects.open_for(held)) if held else []
        if held and questions:
            workflow.answer(
                held.owner, held, self.chance.choice(questions), self.chance.choice(list(Verdict)), "so"
            )

    def _close(self) -> None:
        cases = list(Case.objects.filter(state="open").order_by("pk"))
        if cases:
            workflow.close_case(self.mod, self.chance.choice(cases), uphold=self.chance.random() < 0.7)

    def _report(self) -> None:
        one, other = self.picture_of(State.LIVE), self.picture_of(State.LIVE)
        if one and other and one != other:
            case = workflow.report_picture(self.mod, one, "the same", other)
            workflow.close_case(self.mod, case, uphold=True)

    def _withdraw(self) -> None:
        if picture := self.picture_of(State.LIVE):
            workflow.withdraw(self.chance.choice([picture.owner, self.mod]), picture)

    def _undo(self) -> None:
        decisions = list(Decision.objects.order_by("-pk")[:4])
        if decisions:
            workflow.undo_decision(self.mod, self.chance.choice(decisions))

    def _upload(self) -> None:
        if self.uploads == 6:
            return
        self.uploads += 1
        image = captioned(scene()) if self.uploads % 3 == 0 else scene(1 + self.uploads % 2)
        words = {"title": f"Picture {self.uploads}", "tags": ["shared", f"tag{self.uploads}"]}
        owner = self.people[self.uploads % 2]
        picture = self.upload(owner, jpeg(image, 60 + 5 * self.uploads), **words)
        self.begun[picture.pk] = picture_row(picture.pk)

    def _comment(self) -> None:
        if picture := self.picture_of(State.LIVE):
            text = f"comment {len(self.said)}"
            Comment.objects.create(picture=picture, author=self.people[0], text=text)
            self.said[text] = picture.public_id

    def _like(self) -> None:
        if picture := self.picture_of(State.LIVE):
            Favourite.objects.get_or_create(picture=picture, person=self.chance.choice(self.people))

    def _place(self) -> None:
        if picture := self.picture_of(State.LIVE):
            gallery, _ = Gallery.objects.get_or_create(owner=self.people[0], title="Some")
            GalleryPlace.objects.get_or_create(gallery=gallery, picture=picture, defaults={"position": 1})

    def _tag(self) -> None:
        if picture := self.picture_of(State.LIVE):
            picture.post.tags.add(Tag.objects.get_or_create(name="later")[0])

    def undo_everything(self) -> None:
        while decision := Decision.objects.standing().exclude(kind=DecisionKind.UNDO).order_by("-pk").first():
            newest = decision
            while hasattr(newest, "undone_by"):
                newest = newest.undone_by
            workflow.undo_decision(self.mod, newest)


def picture_row(pk: int) -> tuple[Any, ...]:
    row: tuple[Any, ...] = Picture.objects.values_list(*_OF_PICTURES).get(pk=pk)
    return row


def words() -> dict[int, tuple[Any, ...]]:
    """What each post says, without the tag that was added outside of any decision."""
    return {
        post.picture_id: (
            post.title, post.source, post.further_sources,
            sorted(post.tags.exclude(name="later").values_list("name", flat=True)),
        )
        for post in Post.objects.prefetch_related("tags")
    }  # fmt: skip


@contextmanager
def rolled_back() -> Iterator[None]:
    with suppress(_Done), transaction.atomic():
        yield
        raise _Done


@pytest.mark.timeout(3600)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9), acts=st.lists(st.sampled_from(_ACTS), min_size=25, max_size=60))
@pytest.mark.hostile("fault: random sequences")
def test_after_undoing_everything_the_board_is_as_it_was(
    seed: int, acts: list[str], upload: Upload, alice: User, bob: User, mod: User
) -> None:
    with rolled_back():
        board = Board(upload, [alice, bob], mod, random.Random(seed))
        for act in ["upload", "upload", "upload", "answer", *acts]:
            board.act(act)
        event(f"{Decision.objects.count() // 5 * 5} decisions or more")
        board.undo_everything()
        assert {pk: picture_row(pk) for pk in board.begun} == board.begun
        assert not Match.objects.exclude(verdict="").exists()
        assert {text: Comment.objects.get(text=text).picture.public_id for text in board.said} == board.said
        for pk, (title, source, further, tags) in words().items():
            number = title.removeprefix("Picture ")
            assert (source, further, tags) == ("", [], sorted(["shared", f"tag{number}"])), pk
        searchable = Fingerprint.objects.filter(searchable=True).values("picture")
        assert not Picture.objects.live().exclude(pk__in=searchable).exists()
        assert not Fingerprint.objects.filter(searchable=True).exclude(picture__state=State.LIVE).exists()
        assert find_violations(read_bytes=True) == []
