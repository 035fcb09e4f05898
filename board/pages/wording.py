"""The question in plain words: why we ask, and what differs. Nothing here reads a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from board.pages.likeness import TO_UPLOADER, Pair, Voice, format_name, likeness, pixels
from board.prose import day, month, number
from dedupe.conf import Matching
from dedupe.imaging import ASK_PROBABILITY, Relation
from dedupe.models import Picture, Verdict

_LOSSLESS = {"png", "gif"}
_CLEARLY_LARGER = 1.02
# Profiles of more colours than sRGB, by a part of their names.
_WIDE = (
    "p3",
    "adobe rgb",
    "adobergb",
    "adobe98",
    "prophoto",
    "rommrgb",
    "romm rgb",
    "2020",
    "2100",
    "wide gamut",
)
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
        if self.tone == "better":
            return _("Better: {remark}").format(remark=self.remark)
        if self.tone == "worse":
            return _("Worse: {remark}").format(remark=self.remark)
        return self.remark[:1].upper() + self.remark[1:]


@dataclass(frozen=True)
class Words:
    """What was said of a picture: the names of its tags, and where it comes from."""

    tags: tuple[str, ...] = ()
    source: str = ""


def why_we_ask(pair: Pair, voice: Voice = TO_UPLOADER) -> str:
    """One sentence for why this upload is shown beside that picture."""
    since = pair.theirs.published_at
    when = month(since) if since else ""
    if pair.relation is Relation.IDENTICAL_BYTES:
        words = _("{subject} is the very same file as one that has been here since {when}.")
        if not since:
            words = _("{subject} is the very same file as one that has been here since earlier.")
        return words.format(subject=_(voice.subject), when=when)
    words = _("{subject} looks like one from {when}: {likeness}.")
    if not since:
        words = _("{subject} looks like one from earlier: {likeness}.")
    return words.format(subject=_(voice.subject), when=when, likeness=likeness(pair, voice))


def how_sure(probability: float, matching: Matching) -> str:
    """How sure we are, in words: only the order of probabilities can be trusted, so no percentage."""
    if probability >= matching.confident_probability:
        return _("We are fairly sure.")
    return _("It seems likely.") if probability >= matching.ask_probability else _("We are not sure.")


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
        _colours(mine, theirs),
        _since(mine, theirs),
    ]
    if my_words is not None and their_words is not None:
        found += [_tags(my_words.tags, their_words.tags), _source(my_words.source, their_words.source)]
    return [row for row in found if row is not None]


def _dimensions(mine: Picture, theirs: Picture) -> Row:
    ours, others = pixels(mine), pixels(theirs)
    row = (_("Dimensions"), dimensions(mine), dimensions(theirs))
    if (mine.width, mine.height) == (theirs.width, theirs.height):
        return Row(*row, _("equal"), "equal")
    if ours == others:
        return Row(*row, _("other proportions"))
    return Row(*row, _("larger"), "better") if ours > others else Row(*row, _("smaller"), "worse")


def _bytes(mine: Picture, theirs: Picture) -> Row:
    row = (_("File size"), bytes_words(mine.size_bytes), bytes_words(theirs.size_bytes))
    if mine.size_bytes == theirs.size_bytes:
        return Row(*row, _("equal"), "equal")
    if mine.size_bytes > theirs.size_bytes:
        return Row(*row, _("more bytes, which alone is neither better nor worse"))
    return Row(*row, _("fewer bytes, which alone is neither better nor worse"))


def _format(mine: Picture, theirs: Picture) -> Row:
    row = (_("Format"), _format_and_frames(mine), _format_and_frames(theirs))
    lossless = mine.format in _LOSSLESS, theirs.format in _LOSSLESS
    if lossless == (True, False):
        return Row(*row, _("lossless"), "better")
    if lossless == (False, True):
        return Row(*row, _("the other is lossless"), "worse")
    return Row(*row, _("equal"), "equal") if row[1] == row[2] else Row(*row, _("another kind of file"))


def _quality(mine: Picture, theirs: Picture) -> Row | None:
    """How strongly two JPEGs were compressed; a line only where at least one of them says so."""
    if not mine.quality and not theirs.quality:
        return None
    row = (_("JPEG quality"), str(mine.quality or "–"), str(theirs.quality or "–"))
    if not mine.quality or not theirs.quality:
        return Row(*row, _("cannot be compared"))
    if mine.quality == theirs.quality:
        return Row(*row, _("equal"), "equal")
    if mine.quality > theirs.quality:
        return Row(*row, _("less compressed"), "better")
    return Row(*row, _("more compressed"), "worse")


def _colours(mine: Picture, theirs: Picture) -> Row | None:
    """Which colours the files can hold; no line where that is not known, or neither file says."""
    if mine.colour_profile is None or theirs.colour_profile is None:
        return None
    if not mine.colour_profile and not theirs.colour_profile:
        return None
    row = (_("Colours"), profile_words(mine) or _("no profile"), profile_words(theirs) or _("no profile"))
    wide = [_is_wide(each.colour_profile) for each in (mine, theirs)]
    if wide == [True, False]:
        return Row(*row, _("room for more colours"), "better")
    if wide == [False, True]:
        return Row(*row, _("room for fewer colours"), "worse")
    ours, others = (_plain_profile(each.colour_profile) for each in (mine, theirs))
    return Row(*row, _("equal"), "equal") if ours == others else Row(*row, _("another profile"))


def profile_words(picture: Picture) -> str:
    """The name of a picture's colour profile as people know it; empty without one, or if nobody has looked."""
    name = picture.colour_profile or ""
    return "sRGB" if name.lower().startswith("srgb") else name


