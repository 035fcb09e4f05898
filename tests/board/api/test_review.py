"""The review queue through the API."""

from __future__ import annotations

from typing import Any

import pytest

from dedupe import workflow
from dedupe.models import Case, CaseKind, Match, Picture, Verdict
from dedupe.workflow.filing import file_case
from tests.board.api.conftest import Actor, Upload, jpeg, problem_of, scene
from tests.people import person


@pytest.fixture
def override(alice: Actor, held: Picture, match: Match) -> Case:
    """Alice says that a sure match is another picture."""
    workflow.answer(alice.user, held, match, Verdict.DIFFERENT, "Another day")
    return Case.objects.get()


def test_open_cases_are_listed(mod: Actor, override: Case, held: Picture, live: Picture) -> None:
    (case,) = mod.get("review").json()["items"]
    assert (case["id"], case["kind"], case["state"]) == (override.pk, "override", "open")
    assert (case["reason"], case["opened_by"], case["claimed_by"]) == ("Another day", "alice", None)
    assert case["picture"]["id"] == held.public_id
    assert case["match"]["picture"]["id"] == live.public_id
    assert case["match"]["verdict"] == "different"


def test_a_claim_keeps_others_off(mod: Actor, override: Case) -> None:
    assert mod.post(f"review/{override.pk}/claim").json()["claimed_by"] == "mod"
    other = person("mia", is_staff=True)
    browser = type(mod)(other, mod.session(), mod.token, mod.key)
    browser.client.force_login(other)
    assert "mod" in problem_of(browser.post(f"review/{override.pk}/claim"), 409)["detail"]
    problem_of(browser.post(f"review/{override.pk}/decide", {"uphold": True}), 409)


@pytest.mark.parametrize(
    ("uphold", "state", "ends"), [(True, "upheld", "live"), (False, "reversed", "withdrawn")]
)
def test_a_case_is_closed(
    mod: Actor, override: Case, held: Picture, uphold: bool, state: str, ends: str
) -> None:
    body = mod.post(f"review/{override.pk}/decide", {"uphold": uphold, "reason": "Seen"}).json()
    assert body["case"]["state"] == state
    held.refresh_from_db()
    assert held.state == ends
    assert mod.get("review").json() == {"items": [], "next": None}
    problem_of(mod.post(f"review/{override.pk}/decide", {"uphold": uphold}), 409)
    undone = mod.delete(f"decisions/{body['decision']}")
    assert undone.status_code == 200
    assert len(mod.get("review").json()["items"]) == 1


def test_a_proposal_swaps_the_pictures(
    alice: Actor, mod: Actor, held: Picture, live: Picture, match: Match
) -> None:
    workflow.answer(alice.user, held, match, Verdict.BETTER)
    case = mod.get("review", kind="proposal").json()["items"][0]["id"]
    assert mod.post(f"review/{case}/decide", {"uphold": True}).status_code == 200
    assert mod.get(f"pictures/{live.public_id}").json()["sha256"] == held.checksum
    moved = mod.get(f"pictures/{held.public_id}")
    assert moved.status_code == 301
    assert moved.json()["duplicate_of"] == live.public_id


def test_reports_without_a_second_picture_are_shown(bob: Actor, mod: Actor, live: Picture) -> None:
    workflow.report_picture(bob.user, live, "Odd")
    assert mod.get("review").json()["items"][0]["match"] is None


def test_the_queue_is_narrowed_and_paged(
    alice: Actor, bob: Actor, mod: Actor, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("board.api.lookups.page_of.__defaults__", (2,))
    made = [workflow.report_picture(alice.user, upload(bob, jpeg(scene(seed))), "x").pk for seed in (3, 4, 5)]
    first = mod.get("review", kind="report").json()
    assert [item["id"] for item in first["items"]] == made[:2]
    assert [item["id"] for item in mod.client.get(first["next"]).json()["items"]] == made[2:]
    assert mod.get("review", kind="override").json()["items"] == []
    problem_of(mod.get("review", kind="nonsense"), 422)


def test_the_queue_takes_few_queries(
    alice: Actor, bob: Actor, mod: Actor, override: Case, upload: Upload, django_assert_max_num_queries: Any
) -> None:
    for seed in (3, 4, 5):
        workflow.report_picture(alice.user, upload(bob, jpeg(scene(seed))), "x")
    mod.get("review")
    with django_assert_max_num_queries(6):
        assert len(mod.get("review").json()["items"]) == 4


@pytest.mark.parametrize("action", ["claim", "decide"])
def test_cases_that_are_not_there(mod: Actor, action: str) -> None:
    problem_of(mod.post(f"review/4711/{action}", {"uphold": True}), 404)


@pytest.mark.parametrize(
    ("resolution", "verdict", "ends"),
    [("keep_older", "same", "withdrawn"), ("variant", "variant", "live"), ("different", "different", "live")],
)
def test_a_case_is_closed_by_what_the_pictures_are(
    mod: Actor, override: Case, held: Picture, match: Match, resolution: str, verdict: str, ends: str
) -> None:
    (listed,) = mod.get("review").json()["items"]
    assert listed["resolutions"] == ["keep_older", "keep_newer", "variant", "different"]
    body = mod.post(f"review/{override.pk}/decide", {"resolution": resolution}).json()
    held.refresh_from_db()
    match.refresh_from_db()
    assert (held.state, match.verdict) == (ends, verdict)
    assert body["case"]["resolutions"] == []


@pytest.mark.parametrize(
    "ruling", [{}, {"reason": "x"}, {"uphold": True, "resolution": "variant"}, {"resolution": "burn"}]
)
def test_a_ruling_says_one_thing(mod: Actor, override: Case, ruling: dict[str, Any]) -> None:
    problem_of(mod.post(f"review/{override.pk}/decide", ruling), 422)


def test_what_cannot_be_said_of_a_case_is_a_conflict(mod: Actor, override: Case) -> None:
    told = problem_of(mod.post(f"review/{override.pk}/decide", {"resolution": "remove"}), 409)
    assert "cannot be said" in told["detail"]


def test_an_open_sample_does_not_tell_what_its_uploader_said(
    alice: Actor, mod: Actor, held: Picture, match: Match
) -> None:
    cause = workflow.answer(alice.user, held, match, Verdict.SAME, "mine")
    case = file_case(CaseKind.SAMPLE, held, match, cause=cause)
    assert case is not None
    (listed,) = mod.get("review", kind="sample").json()["items"]
    assert (listed["match"]["verdict"], listed["reason"], listed["opened_by"]) == (None, "", None)
    body = mod.post(f"review/{case.pk}/decide", {"resolution": "different"}).json()
    assert body["case"]["match"]["verdict"] == "same"
