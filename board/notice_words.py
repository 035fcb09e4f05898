"""What a notice says: what happened to which picture, why, and how to object. For the page and for programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from board.edit_words import POST, edited, tags_in
from board.models import Notice
from dedupe.conf import conf
from dedupe.models import (
    Case,
    CaseKind,
    CaseState,
    Decision,
    DecisionKind,
    LedgerEntry,
    Picture,
    State,
    Verdict,
)


class Way(StrEnum):
    """How a person may answer a decision that they do not agree with."""

    NONE = "none"
    ASK = "ask"
    ASKED = "asked"
    UNDONE = "undone"
    TOO_LATE = "too_late"


@dataclass(frozen=True)
class Told:
    """What happened, in a few words and in a sentence; ``is_loss``: it may be something to object to."""

    heading: str
    sentence: str
    is_loss: bool = True


@dataclass(frozen=True)
class Line:
    """One notice with its words, as it is shown."""

    notice: Notice
    told: Told
    reason: str
    way: Way
    is_own: bool
    shows_picture: bool


def with_words(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Fetch along what the words of notices are made of, in a number of queries that does not grow."""
    moved, edits = Q(model=Picture._meta.label_lower, field="state"), Q(model=POST, decision__kind="edit")
    moves = LedgerEntry.objects.filter(moved | edits).order_by("id")
    return notices.select_related(
        "picture__post", "decision__case", "decision__undone_by", "decision__undoes"
    ).prefetch_related("picture__renditions", Prefetch("decision__ledger", queryset=moves))


def lines_of(person: Any, notices: Iterable[Notice]) -> list[Line]:
    """These notices of one person, with their words."""
    listed = list(notices)
    asked = Asked.by(person, listed)
    tags = tags_in(notice.decision for notice in listed)
    return [_line(person, notice, asked, tags) for notice in listed]


@dataclass(frozen=True)
class Asked:
    """What this person has asked staff to look at again: decisions, and pictures that still wait for an answer."""

    decisions: frozenset[int]
    pictures: frozenset[int]

    @classmethod
    def by(cls, person: Any, notices: list[Notice]) -> Asked:
        about = Q(cause__in=[each.decision_id for each in notices])
        waiting = Q(picture__in=[each.picture_id for each in notices], match=None, state=CaseState.OPEN)
        rows = Case.objects.filter(about | waiting, kind=CaseKind.REPORT, opened_by=person)
        found = list(rows.values_list("cause", "picture", "state"))
        return cls(
            frozenset(cause for cause, _, _ in found if cause is not None),
            frozenset(picture for _, picture, state in found if state == CaseState.OPEN),
        )


def _line(person: Any, notice: Notice, asked: Asked, tags: dict[int, str]) -> Line:
    own = notice.picture.is_owned_by(person)
    told = told_of(notice)
    if own and notice.decision.kind == DecisionKind.EDIT:
        told = replace(told, sentence=edited(notice.decision, tags))
    return Line(
        notice=notice,
        told=told,
        reason=notice.decision.reason,
        way=_way(notice, asked) if own and told.is_loss else Way.NONE,
        is_own=own,
        shows_picture=own or notice.picture.state == State.LIVE,
    )


def _way(notice: Notice, asked: Asked) -> Way:
    decision = notice.decision
    if decision.is_undone:
        return Way.UNDONE
    if notice.picture_id in asked.pictures or decision.pk in asked.decisions:
        return Way.ASKED
    late = decision.created_at + conf().deadlines.retention < timezone.now()
    return Way.TOO_LATE if late or not notice.picture.storage_key else Way.ASK


def told_of(notice: Notice) -> Told:
    """What happened to the picture of this notice, in the language of the page."""
    told = _told_of(notice)
    return replace(told, heading=gettext(told.heading), sentence=gettext(told.sentence))


def _told_of(notice: Notice) -> Told:
    decision, picture = notice.decision, notice.picture
    if picture.owner_id != notice.person_id:
        return _of_own_report(decision)
    if decision.kind == DecisionKind.REVIEW and decision.case is not None:
        return _of_case(decision, decision.case, notice)
    if decision.kind == DecisionKind.UNDO:
        return _of_undo(moved_to(decision, picture))
    if decision.kind == DecisionKind.ANSWER:
        return _OF_ANSWERS[decision.verdict]
    if decision.kind == DecisionKind.EDIT:
        return _EDITED
    return _OF_STATES.get(moved_to(decision, picture), _LOOKED)


def moved_to(decision: Decision, picture: Picture) -> str:
    """The state into which this decision moved the picture, or nothing. Reads what ``with_words`` fetched."""
    states = [str(entry.after) for entry in decision.ledger.all() if _moves(entry, picture)]
    return states[-1] if states else ""


def _moves(entry: LedgerEntry, picture: Picture) -> bool:
    return (entry.model, entry.row, entry.field) == (Picture._meta.label_lower, picture.pk, "state")


def _of_own_report(decision: Decision) -> Told:
    return _REPORT_FOLLOWED if decision.upheld else _REPORT_LEFT


