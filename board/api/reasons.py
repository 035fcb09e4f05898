"""What the state of an upload means, in a sentence for its uploader."""

from __future__ import annotations

from dedupe.imaging import Refusal
from dedupe.models import CheckOutcome, Picture, State
from dedupe.workflow.analysis import GAVE_UP

_SENTENCES = {
    State.STAGED: "The picture is stored and waits to be compared with those that we have.",
    State.ANALYSING: "The picture is being compared with those that we have.",
    State.HELD: "It looks like a picture that we have. Please say how the two are related.",
    State.LIVE: "It is published.",
    State.WITHDRAWN: "It was taken back.",
    State.EXPIRED: "Nobody answered our question in time, so it was not published.",
    State.REMOVED: "Staff have removed it.",
}


def reason_of(upload: Picture, *, proposed: bool) -> str:
    """The sentence for where an upload stands; ``proposed``: as a better copy, and staff have not answered."""
    if upload.state == State.REJECTED:
        return refusal_sentence(upload.refusal)
    if upload.state == State.STAGED and upload.setbacks:
        return (
            "A part of our side did not answer. The picture is safe; the comparison is tried again shortly."
        )
    if upload.state == State.HELD and proposed:
        return "You proposed it as the better copy. Staff are looking at both."
    if upload.state == State.WITHDRAWN and upload.duplicate_of_id is not None:
        return "It is the same picture as one that we have; its address leads there."
    if upload.state == State.LIVE and upload.check_outcome == CheckOutcome.TOO_LITTLE_DETAIL:
        return "It is published. It has too little detail to be compared with others."
    return _SENTENCES[State(upload.state)]


def refusal_sentence(refusal: str) -> str:
    """Why a file was not taken, and what to do."""
    if refusal == GAVE_UP:
        return "We could not open this picture in several attempts: please save it anew in an image editor."
    return Refusal(refusal).message
