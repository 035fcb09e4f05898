"""What the desk says of a cluster: what each picture is, what can be said of it, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from board.pages import wording
from board.pages.case_words import what_was_said
from board.pages.figures import Found, figures
from board.pages.likeness import Voice, pair_of
from board.pages.stage import stage_of
from dedupe.conf import conf
from dedupe.models import Match, Picture, State, Verdict
from dedupe.workflow import Cluster, Ruling

LATER = "later"
"""Nothing is said of this picture yet."""


@dataclass(frozen=True)
class Choice:
    """One thing that can be said of the picture on the stage, as a link."""

    title: str
    key: str
    address: str
    is_chosen: bool
    consequence: str


@dataclass(frozen=True)
class Member:
    """A picture of the cluster. ``said`` is a verdict or LATER, empty for the one to keep."""

    number: int
    picture: Picture
    said: str
    is_beside: bool
    keep: str
    show: str

    @property
    def is_kept(self) -> bool:
        return not self.said

    @property
    def in_words(self) -> str:
        return str(_SAID[self.said]) if self.said else ""


_SAID = {
    Verdict.SAME.value: gettext_lazy("the same"),
    Verdict.VARIANT.value: gettext_lazy("a variant"),
    Verdict.DIFFERENT.value: gettext_lazy("different"),
    LATER: gettext_lazy("left for later"),
}
CHOICES = (
    (Verdict.SAME.value, gettext_lazy("The same"), "m"),
    (Verdict.VARIANT.value, gettext_lazy("A variant"), "v"),
    (Verdict.DIFFERENT.value, gettext_lazy("Different"), "d"),
    (LATER, gettext_lazy("Later"), "l"),
)
_FOLLOWS = {
    Verdict.SAME.value: gettext_lazy("So it would be withdrawn, and its address lead to No. {number}."),
    Verdict.VARIANT.value: gettext_lazy("So both would stay, linked to each other."),
    Verdict.DIFFERENT.value: gettext_lazy("So both would stay, and nobody be asked about the two again."),
    LATER: gettext_lazy("So it would stay in the queue."),
}
_FOLLOWS_HELD = {
    Verdict.VARIANT.value: gettext_lazy("So it would be published too, linked to No. {number}."),
    Verdict.DIFFERENT.value: gettext_lazy("So it would be published too, and nobody be asked again."),
}


def choices_for(beside: Member, kept: Member, addresses: Mapping[str, str]) -> list[Choice]:
    """What can be said of the picture on the stage; ``addresses`` say it, by verdict or LATER."""
    follows = _FOLLOWS | (_FOLLOWS_HELD if beside.picture.state == State.HELD else {})
    return [
        Choice(
            title=str(title),
            key=key,
            address=addresses[value],
            is_chosen=beside.said == value,
            consequence=str(follows[value]).format(number=kept.number),
        )
        for value, title, key in CHOICES
    ]


def outcome_of(members: list[Member]) -> str:
    """What deciding as it is laid out would do, in one sentence."""
    said = [each.said for each in members]
    kept = next(each for each in members if each.is_kept)
    words = _("No. {number} stays; {others}.")
    return words.format(number=kept.number, others=_counted(said))


def decided_words(ruling: Ruling) -> str:
    """What was decided, to stand after a colon."""
    return _counted([verdict.value for verdict in ruling.verdicts.values()])


def _counted(said: list[str]) -> str:
    """How many lead there, are linked, set apart and left: a list."""
    same, variant = said.count(Verdict.SAME), said.count(Verdict.VARIANT)
    different, later = said.count(Verdict.DIFFERENT), said.count(LATER)
    parts = [
        (same, ngettext("{count} leads to it", "{count} lead to it", same)),
        (variant, ngettext("{count} linked as a variant", "{count} linked as variants", variant)),
        (different, ngettext("{count} set apart", "{count} set apart", different)),
        (later, ngettext("{count} left for later", "{count} left for later", later)),
    ]
    return ", ".join(words.format(count=count) for count, words in parts if count)


def brought_by(cluster: Cluster, pictures: list[Picture]) -> list[str]:
    """Who brought the pictures here, each sentence once."""
    by_id = {each.pk: each for each in pictures}
    for case in cluster.cases:
        assert case.match is not None
        case.match.query, case.match.candidate = by_id[case.match.query_id], by_id[case.match.candidate_id]
        case.picture = by_id[case.picture_id]
    return list(dict.fromkeys(what_was_said(case) for case in cluster.cases))


def comparison_of(match: Match | None, beside: Member, kept: Member) -> dict[str, Any]:
    """What is known of the two on the stage; where they could not be laid over each other, that is said."""
    number = _("No. {number}").format(number=beside.number)
    names = {
        "beside_name": number,
        "kept_name": _("No. {number}, stays").format(number=kept.number),
        "rows": wording.rows(beside.picture, kept.picture),
    }
    if match is None or not (match.routes or match.evidence):
        words = _("No. {one} and No. {other} could not be laid over each other: each looks like others here.")
        sentence = words.format(one=beside.number, other=kept.number)
        return names | {"sentence": sentence, "how_sure": "", "stage": None}
    return names | {
        "match": match,
        "stage": stage_of(match, beside.picture),
        "sentence": wording.why_we_ask(pair_of(match, beside.picture), Voice(number, number)),
        "how_sure": wording.how_sure(match.probability, conf().matching),
        "figures": figures(Found.of(match), match.evidence, conf().matching),
    }
