"""What became of an upload, in words for its page, for the list of uploads and for programs."""

from __future__ import annotations

from dataclasses import dataclass

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
    State.STAGED: Outcome("Waiting", "It is stored and waits for its turn to be checked.", "wait"),
    State.ANALYSING: Outcome("Checking", "We look at the picture and compare it with those we have.", "wait"),
    State.HELD: Outcome("A question", "It looks like a picture that we have. Please have a look.", "ask"),
    State.WITHDRAWN: Outcome("Withdrawn", "It was taken back and is not shown to anybody."),
    State.EXPIRED: Outcome("Expired", "Nobody answered our question in time, so it was not published."),
    State.REMOVED: Outcome("Removed", "Staff have removed this picture.", "bad"),
}
_DELAYED = Outcome(
    "Waiting", "A part of our side did not answer. The picture is safe, and we try again shortly.", "wait"
)
_PROPOSED = Outcome("With staff", "You proposed it as the better copy. Staff are looking at both.", "wait")
_GONE = Outcome(
    "Withdrawn", "It was the same as a picture that has gone since, so its address leads nowhere now."
)
_REDIRECTED = Outcome("Already here", "There is one copy now, and the address of this upload leads to it.")


def outcome_of(upload: Picture, *, proposed: bool = False) -> Outcome:
    """Where an upload stands; ``proposed``: as a better copy, and staff have not answered yet."""
    if upload.state == State.LIVE:
        return Outcome("Published", _published(upload), "good")
    if upload.state == State.REJECTED:
        return Outcome("Not taken", refusal_words(upload.refusal), "bad")
    if upload.state == State.WITHDRAWN and upload.duplicate_of is not None:
        return _REDIRECTED if upload.duplicate_of.state == State.LIVE else _GONE
    if upload.state == State.HELD and proposed:
        return _PROPOSED
    if upload.state == State.STAGED and upload.setbacks:
        return _DELAYED
    return _OF_STATE[State(upload.state)]


def _published(upload: Picture) -> str:
    if upload.check_outcome == CheckOutcome.TOO_LITTLE_DETAIL:
        return "It is on the board. It shows too little to compare, so we looked only for the very same file."
    if upload.check_outcome == CheckOutcome.NONE_FOUND:
        return "It is on the board. We found nothing that looks like it."
    return "It is on the board."


def refusal_words(refusal: str) -> str:
    """Why a file was not taken, and what to do."""
    if refusal == GAVE_UP:
        return "We could not check this picture in several attempts. Please save it anew and upload it again."
    try:
        return Refusal(refusal).message
    except ValueError:
        return "This file could not be taken."
