"""What was merged into a picture, and splitting single ones off again."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from board.models import Comment, User
from board.roles import SiteRole
from dedupe import workflow
from dedupe.invariants import find_violations
from dedupe.models import Case, Decision, DecisionKind, Match, Picture, State, Verdict
from dedupe.workflow import Resolution
from tests.board.pages.conftest import Upload, at, browser_of, jpeg, person, text
from tests.board.pages.test_query_counts import pair, picture_of, queries_of


@pytest.fixture
def copy(live: Picture, upload: Upload, alice: User, mod: User) -> Picture:
    """Alice's published picture, with a comment, that staff have merged into Bob's by mistake."""
    copy = upload(alice, jpeg(seed=7), title="The pond", tags=["pond"])
    Comment.objects.create(picture=copy, author=alice, text="Mine")
    case = workflow.report_picture(mod, copy, "the same", live)
    workflow.resolve_case(mod, case, Resolution.KEEP_OLDER, "I was sure")
    copy.refresh_from_db()
    assert copy.duplicate_of == live
    return copy


def test_the_page_lists_what_leads_here_and_why(as_mod: Client, live: Picture, copy: Picture) -> None:
    assert at("merged", live.public_id) in text(as_mod.get(at("picture", live.public_id)))
    page = text(as_mod.get(at("merged", live.public_id)))
    assert "The pond" in page
    assert "upheld a case" in page
    assert "“I was sure”" in page
    assert at("split", live.public_id, copy.public_id) in page


def test_what_comes_back_is_said_before_and_done(as_mod: Client, live: Picture, copy: Picture) -> None:
    address = at("split", live.public_id, copy.public_id)
    page = text(as_mod.get(address))
    assert "It is published again, beside the other one." in page
    assert "What went along goes back with it: a tag and a comment." in page
    empty = as_mod.post(address, {"reason": " "})
    assert (empty.status_code, "say in a few words why" in text(empty)) == (400, True)
    done = as_mod.post(address, {"reason": "Another pond"})
    assert done["Location"] == at("merged", live.public_id)
    copy.refresh_from_db()
    assert (copy.state, copy.comments.count()) == (State.LIVE, 1)
    undo = Decision.objects.latest("pk")
    assert (undo.kind, undo.reason) == (DecisionKind.UNDO, "Another pond")
    assert "No other address leads" in text(as_mod.get(at("merged", live.public_id)))
    assert as_mod.get(address).status_code == 404


def test_after_its_time_it_is_split_off_by_a_decision_of_its_own(
    as_mod: Client, live: Picture, copy: Picture, mod: User, settings: Any
) -> None:
    in_time, settings.DEDUPE = settings.DEDUPE, settings.DEDUPE | {"retention_days": 0}
    address = at("split", live.public_id, copy.public_id)
    assert "The time for an undo is over" in text(as_mod.get(address))
    as_mod.post(address, {"reason": "Another pond", "verdict": "different"})
    copy.refresh_from_db()
    assert (copy.state, copy.duplicate_of, copy.comments.count()) == (State.LIVE, None, 1)
    assert not live.post.tags.filter(name="pond").exists()
    assert Match.objects.of_pair(live.pk, copy.pk).get().verdict == Verdict.DIFFERENT
    split = Decision.objects.latest("pk")
    assert (split.kind, split.actor, split.reason) == (DecisionKind.SPLIT, mod, "Another pond")
    assert find_violations(read_bytes=True) == []
    settings.DEDUPE = in_time
    workflow.undo_decision(mod, split)
    copy.refresh_from_db()
    assert (copy.state, copy.duplicate_of, copy.comments.count()) == (State.WITHDRAWN, live, 0)
    assert find_violations(read_bytes=True) == []


def test_a_file_that_is_gone_cannot_come_back(
    as_mod: Client, live: Picture, copy: Picture, mod: User
) -> None:
    Picture.objects.filter(pk=copy.pk).update(storage_key="")
    copy.refresh_from_db()
    address = at("split", live.public_id, copy.public_id)
    assert "This one cannot come back" in text(as_mod.get(address))
    assert as_mod.post(address, {"reason": "Please"}).status_code == 409
    with pytest.raises(workflow.TooLate):
        workflow.split_off(mod, copy, Verdict.DIFFERENT, "")
    assert "its file has been deleted" in text(as_mod.get(at("merged", live.public_id)))


def test_a_wrong_override_is_put_before_staff_again(as_mod: Client, alice: User, bob: User) -> None:
    one, other = picture_of(bob), picture_of(alice)
    pair(other, one, Verdict.DIFFERENT)
    pair(picture_of(alice, State.REMOVED), one, Verdict.DIFFERENT)
    page = text(as_mod.get(at("merged", one.public_id)))
    assert page.count("Ask anew…") == 1
    done = as_mod.post(at("split", one.public_id, other.public_id), {"reason": "Look closer"})
    case = Case.objects.get()
    assert done["Location"] == at("case", case.pk)
    assert (case.reason, case.picture) == ("Look closer", other)
    again = as_mod.post(at("split", one.public_id, other.public_id), {"reason": "Look closer"})
    assert (again.status_code, "reported this already" in text(again)) == (409, True)


def test_it_is_for_moderators(live: Picture, copy: Picture) -> None:
    rita = browser_of(person("rita", role=SiteRole.REVIEWER))
    assert rita.get(at("merged", live.public_id)).status_code == 403
    assert at("merged", live.public_id) not in text(rita.get(at("picture", live.public_id)))


def test_the_number_of_queries_does_not_grow(as_mod: Client, alice: User) -> None:
    shown = picture_of(alice)

    def fill(count: int) -> None:
        for _ in range(count):
            picture_of(alice, State.WITHDRAWN, duplicate_of=shown)
            pair(picture_of(alice), shown, Verdict.VARIANT)
            pair(picture_of(alice), shown, Verdict.DIFFERENT)

    fill(2)
    few: Any = queries_of(as_mod, at("merged", shown.public_id))
    fill(10)
    assert len(queries_of(as_mod, at("merged", shown.public_id))) == len(few)
