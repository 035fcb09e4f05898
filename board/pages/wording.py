"""The question in plain words: why we ask, what differs, and what each number means. Nothing here reads a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dedupe.conf import Matching
from dedupe.imaging import Relation
from dedupe.models import Picture, Verdict

_LOSSLESS = {"png", "gif"}
_NAMES = {"jpeg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WebP", "avif": "AVIF"}
_CLEARLY_LARGER = 1.02


@dataclass(frozen=True)
class Row:
    """One line of the comparison. ``tone`` says how mine stands: better, worse, equal, or nothing to rank."""

    label: str
    mine: str
    theirs: str
    remark: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Figure:
    """One number behind the question, with the bound that it is held against."""

    label: str
    value: str
    bound: str


@dataclass(frozen=True)
class Voice:
    """How a sentence names the upload: as its subject, and in passing."""

    subject: str
    short: str


TO_UPLOADER = Voice("Your upload", "yours")
TO_STAFF = Voice("The newer one", "the newer")


def why_we_ask(relation: str, mine: Picture, theirs: Picture, voice: Voice = TO_UPLOADER) -> str:
    """One sentence for why this upload is shown beside that picture."""
    when = f"{theirs.published_at:%B %Y}" if theirs.published_at else "earlier"
    kind = Relation(relation)
    if kind is Relation.IDENTICAL_BYTES:
        return f"{voice.subject} is the very same file as one that has been here since {when}."
    return f"{voice.subject} looks like one from {when}: {_likeness(kind, mine, theirs, voice)}."


def _likeness(kind: Relation, mine: Picture, theirs: Picture, voice: Voice) -> str:
    if kind is Relation.RESIZED:
        return f"the same picture in another size, {_size_word(mine, theirs, voice)}"
    if kind is Relation.RE_ENCODED and mine.format != theirs.format and mine.format:
        return f"the same picture, saved again as {format_name(mine.format)}"
    return {
        Relation.SAME_PIXELS: "the same picture, point for point, in another file",
        Relation.RE_ENCODED: "the same picture, saved again",
        Relation.CROPPED: "the same picture, one of the two showing more of it",
        Relation.RECOLOURED: "the same composition in other colours",
        Relation.VARIANT: "nearly the same picture, with a part that differs",
    }[kind]


def _size_word(mine: Picture, theirs: Picture, voice: Voice) -> str:
    difference = _pixels(mine) - _pixels(theirs)
    if difference == 0:
        return "with other proportions"
    return f"{voice.short} larger" if difference > 0 else f"{voice.short} smaller"


def how_sure(probability: float, confident: bool) -> str:
    """How sure we are, in words: only the order of probabilities can be trusted, so no percentage."""
    if confident:
        return "We are fairly sure."
    return "It seems likely." if probability >= 0.5 else "We are not sure."


def guess(relation: str, probability: float, mine: Picture, theirs: Picture) -> Verdict | None:
    """The answer that we would expect, to be outlined; None when we would rather not say."""
    kind = Relation(relation)
    if probability < 0.5:
        return None
    if not kind.same_picture:
        return Verdict.VARIANT
    if kind in {Relation.RESIZED, Relation.CROPPED} and _pixels(mine) > _pixels(theirs) * _CLEARLY_LARGER:
        return Verdict.BETTER
    return Verdict.SAME


def rows(mine: Picture, theirs: Picture) -> list[Row]:
    """What is alike and what differs, mine against theirs."""
    return [_dimensions(mine, theirs), _format(mine, theirs), _bytes(mine, theirs), _since(mine, theirs)]


def _dimensions(mine: Picture, theirs: Picture) -> Row:
    ours, others = _pixels(mine), _pixels(theirs)
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


def figures(evidence: Mapping[str, float], matching: Matching) -> list[Figure]:
    """The numbers of a match against the settings in force, each left out when it was not measured."""
    found = []
    if "dct" in evidence:
        bound = (
            f"we ask up to {matching.ask_distance}, and are fairly sure up to {matching.confident_distance}"
        )
        found.append(Figure("Structure", f"{evidence['dct']:.0f} of 256 marks differ", bound))
    if "phash" in evidence:
        bound = f"looked at up to {matching.phash_distance}, or by brightness and shape"
        found.append(Figure("Coarse structure", f"{evidence['phash']:.0f} of 64 marks differ", bound))
    for name, label, bound in _SHARES:
        if name in evidence:
            found.append(Figure(label, _share(evidence[name]), bound))
    windows = f"looked at within {_share(matching.window_intensity)} and {_share(matching.window_aspect)}"
    if "intensity" in evidence and "aspect" in evidence:
        both = f"{_share(evidence['intensity'])} and {_share(evidence['aspect'])}"
        found.append(Figure("Brightness and shape differ by", both, windows))
    return found


_SHARES = (
    ("luma_mean", "Light and dark differ by", "on average over the picture; 0 % is equal"),
    ("luma_block", "Most different part", "of 64 parts; a caption or a change shows here"),
    ("chroma", "Colours differ by", "on average over the picture; 0 % is equal"),
)


def _share(value: float) -> str:
    return f"{abs(value) * 100:.1f} %"


def dimensions(picture: Picture) -> str:
    """Width by height with thin separators, or a dash before the analysis."""
    return f"{picture.width:,} × {picture.height:,}" if picture.width and picture.height else "–"


def format_name(name: str) -> str:
    """A format as its makers write it."""
    return _NAMES.get(name, name.upper())


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


def _pixels(picture: Picture) -> int:
    return (picture.width or 0) * (picture.height or 0)
