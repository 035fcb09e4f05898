"""Laying pictures in: through submission, storage, jail and fingerprints as any upload, but nobody is asked."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from dedupe import storage
from dedupe.imaging import Refusal
from dedupe.models import Picture, State
from dedupe.workflow import analyse_picture, submit_picture
from dedupe.workflow.analysis import publish_unasked

_BROKEN_OFF = "its analysis was broken off"


@dataclass(frozen=True)
class ToLay:
    """A file to be stored, under the name that reports give it."""

    name: str
    path: Path


@dataclass(frozen=True)
class Laid:
    """What became of it: the id of the live picture, or why there is none; and how long it took."""

    name: str
    picture_id: int | None
    reason: str
    seconds: float


def lay_in(file: ToLay) -> Laid:
    """Store one file as a live picture. Nothing that is wrong with the file raises."""
    started = time.perf_counter()
    try:
        with file.path.open("rb") as stream:
            picture = submit_picture(None, stream, size=file.path.stat().st_size)
    except OSError as error:
        return Laid(file.name, None, f"cannot be read: {error.strerror}", time.perf_counter() - started)
    if picture.state == State.STAGED:
        analyse_picture(picture.pk, then=publish_unasked)
        picture.refresh_from_db()
        storage.delete_original(picture.storage_key)  # no search reads it, and ten thousand of them are many
    seconds = time.perf_counter() - started
    if picture.state == State.LIVE:
        return Laid(file.name, picture.pk, "", seconds)
    return Laid(file.name, None, _why_not(picture), seconds)


def _why_not(picture: Picture) -> str:
    if picture.state != State.REJECTED:
        return _BROKEN_OFF
    return refusal_in_words(picture.refusal, picture.refusal_detail)


def refusal_in_words(refusal: str, detail: str) -> str:
    """A machine word, the sentence that the uploader reads, and the detail if there is one."""
    known = refusal in {each.value for each in Refusal}
    sentence = Refusal(refusal).message if known else ""
    return " ".join(filter(None, [f"{refusal}:", sentence, f"({detail})" if detail else ""]))
