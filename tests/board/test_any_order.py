"""Several people upload, answer, merge, swap, take back, undo and wait, in any order: every rule holds after each step.

More by hand: ``ORDER_EXAMPLES=70 script/test tests/board/test_any_order.py`` takes some 2,000 steps.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from board.models import Comment, Favourite, Gallery, GalleryPlace, User
from dedupe import workflow
from dedupe.invariants import find_violations
from dedupe.listing import prefixes_in_use
from dedupe.models import Case, CaseState, Decision, Match, Picture, State, Verdict
from dedupe.visibility import Sight, sight_of
from dedupe.workflow import Resolution, sweep
from dedupe.workflow.resolutions import legal
from tests.dedupe.conftest import captioned
from tests.uploads import Upload, jpeg, own_media, scene, upload

__all__ = ["own_media", "upload"]

pytestmark = [pytest.mark.django_db, pytest.mark.hostile("fault: random sequences", "I3", "I4", "I5", "I6")]

EXAMPLES = int(os.environ.get("ORDER_EXAMPLES", "8"))
STEPS = 30
_now = timezone.now
_whichever = st.integers(0, 10**6)


class Board(RuleBasedStateMachine):
    """One board, its people, and a clock that can be put forward. Everything is rolled back at the end."""

    upload_of: Callable[..., Picture]
    people: tuple[User, User]
    mod: User
    clock: pytest.MonkeyPatch
    media: str

    def __init__(self) -> None:
        super().__init__()
        self.around = transaction.atomic()
        self.around.__enter__()
        self.later = timedelta()
        self.uploads = 0
        self.acknowledged: set[int] = set()
        self.clock.setattr(timezone, "now", lambda: _now() + self.later)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.around.__exit__(None, None, None)
        self.clock.setattr(timezone, "now", _now)
        shutil.rmtree(self.media, ignore_errors=True)  # the rows that knew these files are no more

    @initialize()
    def begin(self) -> None:
        for number in range(3):
            self.upload(number, number)

    @rule(picture=st.integers(0, 2), owner=st.integers(0, 1))
    def upload(self, picture: int, owner: int) -> None:
        if self.uploads < 9:
            self.uploads += 1
            image = captioned(scene()) if picture == 2 else scene(1 + picture)
            words = {"title": f"Picture {self.uploads}", "tags": ["shared", f"tag{self.uploads}"]}
            self.upload_of(self.people[owner % 2], jpeg(image, 50 + 5 * self.uploads), **words)

    @rule(picture=_whichever)
    def upload_known_bytes(self, picture: int) -> None:
        if self.uploads < 9 and (live := self.one_of(Picture.objects.live(), picture)):
            self.uploads += 1
            with sweep.storage.local_copy(live.storage_key) as (path, _):
                self.upload_of(self.people[0], path.read_bytes())

    @rule(who=_whichever, which=_whichever, verdict=st.sampled_from(Verdict))
    def answer(self, who: int, which: int, verdict: Verdict) -> None:
        held = self.one_of(Picture.objects.filter(state=State.HELD), which)
        question = held and self.one_of(Match.objects.open_for(held), which)
        if held and question:
            self.act(lambda: workflow.answer(self.somebody(who), held, question, verdict, "so"))

    @rule(who=_whichever, which=_whichever)
    def take_back(self, who: int, which: int) -> None:
        if picture := self.one_of(Picture.objects.all(), which):
            self.act(lambda: workflow.withdraw(self.somebody(who), picture))

    @rule(who=_whichever, one=_whichever, other=_whichever)
    def report(self, who: int, one: int, other: int) -> None:
        live = Picture.objects.live()
        if picture := self.one_of(live, one):
            second = self.one_of(live, other) if other % 3 else None
            self.act(lambda: workflow.report_picture(self.somebody(who), picture, "a copy", second))

    @rule(who=_whichever, which=_whichever, how=_whichever)
    def resolve(self, who: int, which: int, how: int) -> None:
        if case := self.one_of(Case.objects.filter(state=CaseState.OPEN), which):
            choices = legal(case) if how % 4 else tuple(Resolution)
            self.act(lambda: workflow.resolve_case(self.somebody(who), case, choices[how % len(choices)]))

    @rule(who=_whichever, back=st.integers(0, 5))
    def undo(self, who: int, back: int) -> None:
        newest = list(Decision.objects.order_by("-pk")[:6])
        if newest:
            self.act(lambda: workflow.undo_decision(self.somebody(who), newest[back % len(newest)]))

    @rule(which=_whichever, who=st.integers(0, 1))
    def talk(self, which: int, who: int) -> None:
        if picture := self.one_of(Picture.objects.live(), which):
            person = self.people[who]
            Comment.objects.create(picture=picture, author=person, text="words")
            Favourite.objects.get_or_create(picture=picture, person=person)
            gallery, _ = Gallery.objects.get_or_create(owner=person, title="Some")
            GalleryPlace.objects.get_or_create(gallery=gallery, picture=picture, defaults={"position": 1})

    @rule(days=st.sampled_from([0, 0, 1, 12, 15, 31]))
    def wait_and_sweep(self, days: int) -> None:
        self.later += timedelta(days=days)
        sweep.sweep_everything(prefixes_in_use())

    @invariant()
    def every_rule_holds(self) -> None:
        assert find_violations(read_bytes=True) == []

    @invariant()
    def old_addresses_lead_to_what_is_visible_or_say_that_it_is_gone(self) -> None:
        for picture in Picture.objects.filter(duplicate_of__isnull=False).select_related("duplicate_of"):
            assert sight_of(AnonymousUser(), picture) in {Sight.LEADS_ON, Sight.GONE}

    @invariant()
    def what_was_acknowledged_is_written_down(self) -> None:
        assert set(Decision.objects.values_list("pk", flat=True)) >= self.acknowledged

    def act(self, what: Callable[[], Any]) -> None:
        """Do it, or be refused in words."""
        refused = "."
        try:
            with transaction.atomic():
                done = what()
        except workflow.WorkflowError as refusal:
            done, refused = None, str(refusal)
        assert refused.endswith(".")
        if isinstance(done, Decision):
            assert done.pk not in self.acknowledged
            self.acknowledged.add(done.pk)

    def somebody(self, number: int) -> User:
        """Staff half of the time."""
        return self.mod if number % 2 else self.people[number // 2 % 2]

    @staticmethod
    def one_of(rows: Any, number: int) -> Any:
        found = list(rows.order_by("pk"))
        return found[number % len(found)] if found else None


@contextmanager
def bound(upload: Upload, people: tuple[User, User], mod: User) -> Iterator[type[Board]]:
    """The machine with the people and the upload of one test."""
    with pytest.MonkeyPatch.context() as clock:
        own = {
            "upload_of": staticmethod(upload),
            "people": people,
            "mod": mod,
            "clock": clock,
            "media": django_settings.MEDIA_ROOT,
        }
        yield type("BoundBoard", (Board,), own)


@pytest.mark.timeout(7200)
def test_every_rule_holds_after_every_step(upload: Upload, alice: User, bob: User, mod: User) -> None:
    with bound(upload, (alice, bob), mod) as machine:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
