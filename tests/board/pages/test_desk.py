"""The reviewer's desk: what is shown, skipped, claimed, undone and said."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from board.models import User
from board.pages.keeping import suggestion_for
from dedupe import workflow
from dedupe.imaging import Relation
from dedupe.models import Case, CaseKind, CaseState, Decision, Match, Picture, State, Verdict
from dedupe.workflow import Resolution
from dedupe.workflow.filing import file_case
from tests.board.pages.conftest import at, browser_of, person, text
from tests.cases import case_about, published

PART = {"X-Desk": "1"}


@pytest.fixture
def three(alice: User, bob: User) -> list[Case]:
    """Three finds, the oldest first; the older picture is Bob's."""
    older = published(bob, 9)
    return [case_about(published(alice), older, hours_ago=hours) for hours in (3, 2, 1)]


@pytest.fixture
def rival(db: None) -> User:
    return person("rival", is_staff=True)


def claimed_by(case: Case) -> User | None:
    return Case.objects.get(pk=case.pk).claimed_by


def test_a_decision_brings_the_next_case_already_claimed(
    as_mod: Client, mod: User, three: list[Case]
) -> None:
    done = as_mod.post(at("close-case", three[0].pk), {"act": "keep_older"})
    assert done["Location"] == at("case", three[1].pk)
    assert claimed_by(three[1]) == mod
    assert "Decided: the older stays." in text(as_mod.get(done["Location"]))


def test_a_script_gets_the_next_case_alone_and_its_address(as_mod: Client, three: list[Case]) -> None:
    done = as_mod.post(at("close-case", three[0].pk), {"act": "keep_older"}, headers=PART)
    assert (done.status_code, done["X-Desk-Address"]) == (200, at("case", three[1].pk))
    part = text(done)
    assert "<html" not in part
    assert "Decided: the older stays." in part
    assert "1 decided in this session" in part
    assert " data-mine" in part
    pictures = [f"/renditions/{row.key}" for row in three[2].picture.renditions.filter(kind="large_avif")]
    assert f'rel="prefetch" as="image" href="{pictures[0]}"' in part


def test_skipping_gives_the_case_back_and_goes_on(as_mod: Client, mod: User, three: list[Case]) -> None:
    workflow.claim_case(mod, three[0])
    skipped = as_mod.post(at("skip-case", three[0].pk))
    assert skipped["Location"] == at("case", three[1].pk)
    assert claimed_by(three[0]) is None
    assert claimed_by(three[1]) == mod


def test_skipping_wraps_round_and_passes_over_what_others_have(
    as_mod: Client, rival: User, three: list[Case]
) -> None:
    workflow.claim_case(rival, three[0])
    skipped = as_mod.post(at("skip-case", three[2].pk))
    assert skipped["Location"] == at("case", three[1].pk)
    workflow.claim_case(rival, three[2])
    alone = as_mod.post(at("skip-case", three[1].pk))
    assert alone["Location"] == at("review")
    assert "No other case is free" in text(as_mod.get(at("review")))


def test_a_case_that_somebody_else_has_says_so_and_leads_to_the_next(
    as_mod: Client, rival: User, three: list[Case]
) -> None:
    workflow.claim_case(rival, three[0])
    page = text(as_mod.get(at("case", three[0].pk)))
    assert "rival is looking at this case until" in page
    assert "The next free case" in page
    assert at("case", three[1].pk) in page
    assert "data-decides" not in page
    told = as_mod.post(at("claim-case", three[0].pk), headers=PART)
    assert told.status_code == 409
    assert "rival is looking at this case." in text(told)
    assert f'href="{at("case", three[1].pk)}"' in text(told)


def test_a_refused_decision_shows_the_case_as_it_is_now(
    as_mod: Client, rival: User, three: list[Case]
) -> None:
    workflow.resolve_case(rival, three[0], Resolution.VARIANT)
    refused = as_mod.post(at("close-case", three[0].pk), {"act": "keep_older"}, headers=PART)
    assert refused.status_code == 409
    assert "Somebody was first: this case is reversed." in text(refused)
    assert "This case is closed: reversed by rival." in text(refused)


def test_undoing_the_last_returns_to_its_case(as_mod: Client, three: list[Case]) -> None:
    as_mod.post(at("close-case", three[0].pk), {"act": "keep_older"})
    undone = as_mod.post(f"{at('undo-last')}?kind=find")
    assert undone["Location"] == f"{at('case', three[0].pk)}?kind=find"
    assert Case.objects.get(pk=three[0].pk).state == CaseState.OPEN
    again = as_mod.post(at("undo-last"), headers=PART)
    assert "nothing that can be undone" in text(again)
    assert "decided in this session" not in text(again)


def test_an_undo_that_something_stands_in_the_way_of_says_so(
    as_mod: Client, mod: User, alice: User, three: list[Case]
) -> None:
    as_mod.post(at("close-case", three[0].pk), {"act": "keep_older"})
    Picture.objects.filter(pk=three[0].picture_id).update(state=State.REMOVED, duplicate_of=None)
    refused = as_mod.post(at("undo-last"))
    assert refused.status_code == 409
    assert "Undo that one first" in text(refused)


