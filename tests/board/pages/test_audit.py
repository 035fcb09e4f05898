"""The list of what staff did: for operators, narrowed and paged by its address."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from board.models import User
from board.pages import audit
from board.roles import SiteRole
from dedupe import workflow
from dedupe.models import Picture
from tests.board.pages.conftest import at, browser_of, person, text


@pytest.fixture
def removed(live: Picture, mod: User) -> Picture:
    """Bob's picture after a moderator took it down."""
    workflow.withdraw(mod, live, "Not <b>ours</b>")
    return live


def test_operators_see_who_did_what_and_why(as_mod: Client, removed: Picture) -> None:
    page = text(as_mod.get(at("audit")))
    assert "mod</a></b> took the upload back" in page
    assert "Not &lt;b&gt;ours&lt;/b&gt;" in page
    assert removed.public_id in page


def test_the_list_is_narrowed(as_mod: Client, removed: Picture) -> None:
    assert removed.public_id in text(as_mod.get(at("audit"), {"kind": "decision", "person": "Mod"}))
    for query in ({"kind": "edit"}, {"person": "nobody"}, {"before": "2020-01-01T00:00:00+00:00"}):
        page = as_mod.get(at("audit"), query)
        assert page.status_code == 200
        assert "Nothing fits" in text(page)


@pytest.mark.parametrize(
    "query",
    [
        {"before": "x"},
        {"before": "2020-01-01"},
        {"kind": "x"},
        {"person": "a\x00"},
        {"before": "9999-12-31T23:59:59-20:00"},
    ],
)
def test_rubbish_is_passed_over(as_mod: Client, query: dict[str, str]) -> None:
    assert as_mod.get(at("audit"), query).status_code == 200


def test_pages_follow_one_another(
    as_mod: Client,
    mod: User,
    removed: Picture,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: Any,
) -> None:
    monkeypatch.setattr(audit, "PAGE", 1)
    decision = removed.decisions.get()
    workflow.undo_decision(mod, decision)
    with django_assert_max_num_queries(14):
        first = as_mod.get(at("audit"))
    assert "undid a decision" in text(first)
    second = as_mod.get(at("audit") + first.context["older"])
    assert "took the upload back" in text(second)
    assert "undid a decision" not in text(second)


def test_moderators_do_not_see_it(db: None) -> None:
    assert browser_of(person("mona", role=SiteRole.MODERATOR)).get(at("audit")).status_code == 403
