"""What the page of a question shows: the two pictures, why we ask, and what each answer does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from board.pages import wording
from board.pages.figures import Found, figures
from board.pages.likeness import TO_STAFF, TO_UPLOADER, Pair, pair_of
from board.pages.stage import stage_of
from dedupe.conf import conf
from dedupe.imaging import Relation
from dedupe.models import Match, Picture, Verdict

REASONS = {
    Verdict.VARIANT: ("Other text", "Other colours", "Edited by somebody", "Another part of it"),
    Verdict.DIFFERENT: (
        "Another moment",
        "Another subject",
        "Only the layout is alike",
        "Made from the same template",
    ),
}


@dataclass(frozen=True)
class Choice:
    """One answer: what it is called, its key, what follows from it, and ready-made reasons."""

    verdict: Verdict
    title: str
    key: str
    consequence: str
    is_guess: bool
    reasons: tuple[str, ...] = ()


def open_matches(upload: Picture) -> QuerySet[Match]:
    """The look-alikes that nobody has decided about, likeliest first, with all that the page shows of them."""
    sides = ("query", "candidate")
    return (
        Match.objects.open_for(upload)
        .select_related(*sides, *(f"{side}__owner" for side in sides), *(f"{side}__post" for side in sides))
        .prefetch_related(*(f"{side}__renditions" for side in sides))
    )


def question_context(upload: Picture, user: Any, wanted: str = "") -> dict[str, Any] | None:
    """The question about one look-alike (the ``wanted`` one, else the likeliest), or None when none is open."""
    matches = list(open_matches(upload))
    if not matches:
        return None
    index = next((i for i, match in enumerate(matches) if str(match.pk) == wanted), 0)
    match = matches[index]
    theirs = match.other(upload)
    pair = pair_of(match, upload)
    voice = TO_UPLOADER if upload.is_owned_by(user) else TO_STAFF
    return {
        "match": match,
        "mine": upload,
        "theirs": theirs,
        "others": [(number, each, each.other(upload)) for number, each in enumerate(matches, 1)],
        "number": index + 1,
        "how_many": len(matches),
        "stage": stage_of(match, upload),
        "sentence": wording.why_we_ask(pair, voice),
        "how_sure": wording.how_sure(match.probability, conf().matching),
        "rows": wording.rows(upload, theirs),
        "figures": figures(Found.of(match), match.evidence, conf().matching),
        "choices": choices(pair, match.probability),
        "only_same": match.relation == Relation.IDENTICAL_BYTES,
        "undo_days": conf().deadlines.retention_days,
    }


def choices(pair: Pair, probability: float) -> list[Choice]:
    """The answers that make sense, the expected one marked. Identical bytes leave only one."""
    expected = wording.guess(pair, probability)
    owner = pair.theirs.owner
    holder = f"{owner.get_username()}’s picture" if owner else "the picture that is here"
    titles = {
        Verdict.SAME: ("It’s the same picture", "S", f"Yours is withdrawn; its address leads to {holder}."),
        Verdict.BETTER: (
            "Mine is the better copy",
            "B",
            "Staff compare both and may put yours in its place. Until then it waits.",
        ),
        Verdict.VARIANT: (
            "It’s a variant",
            "V",
            "Other text, colours or version: both stay, linked to each other.",
        ),
        Verdict.DIFFERENT: (
            "It’s a different picture",
            "D",
            "Yours is published. We won’t ask about these two again.",
        ),
    }
    offered = [Verdict.SAME] if pair.relation is Relation.IDENTICAL_BYTES else list(titles)
    return [Choice(each, *titles[each], each == expected, REASONS.get(each, ())) for each in offered]