def _of_case(decision: Decision, case: Case, notice: Notice) -> Told:
    """What closing a case did to the picture: where it went counts more than what the case was about."""
    state = moved_to(decision, notice.picture)
    is_subject = notice.picture_id == case.picture_id
    if case.kind == CaseKind.PROPOSAL and not is_subject:
        return _REPLACED if state == State.WITHDRAWN else _KEPT
    if case.kind == CaseKind.PROPOSAL and (state == State.WITHDRAWN or decision.upheld):
        return _BETTER_LEFT if state == State.WITHDRAWN else _BETTER_TAKEN
    if case.kind == CaseKind.OVERRIDE and is_subject and (state == State.WITHDRAWN or decision.upheld):
        return _ANSWER_REVERSED if state == State.WITHDRAWN else _ANSWER_STANDS
    if case.kind == CaseKind.REPORT and not state:
        return _LOOKED_AGAIN if case.opened_by_id == notice.person_id else _REPORT_ABOUT_YOURS
    return _OF_STATES.get(state, _LOOKED)


def _of_undo(state: str) -> Told:
    return Told(_("A decision was undone"), _AFTER_UNDO.get(state, _AS_BEFORE), state in _LOSSES)


_LOSSES = {State.WITHDRAWN, State.REMOVED, State.EXPIRED, State.REJECTED}
_AS_BEFORE = _(
    "Staff have taken back an earlier decision about your picture. Everything is as it was before it."
)
_AFTER_UNDO: dict[str, str] = {
    State.LIVE: _(
        "Staff have taken back an earlier decision. Your picture is published again, at its own address."
    ),
    State.HELD: _(
        "Staff have taken back an earlier decision. Your upload is not published until it is answered again."
    ),
    State.WITHDRAWN: _("Staff have taken back an earlier decision. Your picture is withdrawn again."),
    State.REMOVED: _("Staff have taken back an earlier decision. Your picture is not shown again."),
}
_LOOKED = Told(_("Staff looked at your picture"), _("It stays as it is."), False)
_OF_STATES: dict[str, Told] = {
    State.WITHDRAWN: Told(
        _("Your picture was withdrawn"),
        _("Staff found that it is the same as another picture. Its address leads to that one now."),
    ),
    State.REMOVED: Told(
        _("Your picture was removed"), _("Staff took it off the board. It is not shown any more.")
    ),
    State.LIVE: Told(
        _("Your picture was published"), _("Staff looked at it, and it is in the gallery."), False
    ),
    State.HELD: Told(_("We ask you again"), _("Staff want to know more about this upload."), False),
}
_OF_ANSWERS: dict[str, Told] = {
    Verdict.SAME: Told(
        _("Our question was answered for you"),
        _("Staff say that your upload is the same as a picture that we had. Its address leads to that one."),
    ),
    Verdict.BETTER: Told(
        _("Our question was answered for you"), _("Staff will look at your upload as a better copy."), False
    ),
    Verdict.VARIANT: Told(
        _("Our question was answered for you"),
        _("Staff call your upload a variant of a picture that we had."),
        False,
    ),
    Verdict.DIFFERENT: Told(
        _("Our question was answered for you"),
        _("Staff say that your upload is a picture of its own."),
        False,
    ),
}
_BETTER_TAKEN = Told(
    _("Your copy was accepted"),
    _(
        "Staff agree that your upload is the better copy. It is shown in place of the older one, at its address."
    ),
    False,
)
_BETTER_LEFT = Told(
    _("The older copy was kept"),
    _(
        "Staff compared your upload with the picture that we had, and kept that one. The address of yours leads to it."
    ),
)
_REPLACED = Told(
    _("A better copy took the place of yours"),
    _(
        "Somebody brought a better copy of your picture. Staff accepted it: the same address shows that one now."
    ),
)
_KEPT = Told(
    _("Your picture stays"),
    _("Somebody proposed a better copy of it. Staff compared them and kept yours."),
    False,
)
_ANSWER_STANDS = Told(
    _("Your answer stands"),
    _("Staff looked at your upload and at the picture it looks like. Both stay."),
    False,
)
_ANSWER_REVERSED = Told(
    _("Your answer was reversed"),
    _(
        "Staff looked at both pictures and find them the same. Yours is withdrawn; its address leads to the other."
    ),
)
_REPORT_ABOUT_YOURS = Told(
    _("Staff looked at your picture"), _("Somebody had told them about it. It stays as it is."), False
)
_LOOKED_AGAIN = Told(
    _("Staff looked again"), _("You asked them to. They have left things as they are."), False
)

_EDITED = Told(_("What is said of your picture was changed"), _("Staff changed its title, tags or source."))
_REPORT_FOLLOWED = Told(
    _("Staff followed your report"), _("You told them about a picture. They looked, and acted on it."), False
)
_REPORT_LEFT = Told(_("Staff looked at what you reported"), _("They have left the picture as it is."), False)
