"""The demo fills an empty board, once, with something for every page."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from board.demo.catalogue import MOTIFS
from board.models import User
from dedupe.conf import conf
from dedupe.invariants import find_violations
from dedupe.models import Case, CaseKind, CaseState, Match, Picture, State, Verdict


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = {name: dict(place) for name, place in settings.STORAGES.items()}
    for name in ("originals", "renditions"):
        places[name]["OPTIONS"] = {"location": tmp_path / "media" / name}
    settings.STORAGES = places
    conf.cache_clear()
    monkeypatch.setattr("dedupe.workflow.submission.ring", lambda pk: True)


@pytest.fixture
def told(db: None) -> str:
    out = io.StringIO()
    started = time.monotonic()
    call_command("demo", stdout=out)
    assert time.monotonic() - started < 60
    return out.getvalue()


def test_the_demo_has_something_for_every_page(told: str) -> None:
    states = list(Picture.objects.values_list("state", flat=True))
    assert states.count(State.LIVE) == len(MOTIFS) + 2
    assert states.count(State.HELD) == 4  # three questions and a proposal
    redirect = Picture.objects.get(state=State.WITHDRAWN)
    assert redirect.duplicate_of is not None
    assert Match.objects.filter(verdict=Verdict.VARIANT).count() == 1
    assert set(Case.objects.filter(state=CaseState.OPEN).values_list("kind", flat=True)) == set(CaseKind)
    alice = User.objects.get(username="alice")
    questions = Picture.objects.filter(owner=alice, state=State.HELD)
    assert [Match.objects.open_for(upload).count() for upload in questions] == [1, 1, 1]
    assert find_violations(read_bytes=True) == []
    for name in ("alice", "bob", "mod"):
        line = next(line for line in told.splitlines() if line.strip().startswith(name))
        assert User.objects.get(username=name).check_password(line.split()[1])
    with pytest.raises(CommandError, match="not empty"):
        call_command("demo")
    before = Picture.objects.count()
    call_command("demo", "--if-empty")
    assert Picture.objects.count() == before
