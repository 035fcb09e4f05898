"""What a search has found, in words: how sure we are, and what each picture is to the one that was asked about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from board.bounds import limits_in_words
from dedupe.conf import Matching
from dedupe.imaging import Relation
from dedupe.models import Picture
from dedupe.search import Evidence, LookAlikes

SHOWN = 24
"""A page shows at most so many."""

_NEAREST = gettext_lazy("Nothing here is the same picture. These are the nearest.")
_BARE = gettext_lazy(
    "There is too little in this picture to compare, so we looked only for the very same one."
)


@dataclass(frozen=True)
class Asked:
    """How sentences name the picture that was asked about."""

    it: str


YOURS = Asked(gettext_noop("yours"))
THIS_ONE = Asked(gettext_noop("this one"))


@dataclass(frozen=True)
class Alike:
    """A published picture that was found: what it is to the one asked about, and how sure we are of that."""

    picture: Picture
    relation: str
    certainty: str
    is_likely: bool
    is_variant: bool = False


@dataclass(frozen=True)
class Answer:
    """All that a search says: one sentence, the pictures that are likely the same, others near by, and its limits."""

    sentence: str
    likely: tuple[Alike, ...]
    others: tuple[Alike, ...]
    limits: tuple[str, ...]


def answer_of(found: LookAlikes, matching: Matching, asked: Asked, variants: Iterable[int] = ()) -> Answer:
    """The answer to show; ``variants`` are those that people have called variants of the picture asked about."""
    ids = [evidence.picture_id for evidence in found.found]
    live = Picture.objects.live().select_related("post").prefetch_related("renditions").in_bulk(ids)
    known = set(variants)
    alike = [
        _alike(each, live[each.picture_id], matching, asked, is_variant=each.picture_id in known)
        for each in found.found
        if each.picture_id in live
    ]
    likely = tuple(each for each in alike if each.is_likely)
    others = tuple(each for each in alike if not each.is_likely)
    sentence = _sentence(len(likely), bool(others), too_little_detail=found.too_little_detail, asked=asked)
    limits = tuple(limits_in_words(found.cut, found.not_searched, matching))
    return Answer(sentence, likely, others, limits)


def _alike(
    evidence: Evidence, picture: Picture, matching: Matching, asked: Asked, *, is_variant: bool
) -> Alike:
    exact = evidence.relation in {Relation.IDENTICAL_BYTES, Relation.SAME_PIXELS}
    likely = exact or is_variant or evidence.probability >= matching.ask_probability
    return Alike(
        picture=picture,
        relation=_RELATIONS[evidence.relation].format(it=_(asked.it)) if likely else _("A little alike"),
        certainty="" if exact else _certainty(evidence.probability, matching),
        is_likely=likely,
        is_variant=is_variant,
    )


def _certainty(probability: float, matching: Matching) -> str:
    if probability >= matching.confident_probability:
        return _("we are fairly sure")
    return _("it seems likely") if probability >= matching.ask_probability else _("probably another picture")


def _sentence(likely: int, others: bool, *, too_little_detail: bool, asked: Asked) -> str:
    if likely:
        words = ngettext("One picture looks like {it}.", "{count} pictures look like {it}.", likely)
        return words.format(count=likely, it=_(asked.it))
    if too_little_detail:
        return str(_BARE)
    return str(_NEAREST) if others else _("Nothing here looks like {it}.").format(it=_(asked.it))


_RELATIONS = {
    Relation.IDENTICAL_BYTES: gettext_lazy("The very same file"),
    Relation.SAME_PIXELS: gettext_lazy("The same picture, point for point"),
    Relation.RE_ENCODED: gettext_lazy("The same, saved again"),
    Relation.RESIZED: gettext_lazy("The same in another size"),
    Relation.GREYSCALE: gettext_lazy("The same, one without colours"),
    Relation.RECOLOURED: gettext_lazy("The same in other colours"),
    Relation.CROPPED: gettext_lazy("The same, one showing more"),
    Relation.FRAMED: gettext_lazy("The same, one with a border"),
    Relation.CAPTIONED: gettext_lazy("The same, with a strip of text"),
    Relation.MIRRORED: gettext_lazy("The same, mirrored"),
    Relation.ROTATED: gettext_lazy("The same, turned"),
    Relation.CONTAINS: gettext_lazy("Shown in {it} among other things"),
    Relation.CONTAINED: gettext_lazy("Shows {it} among other things"),
    Relation.VARIANT: gettext_lazy("Nearly the same, a part differs"),
}