def _plain_profile(name: str | None) -> str:
    """A name to be compared: a picture without a profile is shown as sRGB."""
    return "srgb" if not name or name.lower().startswith("srgb") else name.lower()


def _is_wide(name: str | None) -> bool:
    return any(each in (name or "").lower() for each in _WIDE)


def _since(mine: Picture, theirs: Picture) -> Row:
    row = (_("Here since"), day(mine.published_at), day(theirs.published_at or theirs.created_at))
    if mine.published_at is None:
        return Row(row[0], _("not published yet"), row[2])
    return Row(*row, _("equal"), "equal") if row[1] == row[2] else Row(*row)


def _tags(mine: tuple[str, ...], theirs: tuple[str, ...]) -> Row | None:
    if not mine and not theirs:
        return None
    row = (_("Tags"), _listed(mine), _listed(theirs))
    only_mine = [name for name in mine if name not in theirs]
    only_theirs = [name for name in theirs if name not in mine]
    if only_mine and only_theirs:
        words = _("{mine} that the other lacks, {theirs} that it has besides")
        return Row(*row, words.format(mine=len(only_mine), theirs=len(only_theirs)))
    if only_mine:
        words = _("{count} that the other lacks: {names}")
        return Row(*row, words.format(count=len(only_mine), names=_some(only_mine)), "better")
    if only_theirs:
        return Row(*row, _("without {names}").format(names=_some(only_theirs)), "worse")
    return Row(*row, _("equal"), "equal")


def _listed(names: Sequence[str]) -> str:
    """Tags as a list with their number."""
    return f"{len(names)}: {_some(names)}" if names else _("none")


def _some(names: Sequence[str]) -> str:
    """Tags as a list, the first few of many."""
    shown = ", ".join(names[:_SHOWN_TAGS])
    if len(names) <= _SHOWN_TAGS:
        return shown
    return _("{names} and {count} more").format(names=shown, count=len(names) - _SHOWN_TAGS)


def _source(mine: str, theirs: str) -> Row | None:
    if not mine and not theirs:
        return None
    row = (_("Source"), _address(mine), _address(theirs))
    if mine == theirs:
        return Row(*row, _("equal"), "equal")
    if not theirs:
        return Row(*row, _("the other has none"), "better")
    return Row(*row, _("another source")) if mine else Row(*row, _("the other names one"), "worse")


def _address(address: str) -> str:
    """A web address as it fits a line."""
    plain = address.partition("://")[2] or address or _("none")
    return plain if len(plain) <= _LONGEST_ADDRESS else f"{plain[: _LONGEST_ADDRESS - 1]}…"


def _format_and_frames(picture: Picture) -> str:
    return ", ".join([_kind(picture), *_frames(picture)])


def _kind(picture: Picture) -> str:
    return format_name(picture.format) if picture.format else "–"


def _frames(picture: Picture) -> list[str]:
    count = picture.frames or 1
    if count < 2 or not picture.format:
        return []
    return [ngettext("{count} frame", "{count} frames", count).format(count=count)]


def dimensions(picture: Picture) -> str:
    """Width by height with thin separators, or a dash before the analysis."""
    if not picture.width or not picture.height:
        return "–"
    return f"{number(picture.width)} × {number(picture.height)}"


def format_words(picture: Picture) -> str:
    """The format, and how strongly it was compressed where that is known."""
    quality = [_("quality {number}").format(number=picture.quality)] if picture.quality else []
    return ", ".join([_kind(picture), *quality, *_frames(picture)])


def bytes_words(size: int) -> str:
    """A number of bytes as people say it."""
    if size < 1000:
        return _("{count} bytes").format(count=size)
    for unit, scale in (("kB", 1e3), ("MB", 1e6)):
        if size < scale * 999.5:
            return f"{number(size / scale, 0 if size >= 10 * scale else 1)} {unit}"
    return f"{number(size / 1e9, 1)} GB"
