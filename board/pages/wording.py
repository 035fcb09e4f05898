"""The question in plain words: why we ask, and what differs. Nothing here reads a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from board.pages.likeness import TO_UPLOADER, Pair, Voice, format_name, likeness, pixels
from dedupe.conf import Matching
from dedupe.imaging import ASK_PROBABILITY, Relation
from dedupe.models import Picture, Verdict

_LOSSLESS = {"png", "gif"}
_CLEARLY_LARGER = 1.02


@dataclass(frozen=True)
class Row:
    """One line of the comparison. ``tone`` says how mine stands: better, worse, equal, or nothing to rank."""

    label: str
    mine: str
    theirs: str
    remark: str = ""
    tone: str = ""


def why_we_ask(pair: Pair, voice: Voice = TO_UPLOADER) -> str:
    """One sentence for why this upload is shown beside that picture."""
    when = f"{pair.theirs.published_at:%B %Y}" if pair.theirs.published_at else "earlier"
    if pair.relation is Relation.IDENTICAL_BYTES:
        return f"{voice.subject} is the very same file as one that has been here since {when}."
    return f"{voice.subject} looks like one from {when}: {likeness(pair, voice)}."


def how_sure(probability: float, matching: Matching) -> str:
    """How sure we are, in words: only the order of probabilities can be trusted, so no percentage."""
    if probability >= matching.confident_probability:
        return "We are fairly sure."
    return "It seems likely." if probability >= matching.ask_probability else "We are not sure."


def guess(pair: Pair, probability: float) -> Verdict | None:
    """The answer that we would expect, to be outlined; None when we would rather not say."""
    if probability < ASK_PROBABILITY:
        return None
    if not pair.relation.same_picture:
        return Verdict.VARIANT
    if pair.relation is Relation.RESIZED and pixels(pair.mine) > pixels(pair.theirs) * _CLEARLY_LARGER:
        return Verdict.BETTER
    return Verdict.SAME


def rows(mine: Picture, theirs: Picture) -> list[Row]:
    """What is alike and what differs, mine against theirs."""
    return [_dimensions(mine, theirs), _format(mine, theirs), _bytes(mine, theirs), _since(mine, theirs)]


def _dimensions(mine: Picture, theirs: Picture) -> Row:
    ours, others = pixels(mine), pixels(theirs)
    row = ("Dimensions", dimensions(mine), dimensions(theirs))
    if (mine.width, mine.height) == (theirs.width, theirs.height):
        return Row(*row, "equal", "equal")
    if ours == others:
        return Row(*row, "other proportions")
    return Row(*row, "larger", "better") if ours > others else Row(*row, "smaller", "worse")


def _format(mine: Picture, theirs: Picture) -> Row:
    row = ("Format", format_words(mine), format_words(theirs))
    lossless = mine.format in _LOSSLESS, theirs.format in _LOSSLESS
    if lossless == (True, False):
        return Row(*row, "lossless", "better")
    if lossless == (False, True):
        return Row(*row, "the other is lossless", "worse")
    if mine.quality and theirs.quality and mine.quality != theirs.quality:
        better = mine.quality > theirs.quality
        return Row(*row, "less compressed" if better else "more compressed", "better" if better else "worse")
    return Row(*row, "equal", "equal") if row[1] == row[2] else Row(*row)


def _bytes(mine: Picture, theirs: Picture) -> Row:
    row = ("File size", bytes_words(mine.size_bytes), bytes_words(theirs.size_bytes))
    if mine.size_bytes == theirs.size_bytes:
        return Row(*row, "equal", "equal")
    return Row(*row, "more bytes" if mine.size_bytes > theirs.size_bytes else "fewer bytes")


def _since(mine: Picture, theirs: Picture) -> Row:
    return Row("Here since", day(mine.created_at), day(theirs.published_at or theirs.created_at))


def dimensions(picture: Picture) -> str:
    """Width by height with thin separators, or a dash before the analysis."""
    return f"{picture.width:,} × {picture.height:,}" if picture.width and picture.height else "–"


def format_words(picture: Picture) -> str:
    """The format, and how strongly it was compressed where that is known."""
    quality = f", quality {picture.quality}" if picture.quality else ""
    moving = f", {picture.frames} frames" if picture.frames and picture.frames > 1 else ""
    return f"{format_name(picture.format)}{quality}{moving}" if picture.format else "–"


def bytes_words(size: int) -> str:
    """A number of bytes as people say it."""
    if size < 1000:
        return f"{size} bytes"
    for unit, scale in (("kB", 1e3), ("MB", 1e6)):
        if size < scale * 999.5:
            return f"{size / scale:.0f} {unit}" if size >= 10 * scale else f"{size / scale:.1f} {unit}"
    return f"{size / 1e9:.1f} GB"


def day(moment: datetime | None) -> str:
    """A date as people write it."""
    return f"{moment.day} {moment:%B %Y}" if moment else "–"
