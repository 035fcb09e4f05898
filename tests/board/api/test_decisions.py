"""Answer the question, look back, undo."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from dedupe.models import Case, CaseKind, Decision, Match, Picture
from dedupe.search import SearchFailed
from tests.board.api.conftest import Actor, Upload, jpeg, problem_of, scene


def answer(actor: Actor, held: Picture, verdict: str, match: object, reason: str = "") -> Any:
    body = {"verdict": verdict, "match": match, "reason": reason}
    return actor.post(f"uploads/{held.public_id}/decision", body)


@pytest.mark.parametrize(
    ("verdict", "state"),
    [("same", "withdrawn"), ("better", "held"), ("variant", "live"), ("different", "live")],
)
def test_the_four_answers(alice: Actor, held: Picture, match: Match, verdict: str, state: str) -> None:
    body = answer(alice, held, verdict, match.pk, "Because").json()
    assert body["upload"]["state"] == state
    (decision,) = body["upload"]["decisions"]
    assert decision["id"] == body["decision"]
    assert (decision["verdict"], decision["reason"], decision["by"]) == (verdict, "Because", "alice")
    assert (decision["kind"], decision["role"], decision["undone"]) == ("answer", "uploader", False)


def test_a_match_may_be_named_by_the_other_picture(alice: Actor, held: Picture, live: Picture) -> None:
    assert answer(alice, held, "same", live.public_id).json()["upload"]["duplicate_of"] == live.public_id


def test_variants_are_linked_both_ways(alice: Actor, held: Picture, live: Picture, match: Match) -> None:
    answer(alice, held, "variant", match.pk)
    for one, other in ((held, live), (live, held)):
        variants = alice.get(f"pictures/{one.public_id}").json()["variants"]
        assert [picture["id"] for picture in variants] == [other.public_id]


def test_a_proposal_waits_for_staff(alice: Actor, held: Picture, match: Match) -> None:
    body = answer(alice, held, "better", match.pk).json()
    assert "Staff are looking" in body["upload"]["reason"]
    assert "Staff are looking" in alice.get("uploads").json()["items"][0]["reason"]
    assert Case.objects.get().kind == CaseKind.PROPOSAL
    problem_of(answer(alice, held, "different", match.pk), 409)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"verdict": "equal", "match": 1},
        {"verdict": "same"},
        {"verdict": "same", "match": None},
        {"verdict": "same", "match": 1, "reason": "x" * 501},
        {"verdict": "same", "match": 1, "reason": "\x00"},
    ],
    ids=str,
)
def test_answers_that_do_not_fit(alice: Actor, held: Picture, body: dict[str, Any]) -> None:
    problem_of(alice.post(f"uploads/{held.public_id}/decision", body), 422)


@pytest.mark.parametrize("name", [0, -1, 10**30, "", "nothing", "2" * 14, "\x00"])
@pytest.mark.hostile("input 17")
def test_a_match_of_another_upload_is_not_there(alice: Actor, held: Picture, name: object) -> None:
    problem_of(answer(alice, held, "same", name), 404)


@pytest.mark.hostile("fault: answers at once")
def test_the_second_answer_is_told_that_somebody_was_first(alice: Actor, held: Picture, match: Match) -> None:
    assert answer(alice, held, "same", match.pk).status_code == 200
    assert "withdrawn" in problem_of(answer(alice, held, "different", match.pk), 409)["detail"]


def test_a_failed_search_is_said(
    alice: Actor, held: Picture, match: Match, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> None:
        raise SearchFailed("canceled")

    monkeypatch.setattr("dedupe.workflow.publication.find_look_alikes", fail)
    body = problem_of(answer(alice, held, "different", match.pk), 503)
    assert "does not mean that there are none" in body["detail"]
    assert alice.get(f"uploads/{held.public_id}").json()["state"] == "held"


@pytest.fixture
def worded(upload: Upload, alice: Actor, live: Picture) -> Picture:
    """Alice's upload with words that Bob's picture lacks."""
    return upload(
        alice, jpeg(scene(), 55), title="Dusk", tags=["alps", "boat", "hills"], source="https://a.example/1"
    )


@pytest.mark.parametrize(
    ("wanted", "tags", "source"),
    [
        ({}, ["alps", "boat"], True),
        ({"hand_over": True}, ["alps", "boat"], True),
        ({"hand_over": False}, [], False),
        ({"hand_over": {"tags": ["alps", "not_mine"]}}, ["alps"], False),
        ({"hand_over": {"source": True, "title": True}}, [], True),
        ({"hand_over": {}}, [], False),
    ],
    ids=str,
)
def test_words_go_along_with_same(
    alice: Actor, worded: Picture, live: Picture, wanted: dict[str, Any], tags: list[str], source: bool
) -> None:
    before = alice.get(f"pictures/{live.public_id}").json()
    body = {"verdict": "same", "match": live.public_id, **wanted}
    decision = alice.post(f"uploads/{worded.public_id}/decision", body).json()["decision"]
    after = alice.get(f"pictures/{live.public_id}").json()
    assert sorted(set(after["tags"]) - set(before["tags"])) == tags
    assert (after["source"] == "https://a.example/1") is source
    assert after["title"] == before["title"], "there is one"
    alice.delete(f"decisions/{decision}")
    assert alice.get(f"pictures/{live.public_id}").json() == before


@pytest.mark.parametrize(
    "wanted",
    ["perhaps", 7, {"tags": "alps"}, {"tags": ["x" * 61]}, {"tags": ["a"] * 201}, {"source": "x"}],
    ids=repr,
)
def test_words_that_do_not_fit_are_refused(
    alice: Actor, worded: Picture, live: Picture, wanted: object
) -> None:
    body = {"verdict": "same", "match": live.public_id, "hand_over": wanted}
    problem_of(alice.post(f"uploads/{worded.public_id}/decision", body), 422)
    assert alice.get(f"uploads/{worded.public_id}").json()["state"] == "held"


def test_staff_answer_as_staff(mod: Actor, held: Picture, match: Match) -> None:
    assert answer(mod, held, "different", match.pk).json()["upload"]["decisions"][0]["role"] == "staff"


def test_others_are_not_named(alice: Actor, mod: Actor, held: Picture, match: Match) -> None:
    answer(mod, held, "different", match.pk)
    (decision,) = alice.get("decisions").json()["items"]
    assert (decision["role"], decision["by"]) == ("staff", None)
    assert mod.get("decisions").json()["items"][0]["by"] == "mod"


def test_decisions_are_listed_by_page_to_those_they_concern(
    alice: Actor, bob: Actor, mod: Actor, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("board.api.lookups.page_of.__defaults__", (2,))
    made = [
        alice.delete(f"uploads/{upload(alice, jpeg(scene(seed))).public_id}").json()["decision"]
        for seed in (3, 4, 5)
    ]
    first = alice.get("decisions").json()
    assert [item["id"] for item in first["items"]] == made[:0:-1]
    second = alice.client.get(first["next"]).json()
    assert [item["id"] for item in second["items"]] == made[:1]
    assert second["next"] is None
    assert bob.get("decisions").json() == {"items": [], "next": None}
    assert len(mod.get("decisions").json()["items"]) == 2


def test_a_list_takes_few_queries(alice: Actor, upload: Upload, django_assert_max_num_queries: Any) -> None:
    for seed in (3, 4, 5):
        alice.delete(f"uploads/{upload(alice, jpeg(scene(seed))).public_id}")
    with django_assert_max_num_queries(4):
        alice.get("decisions")


def test_undo_and_redo(alice: Actor, held: Picture, match: Match) -> None:
    decision = answer(alice, held, "same", match.pk).json()["decision"]
    undone = alice.delete(f"decisions/{decision}?reason=Oops").json()
    assert undone["upload"]["state"] == "held"
    kinds = [(each["kind"], each["undone"]) for each in undone["upload"]["decisions"]]
    assert kinds == [("answer", True), ("undo", False)]
    assert undone["upload"]["decisions"][1]["undoes"] == decision
    assert undone["upload"]["decisions"][1]["reason"] == "Oops"
    problem_of(alice.delete(f"decisions/{decision}"), 409)
    redone = alice.delete(f"decisions/{undone['decision']}").json()
    assert redone["upload"]["state"] == "withdrawn"


def test_what_staff_decided_only_staff_undo(
    alice: Actor, bob: Actor, mod: Actor, held: Picture, match: Match
) -> None:
    decision = answer(mod, held, "same", match.pk).json()["decision"]
    problem_of(alice.delete(f"decisions/{decision}"), 403)
    problem_of(bob.delete(f"decisions/{decision}"), 404)
    assert mod.delete(f"decisions/{decision}").status_code == 200


def test_after_the_retention_time_nothing_is_undone(
    alice: Actor, held: Picture, match: Match, monkeypatch: pytest.MonkeyPatch
) -> None:
    decision = answer(alice, held, "same", match.pk).json()["decision"]
    later = timezone.now() + timedelta(days=31)
    monkeypatch.setattr("dedupe.workflow.undo.timezone.now", lambda: later)
    assert "30 days" in problem_of(alice.delete(f"decisions/{decision}"), 410)["detail"]
    assert Decision.objects.count() == 1
