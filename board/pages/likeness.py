"""What was done to a picture, in words: seen from one of the two, in the voice of whoever is addressed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from board.pages.extent import about, cut_clause, sides_of
from board.prose import plain
from dedupe.imaging import STEADY, Beyond, CommonPart, Geometry, Relation, common_part
from dedupe.models import Match, Picture

_NAMES = {"jpeg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WebP", "avif": "AVIF"}
_LIGHTER = 4.5  # levels of 255
_DIFFERS = 0.02  # share of the common part
_LITTLE = 0.05  # of what both show; where more has changed, that is what strikes the eye
_UPRIGHT, _HALF_A_TURN = 2.0, 178.0  # degrees
_CLEARLY_ABOVE = 0.03  # of the height
_OTHER_SCALE = 1.1  # registration of a small part is off by some per cent
_OTHER_QUALITY = 3  # of 100; encoders with tables of their own are estimated so far beside


@dataclass(frozen=True)
class Voice:
    """How a sentence names the upload: as its subject, and in passing."""

    subject: str
    short: str

    @property
    def mine(self) -> str:
        """The name in passing, in the language of the page."""
        return _(self.short)


TO_UPLOADER = Voice(gettext_noop("Your upload"), gettext_noop("yours"))
TO_STAFF = Voice(gettext_noop("The newer one"), gettext_noop("the newer"))


@dataclass(frozen=True)
class Pair:
    """A match as words need it, seen from ``mine``.

    ``geometry`` says how mine lies on theirs, ``part`` what both show; None where that is not known. ``measured``
    are the numbers of the evidence, with ``brighter`` counted from theirs to mine.
    """

    relation: Relation
    mine: Picture
    theirs: Picture
    geometry: Geometry | None = None
    part: CommonPart | None = None
    measured: dict[str, float] = field(default_factory=dict)


_OTHER_SIDE = {Relation.CONTAINS: Relation.CONTAINED, Relation.CONTAINED: Relation.CONTAINS}


def pair_of(match: Match, mine: Picture) -> Pair:
    """The pair of a match; a relation that has a direction is turned so that it starts from mine."""
    theirs, relation, measured = match.other(mine), Relation(match.relation), dict(match.evidence)
    if mine.pk != match.query_id:
        relation = _OTHER_SIDE.get(relation, relation)
        measured["brighter"] = -measured.get("brighter", 0.0)
    geometry = match.geometry_from(mine)
    sizes = [(each.width or 0, each.height or 0) for each in (theirs, mine)]
    part = common_part(geometry.matrix, *sizes) if geometry and all(map(all, sizes)) else None
    return Pair(relation, mine, theirs, geometry, part, measured)


def likeness(pair: Pair, voice: Voice) -> str:
    """What mine is to theirs, to stand after a colon."""
    if pair.relation is Relation.VARIANT:
        return _variant(pair)
    # The word of the answer that is outlined: "the same", when a variant is proposed, would lead astray.
    called = _("the same picture") if pair.relation.same_picture else _("a variant")
    clauses = [each for each in _CLAUSES[pair.relation](pair, voice) if each]
    return _besides(", ".join([called, *clauses]), pair, voice)


def format_name(name: str) -> str:
    """A format as its makers write it."""
    return _NAMES.get(name, name.upper())


def pixels(picture: Picture) -> int:
    """Width times height; 0 before the analysis."""
    return (picture.width or 0) * (picture.height or 0)


def _besides(clauses: str, pair: Pair, voice: Voice) -> str:
    """What was done besides what gave the relation its name: another scale, another format or quality."""
    scaled, saved = _scaled(pair, voice), _saved(pair)
    if scaled and saved:
        return _("{clauses}, {scaled} and {saved}").format(clauses=clauses, scaled=scaled, saved=saved)
    if scaled:
        return f"{clauses}, {scaled}"
    return _("{clauses}, and {saved}").format(clauses=clauses, saved=saved) if saved else clauses


def _scaled(pair: Pair, voice: Voice) -> str:
    if pair.geometry is None or pair.relation in _OF_ANY_SCALE:
        return ""
    longest = [max(each.width or 1, each.height or 1) for each in (pair.theirs, pair.mine)]
    their_points_for_mine = pair.geometry.scale * longest[0] / longest[1]
    if their_points_for_mine > _OTHER_SCALE:
        return _("{mine} at a smaller scale").format(mine=voice.mine)
    if their_points_for_mine < 1 / _OTHER_SCALE:
        return _("{mine} at a larger scale").format(mine=voice.mine)
    return ""


def _saved(pair: Pair) -> str:
    mine, theirs = pair.mine, pair.theirs
    if pair.relation in _SAID_ALREADY or not (mine.format and theirs.format):
        return ""
    if mine.format != theirs.format:
        return "" if pair.relation is Relation.RE_ENCODED else _saved_as(mine.format)
    difference = (mine.quality or 0) - (theirs.quality or 0)
    if not (mine.quality and theirs.quality) or abs(difference) < _OTHER_QUALITY:
        return ""
    return _("compressed less") if difference > 0 else _("compressed more")


def _saved_as(name: str) -> str:
    return _("saved again as {format}").format(format=format_name(name))


_SAID_ALREADY = {Relation.IDENTICAL_BYTES, Relation.SAME_PIXELS}
_OF_ANY_SCALE = {*_SAID_ALREADY, Relation.RE_ENCODED, Relation.RESIZED, Relation.CONTAINS, Relation.CONTAINED}


def _variant(pair: Pair) -> str:
    changed = pair.measured.get("changed", 0.0)
    if changed <= _LITTLE and pair.measured.get("steady", 1.0) < STEADY:
        return _("nearly the same picture, with little differences all over, as in another moment")
    if changed <= _DIFFERS:
        return _("nearly the same picture, with a part that differs")
    words = _("nearly the same picture, with a part that differs, {share} of what both show")
    return words.format(share=about(changed))


def _same_pixels(pair: Pair, voice: Voice) -> list[str]:
    return [_("point for point, in another file")]


def _saved_again(pair: Pair, voice: Voice) -> list[str]:
    other_format = pair.mine.format and pair.mine.format != pair.theirs.format
    return [_saved_as(pair.mine.format) if other_format else _("saved again")]


def _resized(pair: Pair, voice: Voice) -> list[str]:
    difference = pixels(pair.mine) - pixels(pair.theirs)
    if difference == 0:
        return [_("with other proportions")]
    larger, smaller = _("in another size, {mine} larger"), _("in another size, {mine} smaller")
    return [(larger if difference > 0 else smaller).format(mine=voice.mine)]


def _greyscale(pair: Pair, voice: Voice) -> list[str]:
    return [_("one of the two without its colours")]


def _recoloured(pair: Pair, voice: Voice) -> list[str]:
    brighter = pair.measured.get("brighter", 0.0)
    light = _("{mine} lighter") if brighter > 0 else _("{mine} darker")
    light = light.format(mine=voice.mine) if abs(brighter) > _LIGHTER else ""
    other_colours = pair.measured.get("recoloured", 1.0) > _DIFFERS or not light
    return [_("in other colours") if other_colours else "", light]


def _cropped(pair: Pair, voice: Voice) -> list[str]:
    return [cut_clause(pair.geometry, pair.part, voice.mine)]


def _framed(pair: Pair, voice: Voice) -> list[str]:
    theirs, mine = _beyond(pair, Beyond.PLAIN)
    if theirs == mine:
        return [_("with another border") if mine else _("one of the two with a plain border")]
    words = _("{mine} with a plain border") if mine else _("{mine} without the border round it")
    return [words.format(mine=voice.mine)]


def _captioned(pair: Pair, voice: Voice) -> list[str]:
    theirs, mine = _beyond(pair, Beyond.LETTERED)
    if theirs == mine:
        return [_("each with other text beside it") if mine else _("one of the two with a strip of text")]
    strips = _WITH_STRIP if mine else _WITHOUT_STRIP
    return [strips[_above_or_below(pair, on_mine=mine)].format(mine=voice.mine)]


_WITH_STRIP = {
    (): gettext_lazy("{mine} with a strip of text"),
    ("above",): gettext_lazy("{mine} with a strip of text above"),
    ("below",): gettext_lazy("{mine} with a strip of text below"),
    ("above", "below"): gettext_lazy("{mine} with a strip of text above and below"),
}
_WITHOUT_STRIP = {
    (): gettext_lazy("{mine} without the strip of text"),
    ("above",): gettext_lazy("{mine} without the strip of text above"),
    ("below",): gettext_lazy("{mine} without the strip of text below"),
    ("above", "below"): gettext_lazy("{mine} without the strip of text above and below"),
}


def _beyond(pair: Pair, kind: Beyond) -> tuple[bool, bool]:
    if pair.geometry is None:
        return False, False
    theirs, mine = pair.geometry.beyond
    return theirs is kind, mine is kind


def _above_or_below(pair: Pair, *, on_mine: bool) -> tuple[str, ...]:
    if pair.part is None:
        return ()
    sides = sides_of(pair.part.mine if on_mine else pair.part.theirs)
    places = [("above", sides.top), ("below", sides.bottom)]
    return tuple(word for word, margin in places if margin > _CLEARLY_ABOVE)


def _mirrored(pair: Pair, voice: Voice) -> list[str]:
    turned = pair.geometry.turned if pair.geometry else 0.0
    if abs(turned) >= _HALF_A_TURN:
        return [_("mirrored from top to bottom"), _cut_besides(pair, voice)]
    if abs(turned) <= _UPRIGHT:
        return [_("mirrored from left to right"), _cut_besides(pair, voice)]
    to_left, to_right = (
        _("mirrored and turned by {degrees}° to the left"),
        _("mirrored and turned by {degrees}° to the right"),
    )
    words = (to_left if turned > 0 else to_right).format(degrees=_degrees(turned))
    return [words, _cut_besides(pair, voice)]


def _rotated(pair: Pair, voice: Voice) -> list[str]:
    if pair.geometry is None:
        return [_("turned")]
    return [_turn(pair.geometry.turned, voice), _cut_besides(pair, voice)]


def _turn(back: float, voice: Voice) -> str:
    """How mine is turned; ``back`` degrees clockwise would undo it."""
    if abs(back) >= _HALF_A_TURN:
        return _("{mine} turned upside down").format(mine=voice.mine)
    to_left, to_right = (
        _("{mine} turned by {degrees}° to the left"),
        _("{mine} turned by {degrees}° to the right"),
    )
    return (to_left if back > 0 else to_right).format(mine=voice.mine, degrees=_degrees(back))


def _degrees(turned: float) -> str:
    return plain(round(abs(turned)) if abs(turned) >= 10 else round(abs(turned), 1))


def _cut_besides(pair: Pair, voice: Voice) -> str:
    is_cut = pair.geometry is not None and Beyond.BUSY in pair.geometry.beyond
    return cut_clause(pair.geometry, pair.part, voice.mine) if is_cut else ""


def _contains(pair: Pair, voice: Voice) -> list[str]:
    if pair.geometry is None:
        return [_("{mine} showing it among other things").format(mine=voice.mine)]
    words = _("{mine} showing it among other things, on {share} of its area")
    return [words.format(mine=voice.mine, share=about(pair.geometry.covered[1]))]


def _contained(pair: Pair, voice: Voice) -> list[str]:
    if pair.geometry is None:
        return [_("which the other shows among other things")]
    words = _("which the other shows among other things, on {share} of its area")
    return [words.format(share=about(pair.geometry.covered[0]))]


_CLAUSES: dict[Relation, Callable[[Pair, Voice], list[str]]] = {
    Relation.IDENTICAL_BYTES: lambda pair, voice: [_("byte for byte")],
    Relation.SAME_PIXELS: _same_pixels,
    Relation.RE_ENCODED: _saved_again,
    Relation.RESIZED: _resized,
    Relation.GREYSCALE: _greyscale,
    Relation.RECOLOURED: _recoloured,
    Relation.CROPPED: _cropped,
    Relation.FRAMED: _framed,
    Relation.CAPTIONED: _captioned,
    Relation.MIRRORED: _mirrored,
    Relation.ROTATED: _rotated,
    Relation.CONTAINS: _contains,
    Relation.CONTAINED: _contained,
}
