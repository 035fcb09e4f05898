"""The demo fills an empty board, once, with something for every page."""

from __future__ import annotations

import io
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from board.demo.catalogue import MOTIFS
from board.demo.drawing import rgb
from board.demo.story import encoded
from board.models import User
from dedupe.conf import conf
from dedupe.imaging import Relation, compare, fingerprint
from dedupe.invariants import find_violations
from dedupe.models import Case, CaseKind, CaseState, Match, Picture, State, Verdict
from tests.uploads import own_media

__all__ = ["own_media"]


@pytest.fixture(autouse=True)
def silent_doorbell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody rings the broker here."""
    monkeypatch.setattr("dedupe.workflow.submission.ring", lambda pk: True)


@pytest.fixture
def told(db: None) -> str:
    out = io.StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def test_the_demo_has_something_for_every_page(told: str) -> None:
    states = list(Picture.objects.values_list("state", flat=True))
    assert states.count(State.LIVE) == len(MOTIFS) + 5
    assert states.count(State.HELD) == 7  # six questions, one of them about to expire, and a proposal
    redirect = Picture.objects.get(state=State.WITHDRAWN)
    assert redirect.duplicate_of is not None
    assert Match.objects.filter(verdict=Verdict.VARIANT).count() == 1
    opened = set(Case.objects.filter(state=CaseState.OPEN).values_list("kind", flat=True))
    assert opened == set(CaseKind.values)
    finds = Case.objects.filter(kind=CaseKind.FIND)
    assert sorted(Counter(finds.values_list("cluster", flat=True)).values()) == [1, 3], "a pair and a cluster"
    alice = User.objects.get(username="alice")
    questions = Picture.objects.filter(owner=alice, state=State.HELD)
    assert [Match.objects.open_for(upload).count() for upload in questions] == [1] * 5
    asked = Match.objects.filter(query__in=questions).values_list("relation", flat=True)
    assert {Relation.CROPPED, Relation.MIRRORED, Relation.CAPTIONED} <= set(asked)
    assert find_violations(read_bytes=True) == []
    for name in ("alice", "bob", "mod"):
        line = next(line for line in told.splitlines() if line.strip().startswith(name))
        assert User.objects.get(username=name).check_password(line.split()[1])
    with pytest.raises(CommandError, match="not empty"):
        call_command("demo")
    before = Picture.objects.count()
    call_command("demo", "--if-empty")
    assert Picture.objects.count() == before


def test_a_demo_that_does_not_fit_keeps_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when an operator's settings ask about nothing."""
    monkeypatch.setattr("board.demo.story.MOTIFS", MOTIFS[:1])
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr("board.demo.story.workflow.analyse_picture", lambda pk: None)
    with pytest.raises(CommandError, match="does not fit"):
        call_command("demo", stderr=io.StringIO())
    assert not Picture.objects.exists()
    assert not User.objects.exists()


def test_the_pictures_are_the_same_in_every_run() -> None:
    first = MOTIFS[0]
    colours = [rgb(name) for name in first.palette.split()]
    again = first.scene(np.random.default_rng(first.seed), first.size, colours)
    assert again.tobytes() == first.draw().tobytes()


def test_no_two_pictures_are_alike() -> None:
    """Else the demo would ask about its own gallery."""
    prints = [fingerprint(encoded(motif.draw(), "JPEG")) for motif in MOTIFS]
    nearest = min(compare(a, b).dct for a, b in combinations(prints, 2))
    assert nearest > conf().matching.candidate_distance
