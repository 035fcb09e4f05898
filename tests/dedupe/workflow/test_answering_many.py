"""One answer for many: all look-alikes of an upload, and the uploads that are alike."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import QuerySet

from board.models import User
from dedupe import workflow
from dedupe.models import Case, Decision, LedgerEntry, Match, Picture, State, Verdict
from dedupe.search import SearchFailed
from dedupe.workflow.answering_many import Question, answer_each, questions_alike
from tests.dedupe.conftest import Upload, jpeg, scene, state_of
from tests.pictures import encoded

pytestmark = pytest.mark.django_db


def waiting_of(user: User) -> QuerySet[Picture]:
    return Picture.objects.filter(owner=user, state=State.HELD)


@pytest.fixture
def several(upload: Upload, alice: User, bob: User, live: Picture) -> Picture:
    """Alice's upload that looks like two pictures of Bob's."""
    second = upload(bob, jpeg(scene(), 75))
    workflow.answer(bob, second, Match.objects.get(query=second), Verdict.VARIANT)
    picture = upload(alice, jpeg(scene(), 50))
    assert Match.objects.open_for(picture).count() == 2
    return picture


def test_one_answer_about_all_publishes_and_remembers_each(several: Picture, alice: User) -> None:
    matches = list(Match.objects.open_for(several))
    decisions = workflow.answer_all(alice, several, matches, Verdict.DIFFERENT, "another season")
    assert state_of(several) == State.LIVE
    assert [each.reason for each in decisions] == ["another season"] * 2
    assert set(Match.objects.about(several).values_list("verdict", flat=True)) == {"different"}
    assert Case.objects.filter(picture=several).count() == sum(match.confident for match in matches)


def test_all_or_nothing(several: Picture, alice: User) -> None:
    first, second = Match.objects.open_for(several)
    workflow.answer(alice, several, second, Verdict.VARIANT)
    with pytest.raises(workflow.Conflict, match="answered already"):
        workflow.answer_all(alice, several, [first, second], Verdict.DIFFERENT, "x")
    first.refresh_from_db()
    assert (first.verdict, state_of(several)) == ("", State.HELD)


def test_a_failed_search_leaves_all_questions_open(
    several: Picture, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise SearchFailed("canceled")

    monkeypatch.setattr("dedupe.workflow.publication.find_look_alikes", fail)
    with pytest.raises(SearchFailed):
        workflow.answer_all(alice, several, list(Match.objects.open_for(several)), Verdict.VARIANT)
    assert Match.objects.open_for(several).count() == 2


def test_others_may_not_answer_about_all(several: Picture, bob: User) -> None:
    with pytest.raises(workflow.NotAllowed):
        workflow.answer_all(bob, several, list(Match.objects.open_for(several)), Verdict.VARIANT)


def test_a_settled_upload_is_told_so(several: Picture, alice: User) -> None:
    matches = list(Match.objects.open_for(several))
    workflow.withdraw(alice, several)
    with pytest.raises(workflow.Conflict, match="not waiting for an answer any more"):
        workflow.answer_all(alice, several, matches, Verdict.VARIANT)


def test_undoing_each_brings_all_questions_back(several: Picture, alice: User) -> None:
    decisions = workflow.answer_all(alice, several, list(Match.objects.open_for(several)), Verdict.VARIANT)
    for decision in reversed(decisions):
        workflow.undo_decision(alice, decision)
    assert state_of(several) == State.HELD
    assert Match.objects.open_for(several).count() == 2


@pytest.fixture
def alike(upload: Upload, alice: User, held: Picture) -> Picture:
    """A second upload of Alice's against the same picture."""
    return upload(alice, jpeg(scene(), 45))


def test_uploads_against_the_same_picture_are_alike(
    held: Picture, match: Match, alike: Picture, upload: Upload, alice: User, bob: User
) -> None:
    upload(bob, jpeg(scene(5), 92))
    other = upload(alice, jpeg(scene(5), 50))
    assert other.state == State.HELD
    decision = workflow.answer(alice, held, match, Verdict.SAME)
    assert [question.upload for question in questions_alike(decision, waiting_of(alice))] == [alike]


def test_what_was_taken_out_of_matching_is_alike_to_nothing(
    held: Picture, match: Match, alike: Picture, alice: User, live: Picture
) -> None:
    Picture.objects.filter(pk=live.pk).update(matching_blocked=True)
    decision = workflow.answer(alice, held, match, Verdict.SAME)
    assert questions_alike(decision, waiting_of(alice)) == []


def test_exact_copies_are_alike_whatever_they_copy(upload: Upload, alice: User, bob: User) -> None:
    for seed in (3, 4):
        upload(bob, encoded(scene(seed), compress_level=1))
    one, two = (upload(alice, encoded(scene(seed), compress_level=9)) for seed in (3, 4))
    match = Match.objects.get(query=one)
    assert match.relation == "same_pixels"
    decision = workflow.answer(alice, one, match, Verdict.SAME)
    assert [question.upload for question in questions_alike(decision, waiting_of(alice))] == [two]


def test_after_a_better_copy_nothing_is_alike(
    held: Picture, match: Match, alike: Picture, alice: User
) -> None:
    decision = workflow.answer(alice, held, match, Verdict.BETTER)
    assert questions_alike(decision, waiting_of(alice)) == []


def test_the_list_takes_the_same_queries_for_one_and_for_many(
    held: Picture, match: Match, alike: Picture, upload: Upload, alice: User, django_assert_num_queries: Any
) -> None:
    decision = workflow.answer(alice, held, match, Verdict.VARIANT)
    decision = Decision.objects.select_related("match__query", "match__candidate", "picture").get(
        pk=decision.pk
    )
    with django_assert_num_queries(3):
        assert len(questions_alike(decision, waiting_of(alice))) == 1
    upload(alice, jpeg(scene(), 40))
    with django_assert_num_queries(3):
        found = questions_alike(decision, waiting_of(alice))
        assert len(found) == 2
        assert all(question.upload.rendition("small") for question in found)


def questions(*uploads: Picture) -> list[Question]:
    return [Question(upload, Match.objects.open_for(upload).get()) for upload in uploads]


def test_each_upload_is_answered_by_itself(held: Picture, alike: Picture, alice: User) -> None:
    both = questions(held, alike)
    workflow.withdraw(alice, held)
    refused, done = answer_each(alice, both, Verdict.SAME)
    assert (refused.decision, state_of(alike)) == (None, State.WITHDRAWN)
    assert "not waiting" in str(refused.problem)
    assert done.problem is None


def test_what_goes_along_shares_the_transaction(held: Picture, alike: Picture, alice: User) -> None:
    def refuse(decision: Decision) -> None:
        raise workflow.Conflict("The words could not be handed over.")

    (attempt,) = answer_each(alice, questions(held), Verdict.SAME, along=refuse)
    assert attempt.decision is None
    assert state_of(held) == State.HELD
    assert not Decision.objects.exists()
    assert not LedgerEntry.objects.exists()
