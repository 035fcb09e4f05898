"""Who is told of a decision, once, and only when it really happened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from board.models import Notice, User
from board.notice_words import lines_of, with_words
from board.notices import mark_read, unread_of
from dedupe import workflow
from dedupe.models import Case, CaseKind, Decision, DecisionKind, Picture, Role, State, Verdict
from tests.pairs import asked, pair, published, state_of


def told(person: User) -> list[str]:
    """The headings of a person's notices, the oldest first."""
    rows = with_words(Notice.objects.filter(person=person)).order_by("id")
    return [line.told.heading for line in lines_of(person, rows)]


def case_of(picture: Picture, other: Picture, kind: CaseKind, by: User, verdict: str = "") -> Case:
    match = pair(picture, other, verdict)
    cause = Decision.objects.create(
        kind=DecisionKind.ANSWER,
        picture=picture,
        match=match,
        actor=by,
        role=Role.UPLOADER,
        verdict=verdict or Verdict.SAME,
    )
    return Case.objects.create(kind=kind, picture=picture, match=match, opened_by=by, cause=cause)


def test_a_removal_is_told_to_the_uploader_alone(alice: User, bob: User, mod: User) -> None:
    picture = published(alice)
    decision = workflow.withdraw(mod, picture, "Not ours to show")
    (notice,) = Notice.objects.all()
    assert (notice.person, notice.picture, notice.decision) == (alice, picture, decision)
    (line,) = lines_of(alice, with_words(Notice.objects.all()))
    assert (line.told.heading, line.reason, line.way) == (
        "Your picture was removed",
        "Not ours to show",
        "ask",
    )


def test_nobody_is_told_of_what_they_did_themselves(alice: User, mod: User) -> None:
    workflow.withdraw(alice, published(alice))
    workflow.withdraw(mod, published(mod))
    workflow.withdraw(mod, published(None))
    assert not Notice.objects.exists()


def test_what_the_machine_decided_is_no_notice(alice: User, bob: User) -> None:
    upload, other = asked(alice), published(bob)
    Decision.objects.create(
        kind=DecisionKind.ANSWER,
        picture=upload,
        match=pair(upload, other),
        role=Role.MACHINE,
        verdict=Verdict.SAME,
    )
    assert not Notice.objects.exists()


def test_a_better_copy_is_told_to_both_sides(alice: User, bob: User, mod: User) -> None:
    upload, older = asked(alice), published(bob)
    case = case_of(upload, older, CaseKind.PROPOSAL, alice, Verdict.BETTER)
    workflow.close_case(mod, case, uphold=True)
    assert (told(alice), told(bob)) == (["Your copy was accepted"], ["A better copy took the place of yours"])


def test_a_refused_better_copy_is_told_to_its_uploader(alice: User, bob: User, mod: User) -> None:
    case = case_of(asked(alice), published(bob), CaseKind.PROPOSAL, alice, Verdict.BETTER)
    workflow.close_case(mod, case, uphold=False)
    assert (told(alice), told(bob)) == (["The older copy was kept"], [])


@pytest.mark.parametrize(
    ("uphold", "heading", "way"),
    [(True, "Your answer stands", "none"), (False, "Your answer was reversed", "ask")],
)
def test_an_override_is_told_either_way(
    alice: User, bob: User, mod: User, uphold: bool, heading: str, way: str
) -> None:
    older = published(bob)
    case = case_of(published(alice), older, CaseKind.OVERRIDE, alice, Verdict.DIFFERENT)
    workflow.close_case(mod, case, uphold=uphold)
    (line,) = lines_of(alice, with_words(Notice.objects.filter(person=alice)))
    assert (line.told.heading, line.way) == (heading, way)


def test_one_person_with_both_pictures_is_told_once(alice: User, mod: User) -> None:
    case = case_of(asked(alice), published(alice), CaseKind.PROPOSAL, alice, Verdict.BETTER)
    workflow.close_case(mod, case, uphold=True)
    assert told(alice) == ["Your copy was accepted"]


def test_a_report_is_told_to_the_uploader_and_to_who_reported(alice: User, bob: User, mod: User) -> None:
    case = workflow.report_picture(bob, published(alice), "Look at this")
    workflow.close_case(mod, case, uphold=False)
    assert told(alice) == ["Staff looked at your picture"]
    assert told(bob) == ["Staff looked at what you reported"]


def test_what_was_removed_is_not_shown_to_who_reported_it(alice: User, bob: User, mod: User) -> None:
    case = workflow.report_picture(bob, published(alice, "A secret title"), "Look at this")
    workflow.close_case(mod, case, uphold=True)
    (line,) = lines_of(bob, with_words(Notice.objects.filter(person=bob)))
    assert (line.told.heading, line.shows_picture, line.way) == ("Staff followed your report", False, "none")
    assert told(alice) == ["Your picture was removed"]


def test_an_undo_is_told_with_where_the_picture_is_now(alice: User, mod: User) -> None:
    picture = published(alice)
    removal = workflow.withdraw(mod, picture)
    workflow.undo_decision(mod, removal)
    assert state_of(picture) == State.LIVE
    rows = with_words(Notice.objects.filter(person=alice)).order_by("id")
    first, second = lines_of(alice, rows)
    assert (first.way, second.way) == ("undone", "none")
    assert "published again" in second.told.sentence


def test_a_decision_that_is_rolled_back_is_not_told(alice: User, mod: User) -> None:
    with transaction.atomic():
        workflow.withdraw(mod, published(alice))
        assert told(alice) == ["Your picture was removed"]
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_only_ones_own_notices_are_marked(alice: User, bob: User, mod: User) -> None:
    for owner in (alice, bob):
        workflow.withdraw(mod, published(owner))
    assert mark_read(alice, Notice.objects.all()) == 1
    assert mark_read(alice, Notice.objects.all()) == 0
    assert (unread_of(alice).count(), unread_of(bob).count()) == (0, 1)


def test_the_words_of_many_notices_cost_what_those_of_one_do(
    alice: User, mod: User, django_assert_num_queries: Callable[..., object]
) -> None:
    def words() -> list[str]:
        return told(alice)

    workflow.withdraw(mod, published(alice))
    with django_assert_num_queries(4):
        words()
    for _ in range(9):
        workflow.withdraw(mod, published(alice))
    with django_assert_num_queries(4):
        assert len(words()) == 10