def test_only_reviewers_reach_any_of_it(as_alice: Client, three: list[Case]) -> None:
    for name in ("close-case", "skip-case", "claim-case"):
        assert as_alice.post(at(name, three[0].pk)).status_code == 403
        assert browser_of(None).post(at(name, three[0].pk)).status_code == 302
    assert as_alice.post(at("undo-last")).status_code == 403
    assert as_alice.get(at("identical")).status_code == 403
    assert Decision.objects.count() == 0


def test_an_unknown_case_and_a_get_are_refused(as_mod: Client, three: list[Case]) -> None:
    assert as_mod.post(at("skip-case", 4711)).status_code == 404
    assert as_mod.get(at("skip-case", three[0].pk)).status_code == 405
    assert as_mod.get(at("undo-last")).status_code == 405


def test_a_blind_sample_keeps_its_answer_until_it_is_judged(
    as_mod: Client, alice: User, held: Picture, match: Match
) -> None:
    cause = workflow.answer(alice, held, match, Verdict.SAME, "my own repost")
    case = file_case(CaseKind.SAMPLE, held, match, cause=cause)
    assert case is not None
    for address in (at("review"), at("case", case.pk)):
        page = text(as_mod.get(address))
        assert "my own repost" not in page
        assert "said that it is" not in page
    assert "say what you see" in page
    assert "We would keep" not in page
    assert "Keep the newer" not in page
    told = as_mod.post(at("close-case", case.pk), {"act": "variant"}, headers=PART)
    assert "alice had said that it is the same picture, you say a variant." in text(told)
    closed = text(as_mod.get(at("case", case.pk)))
    assert "alice had said that it is the same picture" in closed
    assert "Undo the uploader’s answer" in closed
    assert Picture.objects.get(pk=held.pk).state == State.WITHDRAWN


def test_agreeing_with_a_sample_says_so(as_mod: Client, alice: User, held: Picture, match: Match) -> None:
    cause = workflow.answer(alice, held, match, Verdict.SAME)
    case = file_case(CaseKind.SAMPLE, held, match, cause=cause)
    assert case is not None
    told = as_mod.post(at("close-case", case.pk), {"act": "keep_older"}, headers=PART)
    assert "You and alice agree." in text(told)


def test_an_expiring_question_says_until_when(as_mod: Client, held: Picture, match: Match) -> None:
    case = file_case(CaseKind.EXPIRING, held, match)
    assert case is not None
    page = text(as_mod.get(at("case", case.pk)))
    assert "has waited for its uploader’s answer since" in page
    assert "The upload is published too" in page
    as_mod.post(at("close-case", case.pk), {"act": "different"})
    assert Picture.objects.get(pk=held.pk).state == State.LIVE


def test_a_pair_of_which_one_has_gone_says_so(as_mod: Client, alice: User, bob: User) -> None:
    older, newer = published(bob, 9), published(alice)
    case = case_about(newer, older, CaseKind.REPORT)
    Picture.objects.filter(pk=older.pk).update(state=State.REMOVED)
    page = text(as_mod.get(at("case", case.pk)))
    assert "The older one is not published any more" in page
    assert "Close it" in page
    assert "Keep the older" not in page


BETTER: dict[str, tuple[dict[str, Any], str]] = {
    "larger": ({"width": 640, "height": 480}, "it is larger, 640 × 480 against 320 × 240"),
    "lossless": ({"format": "png", "quality": None}, "it is lossless, PNG against JPEG, quality 90"),
    "quality": ({"quality": 97}, "it is less compressed, quality 97 against 90"),
}


@pytest.mark.parametrize("what", BETTER)
def test_the_clearly_better_one_is_suggested_with_its_reason(alice: User, bob: User, what: str) -> None:
    given, why = BETTER[what]
    plain, good = published(bob, 9), published(alice, 1, **given)
    match = case_about(good, plain).match
    assert match is not None
    newer = suggestion_for(match, plain, good)
    assert newer is not None
    assert (newer.resolution, newer.why) == (Resolution.KEEP_NEWER, f"We would keep the newer: {why}.")
    older = suggestion_for(match, good, plain)
    assert older is not None
    assert older.resolution is Resolution.KEEP_OLDER


def test_damage_outweighs_size_and_age_decides_between_equals(alice: User, bob: User) -> None:
    plain, large = published(bob, 9), published(alice, 1, width=640, height=480, damaged=True)
    match = case_about(large, plain).match
    assert match is not None
    damaged = suggestion_for(match, plain, large)
    assert damaged is not None
    assert "the other file is damaged" in damaged.why
    equal = suggestion_for(match, plain, published(alice))
    assert equal is not None
    assert "it has been here longer" in equal.why


@pytest.mark.parametrize(
    ("relation", "probability", "expected"),
    [(Relation.CROPPED, 0.9, Resolution.VARIANT), (Relation.RE_ENCODED, 0.4, None)],
)
def test_doubt_and_other_relations_suggest_no_keeper(
    alice: User, bob: User, relation: Relation, probability: float, expected: Resolution | None
) -> None:
    older, newer = published(bob, 9), published(alice)
    match = case_about(newer, older, relation=relation, probability=probability).match
    assert match is not None
    found = suggestion_for(match, older, newer)
    assert (found.resolution if found else None) == expected


def test_the_suggestion_is_outlined_and_explained(as_mod: Client, three: list[Case]) -> None:
    page = text(as_mod.get(at("case", three[0].pk)))
    assert "We would keep the older" in page
    assert 'class="answer guess" name="act" value="keep_older"' in page
