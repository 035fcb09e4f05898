"""What a case shows staff: who said what and why, and what each way of closing it would do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from board.pages import wording
from board.pages.figures import Found, figures
from board.pages.keeping import suggestion_for
from board.pages.likeness import TO_STAFF, pair_of
from board.pages.stage import stage_of
from dedupe.conf import conf
from dedupe.models import Case, CaseKind, CaseState, Decision, Match, Picture, State, Verdict
from dedupe.workflow import Resolution
from dedupe.workflow.resolutions import is_whole, offers, pair_by_age


@dataclass(frozen=True)
class Act:
    """One way to close a case: what it is called, its key and what it does."""

    name: Resolution
    title: str
    key: str
    consequence: str
    is_suggested: bool = False


def case_context(case: Case) -> dict[str, Any]:
    """The pictures, the words and the ways to close a case."""
    context: dict[str, Any] = {
        "case": case,
        "mine": case.picture,
        "theirs": None,
        "said": what_was_said(case),
    }
    suggested = None
    if case.match is not None:
        older, newer = pair_by_age(case)
        context |= {"mine": newer, "theirs": older} | _comparison(case.match, newer, older)
        context["stale"] = "" if case.kind == CaseKind.SAMPLE else _what_is_gone(case, older, newer)
        if not is_blind(case) and is_whole(case):
            suggested = suggestion_for(case.match, older, newer)
    context["suggestion"] = suggested.why if suggested else ""
    context["acts"] = acts(case, suggested.resolution if suggested else None)
    context["blind"] = is_blind(case)
    return context


def _comparison(match: Match, newer: Picture, older: Picture) -> dict[str, Any]:
    return {
        "match": match,
        "stage": stage_of(match, newer),
        "sentence": wording.why_we_ask(pair_of(match, newer), TO_STAFF),
        "how_sure": wording.how_sure(match.probability, conf().matching),
        "rows": wording.rows(newer, older),
        "figures": figures(Found.of(match), match.evidence, conf().matching),
    }


def is_blind(case: Case) -> bool:
    """Whether what the uploader said must not be shown yet."""
    return case.kind == CaseKind.SAMPLE and case.state == CaseState.OPEN


def what_was_said(case: Case) -> str:
    """Who brought the case here, and what they said: one sentence."""
    if case.opened_by is None:
        return _what_nobody_said(case)
    reason = f": “{case.reason}”" if case.reason else ", without a reason."
    return f"{case.opened_by.get_username()} {_deed(case)}{reason}"


def _deed(case: Case) -> str:
    if case.kind == CaseKind.PROPOSAL:
        return "says that their copy is the better one"
    if case.kind == CaseKind.REPORT:
        return f"reported the {_age_word(case)} as a copy" if case.match else "reported it"
    said = case.cause.verdict if case.cause else ""
    return "called it a variant" if said == Verdict.VARIANT else "called it a different picture"


def _age_word(case: Case) -> str:
    older, _ = pair_by_age(case)
    return "older one" if older.pk == case.picture_id else "newer one"


def _what_nobody_said(case: Case) -> str:
    if case.kind == CaseKind.FIND:
        return "A search through all pictures found these two."
    if case.kind == CaseKind.EXPIRING:
        upload = case.picture
        until = upload.state_since + timedelta(days=conf().deadlines.answer_days)
        return (
            f"The newer one has waited for its uploader’s answer since {wording.day(upload.state_since)}. "
            f"It expires on {wording.day(until)}."
        )
    if is_blind(case):
        return "A blind sample: say what you see. What the uploader said is told afterwards."
    uploader = case.cause.actor if case.cause else None
    who = uploader.get_username() if uploader else "The uploader"
    return f"{who} had said that it is {_said_in_words(case)}."


def _said_in_words(case: Case) -> str:
    return Verdict(case.cause.verdict).label if case.cause and case.cause.verdict else "the same picture"


def _what_is_gone(case: Case, older: Picture, newer: Picture) -> str:
    if is_whole(case) or case.state != CaseState.OPEN:
        return ""
    gone = [word for word, picture in (("older", older), ("newer", newer)) if picture.state != State.LIVE]
    which = f"The {gone[0]} one is" if len(gone) == 1 else "Both are"
    return f"{which} not published any more, so there is nothing to keep or to withdraw."


def sampled_words(case: Case, decision: Decision) -> str:
    """What staff hear after they have judged a sample."""
    uploader = case.cause.actor if case.cause else None
    who = uploader.get_username() if uploader else "the uploader"
    if case.cause is not None and decision.verdict == case.cause.verdict:
        return f"You and {who} agree."
    return (
        f"{who} had said that it is {_said_in_words(case)}, you say {Verdict(decision.verdict).label}. "
        "Nothing was changed; the answer can be undone at the case."
    )


def acts(case: Case, suggested: Resolution | None = None) -> tuple[Act, ...]:
    """The ways to close a case as its pictures stand now, in the order of their keys."""
    words = _words_for(case)
    return tuple(Act(each, *words[each], each is suggested) for each in offers(case))


def _words_for(case: Case) -> dict[Resolution, tuple[str, str, str]]:
    if case.match is None:
        return _ALONE
    if case.kind == CaseKind.SAMPLE:
        return _SAMPLE
    _, newer = pair_by_age(case)
    return _PAIR | (_HELD if newer.state == State.HELD else {})


_ALONG = "Tags and comments move along."
_BOTH_STAY = "Both stay. Nobody is asked about the two again."
_PAIR = {
    Resolution.KEEP_OLDER: (
        "Keep the older",
        "1",
        f"The newer is withdrawn; its address leads to the older. {_ALONG}",
    ),
    Resolution.KEEP_NEWER: (
        "Keep the newer",
        "2",
        f"The older is withdrawn; its address leads to the newer. {_ALONG}",
    ),
    Resolution.VARIANT: ("Variants", "3", "Both stay, linked to each other."),
    Resolution.DIFFERENT: ("Different", "4", _BOTH_STAY),
    Resolution.DISMISS: ("Close it", "9", "Nothing changes, and nothing is said of the two."),
}
_HELD = {
    Resolution.KEEP_OLDER: (
        "Keep the older",
        "1",
        "The upload is withdrawn; its address leads to the older.",
    ),
    Resolution.KEEP_NEWER: (
        "Keep the newer",
        "2",
        "The new file takes the place of the older. The address, the date and the comments stay.",
    ),
    Resolution.VARIANT: ("Variants", "3", "The upload is published too, and both are linked."),
    Resolution.DIFFERENT: ("Different", "4", "The upload is published too. Nobody is asked again."),
}
_COMPARED = "Nothing changes: your answer is compared with the uploader’s."
_SAMPLE = {
    Resolution.KEEP_OLDER: ("The same picture", "1", _COMPARED),
    Resolution.VARIANT: ("Variants", "3", _COMPARED),
    Resolution.DIFFERENT: ("Different", "4", _COMPARED),
}
_ALONE = {
    Resolution.DISMISS: ("Leave it", "1", "Nothing changes."),
    Resolution.REMOVE: (
        "Remove it",
        "5",
        "The picture is not shown any more. It can be brought back in the retention time.",
    ),
}
DONE = {
    Resolution.KEEP_OLDER: "the older stays",
    Resolution.KEEP_NEWER: "the newer stays",
    Resolution.VARIANT: "variants",
    Resolution.DIFFERENT: "different pictures",
    Resolution.REMOVE: "removed",
    Resolution.DISMISS: "left as it is",
}
