"""No transaction of the database is open while the picture store is asked: it may take many seconds to answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from board.models import User
from dedupe import storage, workflow
from dedupe.conf import conf
from dedupe.models import Decision, Match, Picture, State, Verdict
from dedupe.search import find_look_alikes, query_of
from dedupe.workflow import sweep
from dedupe.workflow.backfill import bring_up_to_date
from tests.dedupe.conftest import Upload, jpeg, scene

CALLS = ("open", "save", "delete", "exists", "listdir", "get_modified_time", "size")


class Watched:
    """A storage that notes each call made within a transaction."""

    def __init__(self, inner: Any, calls: list[str], within: list[str]) -> None:
        self.inner, self.calls, self.within = inner, calls, within

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)
        if name not in CALLS:
            return found

        def call(*args: Any, **options: Any) -> Any:
            self.calls.append(name)
            if connection.in_atomic_block:
                self.within.append(name)
            return found(*args, **options)

        return call


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Watch both stores; call it for what was asked within a transaction since."""
    calls: list[str] = []
    within: list[str] = []
    for name in ("originals", "renditions"):
        real = getattr(storage, name)
        monkeypatch.setattr(storage, name, lambda real=real: Watched(real(), calls, within))

    def found() -> list[str]:
        assert calls, "the store was not asked at all"
        taken = list(within)
        calls.clear()
        within.clear()
        return taken

    return found


@pytest.mark.django_db(transaction=True)
def test_on_no_path(
    upload: Upload, alice: User, bob: User, mod: User, watched: Callable[[], list[str]], client: Client
) -> None:
    live = upload(bob, jpeg(scene(), 92))
    assert watched() == [], "an upload that finds nothing"
    held = upload(alice, jpeg(scene(), 60))
    assert (held.state, watched()) == (State.HELD, []), "an upload that is compared"

    workflow.answer(alice, held, Match.objects.get(query=held), Verdict.BETTER, "")
    decision = Decision.objects.latest("id")
    workflow.undo_decision(alice, decision, "")
    workflow.answer(alice, held, Match.objects.get(query=held), Verdict.DIFFERENT, "Another one")
    held.refresh_from_db()
    assert held.state == State.LIVE

    query = query_of(live)
    assert query is not None
    find_look_alikes(query.leaving_out(live.pk), conf().matching)
    bring_up_to_date(live)
    assert watched() == [], "a search and a backfill"

    client.force_login(mod)
    for address in (
        f"/pictures/{live.public_id}/similar",
        f"/pictures/{live.public_id}/original",
        f"/matches/{Match.objects.get(query=held).pk}/differences.png",
        f"/renditions/{live.renditions.get(kind='small').key}",
    ):
        assert client.get(address).status_code < 500
    assert watched() == [], "pages"

    upload(alice, jpeg(scene(2))[:600])
    workflow.withdraw(mod, held, "")
    Picture.objects.filter(pk=held.pk).update(state_since="2001-01-01T00:00:00Z")
    sweep.sweep_everything()
    call_command("check_invariants", "--read-bytes")
    assert watched() == [], "the sweep and the check"
