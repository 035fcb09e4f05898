"""What became of an upload, in words for its page and for the list of uploads."""

from __future__ import annotations

from dataclasses import dataclass

from dedupe.imaging import Refusal
from dedupe.models import CheckOutcome, Picture, State
from dedupe.workflow.analysis import GAVE_UP

_GAVE_UP = (
    "We tried to check this picture several times and could not. Please save it anew and upload it again."
)


@dataclass(frozen=True)
class Outcome:
    """A heading and a sentence; ``tone`` is good, bad, ask, wait or nothing special."""

    label: str
    sentence: str
    tone: str = ""


def outcome_of(upload: Picture) -> Outcome:
    """Where an upload stands."""
    if upload.state == State.LIVE:
        return Outcome("Published", _published(upload), "good")
    if upload.state == State.REJECTED:
        return Outcome("Not taken", refusal_words(upload), "bad")
    if upload.state == State.WITHDRAWN and upload.duplicate_of_id:
        return Outcome("Already here", "There is one copy now, and the address of this upload leads to it.")
    return _OTHERS[State(upload.state)]


_OTHERS = {
    State.STAGED: Outcome("Waiting", "It is stored and waits for its turn to be checked.", "wait"),
    State.ANALYSING: Outcome("Checking", "We look at the picture and compare it with those we have.", "wait"),
    State.HELD: Outcome("A question", "It looks like a picture that we have. Please have a look.", "ask"),
    State.WITHDRAWN: Outcome("Withdrawn", "It was taken back and is not shown to anybody."),
    State.EXPIRED: Outcome("Expired", "Nobody answered our question in time, so it was not published."),
    State.REMOVED: Outcome("Removed", "Staff have removed this picture.", "bad"),
}


def _published(upload: Picture) -> str:
    if upload.check_outcome == CheckOutcome.TOO_LITTLE_DETAIL:
        return (
            "It is in the gallery. It shows too little to compare, so we looked only for the very same file."
        )
    if upload.check_outcome == CheckOutcome.NONE_FOUND:
        return "It is in the gallery. We found nothing that looks like it."
    return "It is in the gallery."


def refusal_words(upload: Picture) -> str:
    """Why an upload was not taken, and what to do."""
    if upload.refusal == GAVE_UP:
        return _GAVE_UP
    try:
        return Refusal(upload.refusal).message
    except ValueError:
        return "This file could not be taken."
