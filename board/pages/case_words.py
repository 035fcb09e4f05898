"""What a case shows staff: who said what and why, and what upholding or reversing would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from board.pages import wording
from board.pages.figures import Found, figures
from board.pages.likeness import TO_STAFF, pair_of
from board.pages.stage import stage_of
from dedupe.conf import conf
from dedupe.models import Case, CaseKind, Match, Picture, Verdict


@dataclass(frozen=True)
class Act:
    """One way to close a case: what it is called and what it does."""

    name: str
    title: str
    key: str
    consequence: str


def case_context(case: Case) -> dict[str, Any]:
    """The pictures, the words and the two ways to close a case."""
    theirs = case.match.other(case.picture) if case.match else None
    context: dict[str, Any] = {
        "case": case,
        "mine": case.picture,
        "theirs": theirs,
        "said": what_was_said(case),
        "acts": acts(case),
    }
    if case.match is not None and theirs is not None:
        context |= _comparison(case.match, case.picture, theirs)
    return context


def _comparison(match: Match, mine: Picture, theirs: Picture) -> dict[str, Any]:
    return {
        "match": match,
        "stage": stage_of(match, mine),
        "sentence": wording.why_we_ask(pair_of(match, mine), TO_STAFF),
        "how_sure": wording.how_sure(match.probability, conf().matching),
        "rows": wording.rows(mine, theirs),
        "figures": figures(Found.of(match), match.evidence, conf().matching),
    }


def what_was_said(case: Case) -> str:
    """Who brought the case here, and what they said of the pair."""
    who = case.opened_by.get_username()
    if case.kind == CaseKind.PROPOSAL:
        return f"{who} says that their copy is the better one"
    if case.kind == CaseKind.REPORT:
        return f"{who} reported it as a copy" if case.match else f"{who} reported it"
    said = case.cause.verdict if case.cause else ""
    return f"{who} called it a variant" if said == Verdict.VARIANT else f"{who} called it a different picture"


def acts(case: Case) -> tuple[Act, Act]:
    """Upholding first, reversing second."""
    uphold, reverse = _WORDS[_kind(case)]
    return Act("uphold", uphold[0], "1", uphold[1]), Act("reverse", reverse[0], "2", reverse[1])


def _kind(case: Case) -> str:
    if case.kind == CaseKind.OVERRIDE:
        return "variant" if case.cause and case.cause.verdict == Verdict.VARIANT else "different"
    if case.kind == CaseKind.PROPOSAL:
        return "proposal"
    return "copy" if case.match else "report"


_MERGE = "The newer is withdrawn; its address leads to the older."
_WORDS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "different": (
        ("Different pictures", "Both stay. The answer stands and nobody is asked about the two again."),
        ("The same picture", _MERGE),
    ),
    "variant": (("Variants", "Both stay, linked to each other."), ("The same picture", _MERGE)),
    "proposal": (
        (
            "Take the new file",
            "It is published in place of the older, whose address leads to it. Missing tags move along.",
        ),
        ("Keep the older", "The upload is withdrawn; its address leads to the older."),
    ),
    "copy": (
        ("The same picture", "The reported one is withdrawn; its address leads to the other."),
        ("Leave both", "Nothing changes."),
    ),
    "report": (
        ("Remove it", "The picture is not shown any more. It can be brought back in the retention time."),
        ("Leave it", "Nothing changes."),
    ),
}
