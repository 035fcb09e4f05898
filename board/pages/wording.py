"""The question in plain words: why we ask, and what differs. Nothing here reads a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from board.pages.likeness import TO_UPLOADER, Pair, Voice, format_name, likeness, pixels
from dedupe.conf import Matching
from dedupe.imaging import ASK_PROBABILITY, Relation
from dedupe.models import Picture, Verdict

_LOSSLESS = {"png", "gif"}
_CLEARLY_LARGER = 1.02
_SHOWN_TAGS = 8
_LONGEST_ADDRESS = 48


@dataclass(frozen=True)
class Row:
    """One line of the comparison. ``tone`` says how mine stands: better, worse, equal, or nothing to rank."""

    label: str
    mine: str
    theirs: str
    remark: str = ""
    tone: str = ""

    @property
    def judgement(self) -> str:
        """The remark with what it means for mine, in words: colour alone would not tell everybody."""
        if self.tone in {"better", "worse"}:
            return f"{self.tone.capitalize()}: {self.remark}"
        return self.remark[:1].upper() + self.remark[1:]


@dataclass(frozen=True)
class Words:
    """What was said of a picture: the names of its tags, and where it comes from."""

    tags: tuple[str, ...] = ()
    source: str = ""


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


def rows(
    mine: Picture, theirs: Picture, my_words: Words | None = None, their_words: Words | None = None
) -> list[Row]:
    """What is alike and what differs, mine against theirs; with their words where these are given."""
    found = [
        _dimensions(mine, theirs),
        _bytes(mine, theirs),
        _format(mine, theirs),
        _quality(mine, theirs),
        _since(mine, theirs),
    ]
    if my_words is not None and their_words is not None:
        found += [_tags(my_words.tags, their_words.tags), _source(my_words.source, their_words.source)]
    return [row for row in found if row is not None]


def _dimensions(mine: Picture, theirs: Picture) -> Row:
    ours, others = pixels(mine), pixels(theirs)
    row = ("Dimensions", dimensions(mine), dimensions(theirs))
    if (mine.width, mine.height) == (theirs.width, theirs.height):
        return Row(*row, "equal", "equal")
    if ours == others:
        return Row(*row, "other proportions")
    return Row(*row, "larger", "better") if ours > others else Row(*row, "smaller", "worse")


def _bytes(mine: Picture, theirs: Picture) -> Row:
    row = ("File size", bytes_words(mine.size_bytes), bytes_words(theirs.size_bytes))
    if mine.size_bytes == theirs.size_bytes:
        return Row(*row, "equal", "equal")
    more = "more" if mine.size_bytes > theirs.size_bytes else "fewer"
    return Row(*row, f"{more} bytes, which alone is neither better nor worse")


def _format(mine: Picture, theirs: Picture) -> Row:
    row = ("Format", _format_and_frames(mine), _format_and_frames(theirs))
    lossless = mine.format in _LOSSLESS, theirs.format in _LOSSLESS
    if lossless == (True, False):
        return Row(*row, "lossless", "better")
    if lossless == (False, True):
        return Row(*row, "the other is lossless", "worse")
    return Row(*row, "equal", "equal") if row[1] == row[2] else Row(*row, "another kind of file")


def _quality(mine: Picture, theirs: Picture) -> Row | None:
    """How strongly two JPEGs were compressed; a line only where at least one of them says so."""
    if not mine.quality and not theirs.quality:
        return None
    row = ("JPEG quality", str(mine.quality or "–"), str(theirs.quality or "–"))
    if not mine.quality or not theirs.quality:
        return Row(*row, "cannot be compared")
    if mine.quality == theirs.quality:
        return Row(*row, "equal", "equal")
    less = mine.quality > theirs.quality
    return Row(*row, "less compressed" if less else "more compressed", "better" if less else "worse")


def _since(mine: Picture, theirs: Picture) -> Row:
    row = ("Here since", day(mine.published_at), day(theirs.published_at or theirs.created_at))
    if mine.published_at is None:
        return Row(row[0], "not published yet", row[2])
    return Row(*row, "equal", "equal") if row[1] == row[2] else Row(*row)


def _tags(mine: tuple[str, ...], theirs: tuple[str, ...]) -> Row | None:
    if not mine and not theirs:
        return None
    row = ("Tags", _listed(mine), _listed(theirs))
    only_mine = [name for name in mine if name not in theirs]
    only_theirs = [name for name in theirs if name not in mine]
    if only_mine and only_theirs:
        return Row(*row, f"{len(only_mine)} that the other lacks, {len(only_theirs)} that it has besides")
    if only_mine:
        return Row(
            *row, f"{len(only_mine)} that the other lacks: {_listed(only_mine, count=False)}", "better"
        )
    if only_theirs:
        return Row(*row, f"without {_listed(only_theirs, count=False)}", "worse")
    return Row(*row, "equal", "equal")


def _listed(names: Sequence[str], *, count: bool = True) -> str:
    """Tags as a list, the first few of many; with their number if it is wanted."""
    if not names:
        return "none"
    shown = ", ".join(names[:_SHOWN_TAGS])
    more = f" and {len(names) - _SHOWN_TAGS} more" if len(names) > _SHOWN_TAGS else ""
    return f"{len(names)}: {shown}{more}" if count else f"{shown}{more}"


def _source(mine: str, theirs: str) -> Row | None:
    if not mine and not theirs:
        return None
    row = ("Source", _address(mine), _address(theirs))
    if mine == theirs:
        return Row(*row, "equal", "equal")
    if not theirs:
        return Row(*row, "the other has none", "better")
    return Row(*row, "another source") if mine else Row(*row, "the other names one", "worse")


def _address(address: str) -> str:
    """A web address as it fits a line."""
    plain = address.partition("://")[2] or address or "none"
    return plain if len(plain) <= _LONGEST_ADDRESS else f"{plain[: _LONGEST_ADDRESS - 1]}…"


def _format_and_frames(picture: Picture) -> str:
    moving = f", {picture.frames} frames" if picture.frames and picture.frames > 1 else ""
    return f"{format_name(picture.format)}{moving}" if picture.format else "–"


def dimensions(picture: Picture) -> str:
    """Width by height with thin separators, or a dash before the analysis."""
    return f"{picture.width:,} × {picture.height:,}" if picture.width and picture.height else "–"


def format_words(picture: Picture) -> str:
    """The format, and how strongly it was compressed where that is known."""
    kind, comma, frames = _format_and_frames(picture).partition(",")
    return f"{kind}{f', quality {picture.quality}' if picture.quality else ''}{comma}{frames}"


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
