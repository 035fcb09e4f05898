"""What became of an upload, in words for its page, for the list of uploads and for programs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dedupe.fetching import Unfetched
from dedupe.imaging import Refusal
from dedupe.models import CheckOutcome, Picture, State
from dedupe.workflow.analysis import GAVE_UP


@dataclass(frozen=True)
class Outcome:
    """A heading and a sentence; ``tone`` is good, bad, ask, wait or nothing special."""

    label: str
    sentence: str
    tone: str = ""


_OF_STATE = {
    State.STAGED: Outcome(_("Waiting"), _("It is stored and waits for its turn to be checked."), "wait"),
    State.ANALYSING: Outcome(
        _("Checking"), _("We look at the picture and compare it with those we have."), "wait"
    ),
    State.HELD: Outcome(
        _("A question"), _("It looks like a picture that we have. Please have a look."), "ask"
    ),
    State.WITHDRAWN: Outcome(_("Withdrawn"), _("It was taken back and is not shown to anybody.")),
    State.EXPIRED: Outcome(_("Expired"), _("Nobody answered our question in time, so it was not published.")),
    State.REMOVED: Outcome(_("Removed"), _("Staff have removed this picture."), "bad"),
}
_DELAYED = Outcome(
    _("Waiting"),
    _("A part of our side did not answer. The picture is safe, and we try again shortly."),
    "wait",
)
_PROPOSED = Outcome(
    _("With staff"), _("You proposed it as the better copy. Staff are looking at both."), "wait"
)
_FETCHING = Outcome(
    _("Arriving"), _("We are getting the file; then it waits for its turn to be checked."), "wait"
)
_GONE = Outcome(
    _("Withdrawn"), _("It was the same as a picture that has gone since, so its address leads nowhere now.")
)
_REDIRECTED = Outcome(
    _("Already here"), _("There is one copy now, and the address of this upload leads to it.")
)


def outcome_of(upload: Picture, *, proposed: bool = False) -> Outcome:
    """Where an upload stands; ``proposed``: as a better copy, and staff have not answered yet."""
    if upload.state == State.LIVE:
        return Outcome(gettext("Published"), _published(upload), "good")
    if upload.state == State.REJECTED:
        return Outcome(gettext("Not taken"), refusal_words(upload.refusal), "bad")
    found = _of_others(upload, proposed=proposed)
    return replace(found, label=gettext(found.label), sentence=gettext(found.sentence))


def _of_others(upload: Picture, *, proposed: bool) -> Outcome:
    if upload.state == State.WITHDRAWN and upload.duplicate_of is not None:
        return _REDIRECTED if upload.duplicate_of.state == State.LIVE else _GONE
    if upload.state == State.HELD and proposed:
        return _PROPOSED
    if upload.state == State.STAGED and upload.setbacks:
        return _DELAYED
    if upload.state == State.STAGED and not upload.storage_key:
        return _FETCHING
    return _OF_STATE[State(upload.state)]


def _published(upload: Picture) -> str:
    if upload.check_outcome == CheckOutcome.TOO_LITTLE_DETAIL:
        return gettext(
            "It is on the board. It shows too little to compare, so we looked only for the very same file."
        )
    if upload.check_outcome == CheckOutcome.NONE_FOUND:
        return gettext("It is on the board. We found nothing that looks like it.")
    return gettext("It is on the board.")


def refusal_words(refusal: str) -> str:
    """Why a file was not taken, and what to do."""
    if refusal == GAVE_UP:
        return gettext(
            "We could not check this picture in several attempts. Please save it anew and upload it again."
        )
    for reasons in (Refusal, Unfetched):
        if refusal in set(reasons):
            return gettext(reasons(refusal).message)
    return gettext("This file could not be taken.")
