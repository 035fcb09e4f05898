"""What staff may say of every kind of case, what follows, and that undo puts it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest

from board.models import User
from dedupe import workflow
from dedupe.conf import conf
from dedupe.invariants import find_violations
from dedupe.models import Case, CaseKind, CaseState, Decision, Match, Picture, State, Verdict
from dedupe.statistics import gather
from dedupe.workflow import Resolution
from dedupe.workflow.filing import file_case
from dedupe.workflow.resolutions import is_whole, offers, pair_by_age
from tests.dedupe.conftest import Upload, jpeg, scene, state_of
from tests.people import person

pytestmark = pytest.mark.django_db

OLDER, NEWER = Resolution.KEEP_OLDER, Resolution.KEEP_NEWER
VARIANT, DIFFERENT = Resolution.VARIANT, Resolution.DIFFERENT
DISMISS, REMOVE = Resolution.DISMISS, Resolution.REMOVE
PAIR = (OLDER, NEWER, VARIANT, DIFFERENT)
LEGAL: dict[str, tuple[Resolution, ...]] = {
    "override": PAIR,
    "proposal": PAIR,
    "expiring": PAIR,
    "find": (*PAIR, DISMISS),
    "copy": (*PAIR, DISMISS),
    "report": (DISMISS, REMOVE),
    "sample": (OLDER, VARIANT, DIFFERENT),
}
# What becomes of the older and the newer picture, the verdict that is remembered, and how the case ends.
ENDS: dict[tuple[str, Resolution], tuple[str, str, str, str]] = {
    ("override", OLDER): ("live", "withdrawn", "same", "reversed"),
    ("override", NEWER): ("withdrawn", "live", "same", "reversed"),
    ("override", VARIANT): ("live", "live", "variant", "upheld"),
    ("override", DIFFERENT): ("live", "live", "different", "upheld"),
    ("proposal", OLDER): ("live", "withdrawn", "same", "reversed"),
    ("proposal", VARIANT): ("live", "live", "variant", "reversed"),
    ("proposal", DIFFERENT): ("live", "live", "different", "reversed"),
    ("expiring", OLDER): ("live", "withdrawn", "same", "decided"),
    ("expiring", VARIANT): ("live", "live", "variant", "decided"),
    ("expiring", DIFFERENT): ("live", "live", "different", "decided"),
    ("find", OLDER): ("live", "withdrawn", "same", "upheld"),
    ("find", NEWER): ("withdrawn", "live", "same", "upheld"),
    ("find", VARIANT): ("live", "live", "variant", "reversed"),
    ("find", DIFFERENT): ("live", "live", "different", "reversed"),
    ("find", DISMISS): ("live", "live", "different", "reversed"),
    ("copy", OLDER): ("live", "withdrawn", "same", "upheld"),
    ("copy", NEWER): ("withdrawn", "live", "same", "upheld"),
    ("copy", VARIANT): ("live", "live", "variant", "reversed"),
    ("copy", DIFFERENT): ("live", "live", "different", "reversed"),
    ("copy", DISMISS): ("live", "live", "different", "reversed"),
    ("sample", OLDER): ("live", "withdrawn", "same", "decided"),
    ("sample", VARIANT): ("live", "withdrawn", "same", "decided"),
    ("sample", DIFFERENT): ("live", "withdrawn", "same", "decided"),
}


@pytest.fixture(autouse=True)
def nothing_is_broken(db: None) -> Iterator[None]:
    yield
    assert find_violations(read_bytes=True) == []


@pytest.fixture
def case_of(held: Picture, live: Picture, match: Match, alice: User, bob: User) -> Callable[[str], Case]:
    """An open case of a kind about Bob's published picture and Alice's newer one."""

    def make(kind: str) -> Case:
        if kind == "override":
            workflow.answer(alice, held, match, Verdict.DIFFERENT, "another boat")
        elif kind == "proposal":
            workflow.answer(alice, held, match, Verdict.BETTER)
        elif kind == "expiring":
            file_case(CaseKind.EXPIRING, held, match)
        elif kind == "report":
            workflow.report_picture(alice, live, "spam")
        elif kind == "sample":
            cause = workflow.answer(alice, held, match, Verdict.SAME)
            file_case(CaseKind.SAMPLE, held, match, cause=cause)
        else:
            _both_published(alice, held, match)
            if kind == "find":
                file_case(CaseKind.FIND, held, match)
            else:
                workflow.report_picture(bob, held, "a copy", live)
        return Case.objects.select_related("match", "picture").get(state=CaseState.OPEN)

    return make


def _both_published(alice: User, held: Picture, match: Match) -> None:
    """Alice calls hers different, and staff have seen that already."""
    workflow.answer(alice, held, match, Verdict.DIFFERENT)
    Case.objects.update(state=CaseState.UPHELD)
    held.refresh_from_db()


@pytest.mark.parametrize(("kind", "resolution"), sorted(ENDS))
def test_every_legal_end_and_its_undo(
    case_of: Callable[[str], Case],
    held: Picture,
    live: Picture,
    match: Match,
    mod: User,
    kind: str,
    resolution: Resolution,
) -> None:
    case = case_of(kind)
    before = _standing(case, live, held, match)
    decision = workflow.resolve_case(mod, case, resolution, "looked")
    assert _standing(case, live, held, match) == ENDS[kind, resolution]
    assert decision.upheld == {"upheld": True, "reversed": False}.get(ENDS[kind, resolution][3])
    if State.WITHDRAWN in (state_of(live), state_of(held)) and kind != "sample":
        gone, stays = (live, held) if resolution is NEWER else (held, live)
        gone.refresh_from_db()
        assert gone.duplicate_of == stays
    workflow.undo_decision(mod, decision)
    assert _standing(case, live, held, match) == before


def _standing(case: Case, live: Picture, held: Picture, match: Match) -> tuple[str, str, str, str]:
    case.refresh_from_db()
    match.refresh_from_db()
    return state_of(live), state_of(held), match.verdict, case.state


@pytest.mark.parametrize("kind", ["proposal", "expiring"])
def test_the_newer_file_takes_the_place_of_the_older(
    case_of: Callable[[str], Case], mod: User, match: Match, kind: str
) -> None:
    decision = workflow.resolve_case(mod, case_of(kind), NEWER)
    match.refresh_from_db()
    assert (decision.verdict, match.verdict) == (Verdict.BETTER, Verdict.BETTER)
    assert Picture.objects.filter(state=State.LIVE).count() == 1
    workflow.undo_decision(mod, decision)
    assert Case.objects.get(kind=kind).state == CaseState.OPEN


@pytest.mark.parametrize(("resolution", "state"), [(REMOVE, "removed"), (DISMISS, "live")])
def test_a_picture_reported_alone(
    case_of: Callable[[str], Case], live: Picture, mod: User, resolution: Resolution, state: str
) -> None:
    decision = workflow.resolve_case(mod, case_of("report"), resolution)
    assert (state_of(live), decision.upheld, decision.verdict) == (state, resolution is REMOVE, "")


@pytest.mark.parametrize(
    ("kind", "resolution"),
    [(kind, each) for kind, each in product(LEGAL, Resolution) if each not in LEGAL[kind]],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    case_of: Callable[[str], Case],
    held: Picture,
    live: Picture,
    match: Match,
    mod: User,
    kind: str,
    resolution: Resolution,
) -> None:
    case = case_of(kind)
    before = _standing(case, live, held, match)
    with pytest.raises(workflow.Conflict, match=r"cannot be said|Both pictures are still here"):
        workflow.resolve_case(mod, case, resolution)
    assert _standing(case, live, held, match) == before


@pytest.mark.parametrize("kind", LEGAL)
def test_what_is_offered_is_legal_and_what_is_closed_stays_closed(
    case_of: Callable[[str], Case], mod: User, alice: User, kind: str
) -> None:
    case = case_of(kind)
    assert set(offers(case)) <= set(LEGAL[kind])
    with pytest.raises(workflow.NotAllowed):
        workflow.resolve_case(alice, case, offers(case)[0])
    workflow.resolve_case(mod, case, offers(case)[0])
    for resolution in LEGAL[kind]:
        with pytest.raises(workflow.Conflict, match=r"Somebody was first|not published any more|put back"):
            workflow.resolve_case(mod, case, resolution)


@pytest.mark.parametrize("kind", ["override", "proposal", "copy"])
def test_a_pair_of_which_one_has_gone_can_only_be_told_apart_or_closed(
    case_of: Callable[[str], Case], live: Picture, bob: User, mod: User, kind: str
) -> None:
    case = case_of(kind)
    workflow.withdraw(bob, live)
    case = Case.objects.get(pk=case.pk)
    assert not is_whole(case)
    assert offers(case) == (VARIANT, DIFFERENT, DISMISS)
    for resolution in (OLDER, NEWER):
        with pytest.raises(workflow.Conflict):
            workflow.resolve_case(mod, case, resolution)
    workflow.resolve_case(mod, case, DISMISS)
    case.refresh_from_db()
    assert case.state == (CaseState.REVERSED if kind == "copy" else CaseState.OBSOLETE)


def test_the_older_of_a_report_may_be_the_one_reported(
    upload: Upload, alice: User, bob: User, mod: User, live: Picture
) -> None:
    younger = upload(alice, jpeg(scene(seed=3)))
    case = workflow.report_picture(bob, live, "a copy", younger)
    assert pair_by_age(case) == (live, younger)
    workflow.close_case(mod, case, uphold=True)
    assert (state_of(live), state_of(younger)) == (State.WITHDRAWN, State.LIVE)


def test_what_is_held_is_newer_than_what_is_published(case_of: Callable[[str], Case], live: Picture) -> None:
    case = case_of("proposal")
    Picture.objects.filter(pk=case.picture_id).update(created_at="2001-01-01T00:00Z")
    older, _ = pair_by_age(Case.objects.get())
    assert older == live


def test_a_question_that_was_answered_meanwhile_is_left_to_its_uploader(
    case_of: Callable[[str], Case], alice: User, held: Picture, match: Match, mod: User
) -> None:
    case = case_of("expiring")
    workflow.answer(alice, held, match, Verdict.BETTER)
    for resolution in PAIR:
        with pytest.raises(workflow.Conflict, match="answered meanwhile"):
            workflow.resolve_case(mod, case, resolution)
    assert case not in Case.objects.waiting()


def test_an_upload_with_another_open_question_stays_held(
    upload: Upload, alice: User, bob: User, mod: User, live: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as unasking:
        unasking.setattr("dedupe.workflow.publication._without_decided", lambda picture, found: [])
        upload(bob, jpeg(scene(), 75))
    both = upload(alice, jpeg(scene(), 60))
    first, second = Match.objects.filter(query=both)
    case = file_case(CaseKind.EXPIRING, both, first)
    assert case is not None
    workflow.resolve_case(mod, case, DIFFERENT)
    assert state_of(both) == State.HELD
    last = file_case(CaseKind.EXPIRING, both, second)
    assert last is not None
    workflow.resolve_case(mod, last, VARIANT)
    assert state_of(both) == State.LIVE


def test_a_copy_that_is_withdrawn_takes_its_proposal_along(
    upload: Upload, alice: User, bob: User, mod: User, live: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as unasking:
        unasking.setattr("dedupe.workflow.publication._without_decided", lambda picture, found: [])
        upload(bob, jpeg(scene(), 75))
    both = upload(alice, jpeg(scene(), 60))
    first, second = Match.objects.filter(query=both)
    workflow.answer(alice, both, first, Verdict.DIFFERENT)
    workflow.answer(alice, both, second, Verdict.BETTER)
    override = Case.objects.get(kind=CaseKind.OVERRIDE)
    decision = workflow.resolve_case(mod, override, OLDER)
    assert Case.objects.get(kind=CaseKind.PROPOSAL).state == CaseState.OBSOLETE
    workflow.undo_decision(mod, decision)
    assert Case.objects.get(kind=CaseKind.PROPOSAL).state == CaseState.OPEN


@pytest.mark.parametrize(("resolution", "turned"), [(OLDER, 1), (NEWER, 1), (VARIANT, 0), (DIFFERENT, 0)])
def test_only_merging_against_an_uploader_counts_as_a_reversal(
    case_of: Callable[[str], Case], mod: User, resolution: Resolution, turned: int
) -> None:
    workflow.resolve_case(mod, case_of("override"), resolution)
    assert gather().tally.reversed_ == turned


@pytest.mark.parametrize("resolution", LEGAL["sample"])
def test_samples_leave_the_statistics_and_the_uploader_alone(
    case_of: Callable[[str], Case], alice: User, mod: User, held: Picture, resolution: Resolution
) -> None:
    case = case_of("sample")
    before = gather()
    workflow.resolve_case(mod, case, resolution)
    assert gather() == before
    assert case.cause is not None
    workflow.undo_decision(alice, case.cause)
    assert state_of(held) == State.HELD


def test_an_answer_that_is_undone_takes_its_sample_along(case_of: Callable[[str], Case], alice: User) -> None:
    case = case_of("sample")
    assert case.cause is not None
    workflow.undo_decision(alice, case.cause)
    case.refresh_from_db()
    assert case.state == CaseState.OBSOLETE


def test_a_claim_can_be_given_back_by_its_holder_alone(case_of: Callable[[str], Case], mod: User) -> None:
    case, rival = case_of("override"), person("rival", is_staff=True)
    workflow.claim_case(mod, case)
    workflow.release_case(rival, case)
    with pytest.raises(workflow.Conflict, match="mod is looking"):
        workflow.claim_case(rival, case)
    workflow.release_case(mod, case)
    assert workflow.claim_case(rival, case).claimed_by == rival


def test_a_claim_is_longer_after_every_look(case_of: Callable[[str], Case], mod: User) -> None:
    case = case_of("override")
    first = workflow.claim_case(mod, case).claimed_until
    again = workflow.claim_case(mod, case).claimed_until
    assert first is not None
    assert again is not None
    assert again > first


def test_a_closed_case_is_with_nobody(case_of: Callable[[str], Case], mod: User) -> None:
    case = case_of("override")
    workflow.claim_case(mod, case)
    decision: Decision = workflow.resolve_case(mod, case, DIFFERENT)
    workflow.undo_decision(mod, decision)
    case.refresh_from_db()
    assert (case.state, case.claimed_by) == (CaseState.OPEN, None)


def test_the_settings_name_their_shares(settings: Any) -> None:
    settings.DEDUPE = {"sample_share": 0.5, "expiring_share": 0.9}
    assert (conf().reviewing.sample_share, conf().reviewing.expiring_share) == (0.5, 0.9)
