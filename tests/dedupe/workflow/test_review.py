"""The review queue: overrides, proposals and reports, claimed, upheld or reversed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from board.models import User
from dedupe import workflow
from dedupe.invariants import find_violations
from dedupe.models import Case, CaseState, Decision, Match, Picture, State, Verdict
from tests.dedupe.conftest import Upload, jpeg, scene, state_of
from tests.people import person

pytestmark = pytest.mark.django_db
Say = Callable[..., Decision]


@pytest.fixture
def override(say: Say) -> Case:
    say(Verdict.DIFFERENT, "not the same boat")
    return Case.objects.get()


@pytest.fixture
def proposal(say: Say) -> Case:
    say(Verdict.BETTER, "twice as large")
    return Case.objects.get()


def test_an_upheld_override_stays_published(override: Case, mod: User, held: Picture) -> None:
    decision = workflow.close_case(mod, override, uphold=True)
    override.refresh_from_db()
    assert (override.state, state_of(held), decision.verdict) == ("upheld", "live", "different")


def test_a_reversed_override_redirects_to_the_older_picture(
    override: Case, mod: User, held: Picture, live: Picture, match: Match
) -> None:
    decision = workflow.close_case(mod, override, uphold=False, reason="look at the mast")
    held.refresh_from_db()
    match.refresh_from_db()
    assert (held.state, held.duplicate_of, match.verdict) == (State.WITHDRAWN, live, "same")
    workflow.undo_decision(mod, decision)
    override.refresh_from_db()
    match.refresh_from_db()
    assert (override.state, state_of(held), match.verdict) == ("open", "live", "different")


def test_an_accepted_proposal_takes_the_place_of_the_older_copy(
    proposal: Case, mod: User, held: Picture, live: Picture
) -> None:
    decision = workflow.close_case(mod, proposal, uphold=True)
    live.refresh_from_db()
    assert (state_of(held), live.state, live.duplicate_of) == (State.LIVE, State.WITHDRAWN, held)
    workflow.undo_decision(mod, decision)
    live.refresh_from_db()
    assert (state_of(held), live.state, live.duplicate_of) == (State.HELD, State.LIVE, None)
    assert find_violations(read_bytes=True) == []


def test_an_accepted_proposal_inherits_the_words_and_gives_them_back_on_undo(
    upload: Upload, alice: User, bob: User, mod: User
) -> None:
    older = upload(
        bob, jpeg(scene(), 92), title="Lake", tags=["lake", "dusk"], source="https://example.org/a"
    )
    better = upload(alice, jpeg(scene(), 97), tags=["lake", "alps"])
    workflow.answer(alice, better, Match.objects.get(), Verdict.BETTER)
    decision = workflow.close_case(mod, Case.objects.get(), uphold=True)
    better.post.refresh_from_db()
    assert (better.post.title, better.post.source) == ("Lake", "https://example.org/a")
    assert {tag.name for tag in better.post.tags.all()} == {"lake", "alps", "dusk"}
    undo = workflow.undo_decision(mod, decision)
    better.post.refresh_from_db()
    assert (better.post.title, {tag.name for tag in better.post.tags.all()}) == ("", {"lake", "alps"})
    workflow.undo_decision(mod, undo)
    better.post.refresh_from_db()
    assert (better.post.title, better.post.tags.count()) == ("Lake", 3)
    assert state_of(older) == State.WITHDRAWN


@pytest.mark.hostile("I3")
def test_redirects_follow_when_a_better_copy_takes_over(
    upload: Upload, alice: User, bob: User, mod: User, live: Picture
) -> None:
    follower = upload(bob, jpeg(scene(), 40))
    workflow.answer(bob, follower, Match.objects.get(query=follower), Verdict.SAME)
    better = upload(alice, jpeg(scene(), 97))
    workflow.answer(alice, better, Match.objects.get(query=better), Verdict.BETTER)
    decision = workflow.close_case(mod, Case.objects.get(), uphold=True)
    follower.refresh_from_db()
    assert follower.duplicate_of == better
    workflow.undo_decision(mod, decision)
    follower.refresh_from_db()
    assert follower.duplicate_of == live


def test_a_declined_proposal_is_a_copy_like_any_other(
    proposal: Case, mod: User, held: Picture, live: Picture
) -> None:
    workflow.close_case(mod, proposal, uphold=False)
    held.refresh_from_db()
    assert (held.state, held.duplicate_of) == (State.WITHDRAWN, live)


def test_a_proposal_whose_older_copy_has_gone_cannot_be_accepted(
    proposal: Case, mod: User, live: Picture, bob: User
) -> None:
    workflow.withdraw(bob, live)
    with pytest.raises(workflow.Conflict, match="not where the proposal found it"):
        workflow.close_case(mod, proposal, uphold=True)
    proposal.refresh_from_db()
    assert proposal.state == CaseState.OPEN


def test_taking_a_proposed_upload_back_closes_its_case(
    proposal: Case, alice: User, held: Picture, mod: User
) -> None:
    decision = workflow.withdraw(alice, held)
    proposal.refresh_from_db()
    assert proposal.state == CaseState.OBSOLETE
    workflow.undo_decision(alice, decision)
    proposal.refresh_from_db()
    assert (proposal.state, state_of(held)) == (CaseState.OPEN, State.HELD)


def test_a_report_with_the_other_picture_redirects_when_upheld(
    upload: Upload, alice: User, bob: User, mod: User, live: Picture
) -> None:
    other = upload(alice, jpeg(scene(seed=3)))
    case = workflow.report_picture(bob, other, "a repost", live)
    assert case.match is not None
    decision = workflow.close_case(mod, case, uphold=True)
    other.refresh_from_db()
    assert (other.state, other.duplicate_of, decision.verdict) == (State.WITHDRAWN, live, "same")


def test_a_report_alone_removes_when_upheld_and_nothing_when_dismissed(
    live: Picture, alice: User, mod: User
) -> None:
    case = workflow.report_picture(alice, live, "spam")
    workflow.close_case(mod, case, uphold=False)
    assert state_of(live) == State.LIVE
    again = workflow.report_picture(alice, live, "really")
    workflow.close_case(mod, again, uphold=True)
    assert state_of(live) == State.REMOVED


def test_a_report_about_a_picture_that_has_gone_cannot_be_upheld(
    live: Picture, alice: User, bob: User, mod: User
) -> None:
    case = workflow.report_picture(alice, live, "spam")
    Picture.objects.filter(pk=live.pk).update(state=State.EXPIRED)
    with pytest.raises(workflow.Conflict, match="not published any more"):
        workflow.close_case(mod, case, uphold=True)


def test_reports_are_one_per_person_and_only_about_published_pictures(
    live: Picture, held: Picture, alice: User
) -> None:
    workflow.report_picture(alice, live, "spam")
    with pytest.raises(workflow.Conflict, match="reported this already"):
        workflow.report_picture(alice, live, "spam")
    with pytest.raises(workflow.Conflict, match="Only published"):
        workflow.report_picture(alice, held, "spam")
    with pytest.raises(workflow.Conflict, match="copy of itself"):
        workflow.report_picture(alice, live, "spam", live)


def test_a_report_of_pictures_without_fingerprints_still_reaches_staff(
    upload: Upload, alice: User, live: Picture
) -> None:
    other = upload(alice, jpeg(scene(seed=3)))
    other.fingerprints.all().delete()
    case = workflow.report_picture(alice, other, "the same", live)
    assert case.match is not None
    assert case.match.probability == 0


def test_two_people_never_decide_the_same_case(override: Case, mod: User) -> None:
    rival = person("rival", is_staff=True)
    workflow.claim_case(mod, override)
    with pytest.raises(workflow.Conflict, match="mod is looking"):
        workflow.claim_case(rival, override)
    with pytest.raises(workflow.Conflict, match="mod is looking"):
        workflow.close_case(rival, override, uphold=True)
    workflow.claim_case(mod, override)
    workflow.close_case(mod, override, uphold=True)
    with pytest.raises(workflow.Conflict, match="Somebody was first"):
        workflow.close_case(mod, override, uphold=False)
    with pytest.raises(workflow.Conflict, match="Somebody was first"):
        workflow.claim_case(mod, override)


def test_a_claim_lapses(override: Case, mod: User) -> None:
    rival = person("rival", is_staff=True)
    workflow.claim_case(mod, override)
    Case.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert workflow.claim_case(rival, override).claimed_by == rival


def test_the_queue_is_for_staff(override: Case, alice: User) -> None:
    with pytest.raises(workflow.NotAllowed):
        workflow.claim_case(alice, override)
    with pytest.raises(workflow.NotAllowed):
        workflow.close_case(alice, override, uphold=True)
