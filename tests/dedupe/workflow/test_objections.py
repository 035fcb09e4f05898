"""Asking staff to look again at what they decided about one's picture."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from board.models import User
from dedupe import workflow
from dedupe.models import Case, CaseState, Decision, Picture, State
from dedupe.workflow.objections import object_to
from tests.pairs import published


@pytest.fixture
def picture(alice: User) -> Picture:
    return published(alice)


@pytest.fixture
def removal(picture: Picture, mod: User) -> Decision:
    return workflow.withdraw(mod, picture, "Not ours")


def test_it_files_a_case_that_names_the_decision(alice: User, picture: Picture, removal: Decision) -> None:
    case = object_to(alice, removal, picture, "It is mine")
    kept = Case.objects.get()
    assert kept == case
    assert (kept.kind, kept.cause, kept.reason, kept.picture) == ("report", removal, "It is mine", picture)


def test_the_undo_of_the_decision_closes_it(
    alice: User, mod: User, picture: Picture, removal: Decision
) -> None:
    case = object_to(alice, removal, picture, "It is mine")
    workflow.undo_decision(mod, removal)
    for row in (case, picture):
        row.refresh_from_db()
    assert (case.state, picture.state) == (CaseState.OBSOLETE, State.LIVE)


def test_one_open_objection_per_picture(alice: User, mod: User, picture: Picture, removal: Decision) -> None:
    object_to(alice, removal, picture, "It is mine")
    with pytest.raises(workflow.Conflict, match="asked about this decision already"):
        object_to(alice, removal, picture, "Really")
    later = Decision.objects.create(kind="withdrawal", picture=picture, actor=mod, role="staff")
    with pytest.raises(workflow.Conflict, match="asked staff about this picture already"):
        object_to(alice, later, picture, "Really")
    assert Case.objects.count() == 1


def test_what_staff_have_answered_is_not_asked_again(
    alice: User, mod: User, picture: Picture, removal: Decision
) -> None:
    case = object_to(alice, removal, picture, "It is mine")
    workflow.close_case(mod, case, uphold=False)
    with pytest.raises(workflow.Conflict):
        object_to(alice, removal, picture, "Really")


def test_only_the_uploader_objects(mod: User, picture: Picture, removal: Decision) -> None:
    with pytest.raises(workflow.NotAllowed):
        object_to(User.objects.create_user("bob"), removal, picture, "I like it")
    assert not Case.objects.exists()


def test_what_is_undone_needs_no_objection(
    alice: User, mod: User, picture: Picture, removal: Decision
) -> None:
    workflow.undo_decision(mod, removal)
    with pytest.raises(workflow.Conflict, match="undone already"):
        object_to(alice, Decision.objects.get(pk=removal.pk), picture, "It is mine")


def test_after_the_retention_time_it_is_too_late(alice: User, picture: Picture, removal: Decision) -> None:
    removal.created_at = timezone.now() - timedelta(days=400)
    with pytest.raises(workflow.TooLate):
        object_to(alice, removal, picture, "It is mine")
