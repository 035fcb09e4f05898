"""Several people upload, answer, merge, undo, split and talk at once: nobody meets an error, and every rule holds."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from functools import partial

import pytest

from board.models import Comment, User
from dedupe import workflow
from dedupe.invariants import find_violations
from dedupe.models import Case, Decision, Match, Picture, State, Verdict
from tests.dedupe.conftest import own_media
from tests.dedupe.workflow.test_races import at_once
from tests.uploads import Upload, jpeg, scene, submit, upload

__all__ = ["own_media", "upload"]

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = int(os.environ.get("HANDS_ROUNDS", "2"))
"""More by hand: HANDS_ROUNDS=50 script/test tests/board/test_many_hands.py"""


def live(chance: random.Random, count: int) -> list[Picture]:
    found = list(Picture.objects.filter(state=State.LIVE).order_by("pk"))
    return chance.sample(found, count) if len(found) >= count else []


def merge(mod: User, chance: random.Random) -> None:
    for one, other in [live(chance, 2)] if len(live(chance, 2)) == 2 else []:
        case = workflow.report_picture(mod, one, "the same", other)
        workflow.close_case(mod, case, uphold=True)


def undo(mod: User, chance: random.Random) -> None:
    decisions = list(Decision.objects.order_by("-pk")[:5])
    if decisions:
        workflow.undo_decision(mod, chance.choice(decisions))


def split(mod: User, chance: random.Random) -> None:
    led = list(Picture.objects.filter(duplicate_of__isnull=False).order_by("pk"))
    if led:
        workflow.split_off(mod, chance.choice(led), Verdict.VARIANT, "another one")


def say(mod: User, chance: random.Random) -> None:
    for picture in live(chance, 1):
        Comment.objects.create(picture=picture, author=mod, text="so it is")


def remove(mod: User, chance: random.Random) -> None:
    for picture in live(chance, 1):
        workflow.withdraw(mod, picture, "a mistake")


def add(mod: User, chance: random.Random) -> None:
    """The same bytes as some upload, or the same picture in others."""
    quality = chance.choice((90, 90, chance.randrange(60, 97)))
    workflow.analyse_picture(submit(mod, jpeg(scene(seed=chance.randrange(1, 4)), quality)).pk)


def answer(mod: User, chance: random.Random) -> None:
    for held in Picture.objects.filter(state=State.HELD).order_by("?")[:1]:
        for question in Match.objects.open_for(held)[:1]:
            workflow.answer(mod, held, question, chance.choice(list(Verdict)), "so")


def close(mod: User, chance: random.Random) -> None:
    for case in Case.objects.filter(state="open").order_by("?")[:1]:
        workflow.close_case(mod, case, uphold=chance.random() < 0.7)


ACTS: list[Callable[[User, random.Random], None]] = [
    merge, merge, undo, undo, undo, split, say, remove, add, add, add, answer, answer, close, close,
]  # fmt: skip


def one_hand(mod: User, seed: str) -> list[str]:
    chance = random.Random(seed)
    met: list[str] = []
    for _ in range(25):
        act = chance.choice(ACTS)
        try:
            act(mod, chance)
        except workflow.WorkflowError:
            pass
        except Exception as error:
            met.append(f"{act.__name__}: {error!r}")
    return met


@pytest.mark.hostile("fault: many hands", "I3", "I5")
@pytest.mark.parametrize("turn", range(ROUNDS))
def test_many_hands_at_once_meet_refusals_in_words_and_break_nothing(
    turn: int, upload: Upload, alice: User, mod: User
) -> None:
    for seed in range(1, 7):
        upload(alice, jpeg(scene(seed=seed)))
    assert at_once([partial(one_hand, mod, f"{turn} {hand}") for hand in range(4)]) == [[]] * 4
    assert find_violations(read_bytes=True) == []
