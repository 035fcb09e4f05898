"""Cases that nobody opens: questions about to expire, blind samples, finds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from board.models import User
from dedupe import workflow
from dedupe.models import Case, CaseKind, CaseState, Decision, Match, Picture, Verdict
from dedupe.workflow.filing import close_answered, file_case, file_expiring, file_samples, is_drawn
from dedupe.workflow.sweep import expire_unanswered

pytestmark = pytest.mark.django_db
Say = Callable[..., Decision]


def waiting_for(upload: Picture, days: float) -> None:
    Picture.objects.filter(pk=upload.pk).update(state_since=timezone.now() - timedelta(days=days))


def test_a_question_is_put_to_staff_when_most_of_its_time_has_passed(held: Picture, match: Match) -> None:
    waiting_for(held, 11)
    assert file_expiring() == 0
    waiting_for(held, 11.3)
    assert file_expiring() == 1
    assert file_expiring() == 0
    case = Case.objects.get()
    assert (case.kind, case.picture, case.match, case.opened_by) == (CaseKind.EXPIRING, held, match, None)


def test_a_better_copy_waits_for_staff_anyway(say: Say, held: Picture) -> None:
    say(Verdict.BETTER)
    waiting_for(held, 13)
    assert file_expiring() == 0


def test_an_answer_closes_its_case_and_an_undo_files_it_again(say: Say, held: Picture, alice: User) -> None:
    waiting_for(held, 13)
    file_expiring()
    answer = say(Verdict.DIFFERENT)
    assert close_answered() == 1
    assert Case.objects.get(kind=CaseKind.EXPIRING).state == CaseState.OBSOLETE
    workflow.undo_decision(alice, answer)
    waiting_for(held, 13)
    assert file_expiring() == 1


def test_an_expired_question_leaves_the_queue(held: Picture) -> None:
    waiting_for(held, 15)
    file_expiring()
    assert Case.objects.waiting().count() == 1
    expire_unanswered()
    assert Case.objects.waiting().count() == 0
    assert close_answered() == 1


@pytest.fixture
def sampling(settings: Any) -> None:
    settings.DEDUPE = settings.DEDUPE | {"sample_share": 1}


def test_a_confirmed_sure_match_may_be_drawn_once(
    sampling: None, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = say(Verdict.SAME)
    assert file_samples() == 0  # its uploader may still undo it
    monkeypatch.setattr("dedupe.workflow.filing.SETTLED_AFTER", timedelta(0))
    assert file_samples() == 1
    assert file_samples() == 0
    case = Case.objects.get()
    assert (case.kind, case.cause, case.opened_by) == (CaseKind.SAMPLE, answer, None)


@pytest.mark.parametrize("verdict", [Verdict.DIFFERENT, Verdict.VARIANT, Verdict.BETTER])
def test_other_answers_are_never_drawn(
    sampling: None, say: Say, verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dedupe.workflow.filing.SETTLED_AFTER", timedelta(0))
    say(verdict)
    assert file_samples() == 0


def test_answers_of_staff_undone_ones_and_doubtful_matches_are_never_drawn(
    sampling: None, say: Say, mod: User, alice: User, match: Match, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dedupe.workflow.filing.SETTLED_AFTER", timedelta(0))
    workflow.undo_decision(mod, say(Verdict.SAME, actor=mod))
    workflow.undo_decision(alice, say(Verdict.SAME))
    Match.objects.filter(pk=match.pk).update(confident=False)
    say(Verdict.SAME)
    assert file_samples() == 0


def test_without_a_share_nothing_is_drawn(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dedupe.workflow.filing.SETTLED_AFTER", timedelta(0))
    say(Verdict.SAME)
    assert file_samples() == 0


def test_chance_draws_about_the_share_and_always_the_same(settings: Any) -> None:
    settings.DEDUPE = settings.DEDUPE | {"sample_share": 0.25}
    uploads = [Picture() for _ in range(2000)]
    drawn = [is_drawn(upload) for upload in uploads]
    assert 400 < sum(drawn) < 600
    assert drawn == [is_drawn(upload) for upload in uploads]


def test_a_case_is_filed_once_while_it_is_open(held: Picture, match: Match) -> None:
    assert file_case(CaseKind.FIND, held, match) is not None
    assert file_case(CaseKind.FIND, held, match) is None


def test_cases_of_people_name_them_and_machines_have_no_name(
    held: Picture, match: Match, alice: User
) -> None:
    for kind, opened_by in ((CaseKind.FIND, alice), (CaseKind.REPORT, None)):
        with pytest.raises(IntegrityError, match="every_case_of_a_person_names_them"), transaction.atomic():
            Case.objects.create(kind=kind, picture=held, match=match, opened_by=opened_by)


def test_a_find_of_which_one_has_gone_does_not_wait(
    say: Say, held: Picture, live: Picture, match: Match, bob: User
) -> None:
    say(Verdict.DIFFERENT)
    Case.objects.all().delete()
    file_case(CaseKind.FIND, held, match)
    assert Case.objects.waiting().count() == 1
    gone = workflow.withdraw(bob, live)
    assert Case.objects.waiting().count() == 0
    workflow.undo_decision(bob, gone)
    assert Case.objects.waiting().count() == 1
