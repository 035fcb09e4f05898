"""The four answers, and who may give them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from board.models import User
from dedupe import workflow
from dedupe.models import Case, CaseKind, Decision, Match, Picture, State, Verdict
from dedupe.search import SearchFailed
from dedupe.workflow import publication
from tests.dedupe.conftest import Upload, jpeg, scene, state_of

pytestmark = pytest.mark.django_db
Say = Callable[..., Decision]


def test_same_withdraws_the_upload_and_leaves_a_redirect(say: Say, held: Picture, live: Picture) -> None:
    decision = say(Verdict.SAME)
    held.refresh_from_db()
    assert (held.state, held.duplicate_of) == (State.WITHDRAWN, live)
    assert held.storage_key, "the bytes stay for the undo"
    assert (decision.verdict, decision.role, str(decision.actor)) == ("same", "uploader", "alice")
    assert decision.seconds_to_decide is not None
    assert decision.seconds_to_decide >= 0


def test_different_publishes_keeps_the_reason_and_remembers_the_pair(
    say: Say, held: Picture, match: Match, upload: Upload
) -> None:
    decision = say(Verdict.DIFFERENT, "another season")
    match.refresh_from_db()
    assert state_of(held) == State.LIVE
    assert held.fingerprints.get().searchable
    assert (match.verdict, decision.reason) == ("different", "another season")


def test_a_remembered_pair_is_never_asked_about_again(
    say: Say, held: Picture, match: Match, mod: User, alice: User
) -> None:
    first = say(Verdict.DIFFERENT)
    workflow.undo_decision(mod, first)
    again = workflow.answer(alice, held, match, Verdict.DIFFERENT)
    assert state_of(held) == State.LIVE
    assert Match.objects.count() == 1
    assert not again.is_undone


def test_variant_publishes_and_links_both(say: Say, held: Picture, match: Match) -> None:
    say(Verdict.VARIANT)
    match.refresh_from_db()
    assert (state_of(held), match.verdict) == (State.LIVE, "variant")


def test_overriding_a_confident_match_opens_a_case_for_staff(say: Say, held: Picture, match: Match) -> None:
    assert match.confident
    say(Verdict.DIFFERENT, "mirror image")
    case = Case.objects.get()
    assert (case.kind, case.picture, case.match, case.reason) == ("override", held, match, "mirror image")


def test_overriding_an_unsure_match_opens_none(say: Say, match: Match) -> None:
    Match.objects.update(confident=False)
    say(Verdict.DIFFERENT)
    assert not Case.objects.exists()


def test_better_publishes_nothing_and_files_a_proposal(say: Say, held: Picture, live: Picture) -> None:
    say(Verdict.BETTER)
    assert (state_of(held), state_of(live)) == (State.HELD, State.LIVE)
    assert Case.objects.get().kind == CaseKind.PROPOSAL


def test_nothing_more_can_be_answered_while_staff_look_at_a_proposal(
    say: Say, held: Picture, match: Match, alice: User
) -> None:
    say(Verdict.BETTER)
    with pytest.raises(workflow.Conflict, match="answered already"):
        workflow.answer(alice, held, match, Verdict.SAME)


def test_the_second_answer_is_told_that_somebody_was_first(say: Say) -> None:
    say(Verdict.SAME)
    with pytest.raises(workflow.Conflict, match="not waiting for an answer"):
        say(Verdict.DIFFERENT)
    assert Decision.objects.count() == 1


def test_only_the_uploader_and_staff_may_answer(say: Say, bob: User, mod: User, held: Picture) -> None:
    with pytest.raises(workflow.NotAllowed):
        say(Verdict.SAME, actor=bob)
    assert say(Verdict.SAME, actor=mod).role == "staff"


def test_an_answer_about_a_picture_that_has_gone_is_refused_in_words(
    say: Say, live: Picture, bob: User
) -> None:
    workflow.withdraw(bob, live)
    with pytest.raises(workflow.Conflict, match="has gone"):
        say(Verdict.SAME)
    with pytest.raises(workflow.Conflict, match="has gone"):
        say(Verdict.BETTER)


def test_identical_bytes_cannot_be_published_beside_each_other(
    upload: Upload, alice: User, mod: User, live: Picture
) -> None:
    copy = upload(alice, jpeg(scene(), 92))
    workflow.undo_decision(alice, copy.decisions.get())
    assert state_of(copy) == State.HELD
    with pytest.raises(workflow.Conflict, match="exactly these bytes"):
        workflow.answer(alice, copy, Match.objects.get(query=copy), Verdict.DIFFERENT)
    assert (state_of(copy), state_of(live)) == (State.HELD, State.LIVE)


def test_a_picture_published_while_the_question_was_open_is_asked_about_too(
    say: Say, held: Picture, upload: Upload, bob: User, live: Picture
) -> None:
    newer = upload(bob, jpeg(scene(), 70))
    workflow.answer(bob, newer, Match.objects.get(query=newer, candidate=live), Verdict.VARIANT)
    say(Verdict.DIFFERENT)
    assert state_of(held) == State.HELD
    assert Match.objects.open_for(held).get().candidate == newer


def test_a_failed_last_look_leaves_the_question_open(
    say: Say, held: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise SearchFailed("too slow")

    monkeypatch.setattr(publication, "find_look_alikes", fail)
    with pytest.raises(SearchFailed):
        say(Verdict.DIFFERENT)
    assert state_of(held) == State.HELD
    assert not Decision.objects.exists()


def test_redirects_are_flattened_on_write(
    say: Say, held: Picture, live: Picture, upload: Upload, alice: User, bob: User, mod: User
) -> None:
    decision = say(Verdict.DIFFERENT)
    follower = upload(bob, jpeg(scene(), 40))
    to_held = Match.objects.of_pair(follower.pk, held.pk).get()
    workflow.answer(bob, follower, to_held, Verdict.SAME)
    case = Case.objects.get(cause=decision)
    workflow.close_case(mod, case, uphold=False)
    follower.refresh_from_db()
    held.refresh_from_db()
    assert (held.duplicate_of, follower.duplicate_of) == (live, live)


@pytest.mark.parametrize("actor_is_staff", [False, True])
def test_an_upload_can_be_taken_back(held: Picture, alice: User, mod: User, actor_is_staff: bool) -> None:
    decision = workflow.withdraw(mod if actor_is_staff else alice, held)
    assert state_of(held) == (State.REMOVED if actor_is_staff else State.WITHDRAWN)
    workflow.undo_decision(mod, decision)
    assert state_of(held) == State.HELD


def test_a_rejected_upload_cannot_be_taken_back(upload: Upload, alice: User) -> None:
    picture = upload(alice, b"nonsense")
    with pytest.raises(workflow.Conflict):
        workflow.withdraw(alice, picture)


def test_decisions_and_ledger_cannot_be_changed_in_the_database(say: Say) -> None:
    decision = say(Verdict.SAME)
    for table in ("dedupe_decision", "dedupe_ledgerentry"):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id"):
            with pytest.raises(DatabaseError, match="append-only"), _savepoint():
                connection.cursor().execute(statement)
    assert Decision.objects.get() == decision


def _savepoint() -> Any:
    from django.db import transaction

    return transaction.atomic()
