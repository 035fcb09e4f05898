"""What a case shows staff: who said what and why, and what each way of closing it would do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from board.pages import wording
from board.pages.choices import reason_in_words
from board.pages.figures import Found, figures
from board.pages.keeping import suggestion_for
from board.pages.likeness import TO_STAFF, pair_of
from board.pages.stage import stage_of
from board.prose import day
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
    deed = _deed(case).format(who=case.opened_by.get_username())
    if not case.reason:
        return _("{deed}, without a reason.").format(deed=deed)
    return _("{deed}: “{reason}”").format(deed=deed, reason=reason_in_words(case.reason))


def _deed(case: Case) -> str:
    if case.kind == CaseKind.PROPOSAL:
        return _("{who} says that their copy is the better one")
    if case.kind == CaseKind.REPORT and case.match is None:
        return _("{who} reported it")
    if case.kind == CaseKind.REPORT:
        is_older = pair_by_age(case)[0].pk == case.picture_id
        older, newer = (
            _("{who} reported the older one as a copy"),
            _("{who} reported the newer one as a copy"),
        )
        return older if is_older else newer
    said = case.cause.verdict if case.cause else ""
    return (
        _("{who} called it a variant")
        if said == Verdict.VARIANT
        else _("{who} called it a different picture")
    )


def _what_nobody_said(case: Case) -> str:
    if case.kind == CaseKind.FIND:
        return _("A search through all pictures found these two.")
    if case.kind == CaseKind.EXPIRING:
        upload = case.picture
        until = upload.state_since + timedelta(days=conf().deadlines.answer_days)
        return _(
            "The newer one has waited for its uploader’s answer since {since}. It expires on {until}."
        ).format(since=day(upload.state_since), until=day(until))
    if is_blind(case):
        return _("A blind sample: say what you see. What the uploader said is told afterwards.")
    uploader = case.cause.actor if case.cause else None
    if uploader is None:
        return _("The uploader had said that it is {verdict}.").format(verdict=_said_in_words(case))
    words = _("{who} had said that it is {verdict}.")
    return words.format(who=uploader.get_username(), verdict=_said_in_words(case))


def _said_in_words(case: Case) -> str:
    said = case.cause.verdict if case.cause else ""
    return str(Verdict(said or Verdict.SAME).label)


def _what_is_gone(case: Case, older: Picture, newer: Picture) -> str:
    if is_whole(case) or case.state != CaseState.OPEN:
        return ""
    if older.state != State.LIVE and newer.state != State.LIVE:
        return _("Both are not published any more, so there is nothing to keep or to withdraw.")
    if older.state != State.LIVE:
        return _("The older one is not published any more, so there is nothing to keep or to withdraw.")
    return _("The newer one is not published any more, so there is nothing to keep or to withdraw.")


def sampled_words(case: Case, decision: Decision) -> str:
    """What staff hear after they have judged a sample."""
    uploader = case.cause.actor if case.cause else None
    who = uploader.get_username() if uploader else _("the uploader")
    if case.cause is not None and decision.verdict == case.cause.verdict:
        return _("You and {who} agree.").format(who=who)
    return _(
        "{who} had said that it is {theirs}, you say {yours}. "
        "Nothing was changed; the answer can be undone at the case."
    ).format(who=who, theirs=_said_in_words(case), yours=Verdict(decision.verdict).label)


def acts(case: Case, suggested: Resolution | None = None) -> tuple[Act, ...]:
    """The ways to close a case as its pictures stand now, in the order of their keys."""
    words = _words_for(case)
    return tuple(_act(each, words[each], each is suggested) for each in offers(case))


def _act(name: Resolution, words: tuple[str, str, str], is_suggested: bool) -> Act:
    title, key, consequence = words
    along = f" {_(_ALONG)}" if consequence in _MOVING else ""
    return Act(name, _(title), key, _(consequence) + along, is_suggested)


def _words_for(case: Case) -> dict[Resolution, tuple[str, str, str]]:
    if case.match is None:
        return _ALONE
    if case.kind == CaseKind.SAMPLE:
        return _SAMPLE
    _, newer = pair_by_age(case)
    return _PAIR | (_HELD if newer.state == State.HELD else {})


_ALONG = gettext_noop("Tags and comments move along.")
_MOVING = (
    gettext_noop("The newer is withdrawn; its address leads to the older."),
    gettext_noop("The older is withdrawn; its address leads to the newer."),
)
_BOTH_STAY = gettext_noop("Both stay. Nobody is asked about the two again.")
_PAIR = {
    Resolution.KEEP_OLDER: (
        gettext_noop("Keep the older"),
        "1",
        _MOVING[0],
    ),
    Resolution.KEEP_NEWER: (
        gettext_noop("Keep the newer"),
        "2",
        _MOVING[1],
    ),
    Resolution.VARIANT: (gettext_noop("Variants"), "3", gettext_noop("Both stay, linked to each other.")),
    Resolution.DIFFERENT: (gettext_noop("Different"), "4", _BOTH_STAY),
    Resolution.DISMISS: (
        gettext_noop("Close it"),
        "9",
        gettext_noop("Nothing changes, and nothing is said of the two."),
    ),
}
_HELD = {
    Resolution.KEEP_OLDER: (
        gettext_noop("Keep the older"),
        "1",
        gettext_noop("The upload is withdrawn; its address leads to the older."),
    ),
    Resolution.KEEP_NEWER: (
        gettext_noop("Keep the newer"),
        "2",
        gettext_noop(
            "The new file takes the place of the older. The address, the date and the comments stay."
        ),
    ),
    Resolution.VARIANT: (
        gettext_noop("Variants"),
        "3",
        gettext_noop("The upload is published too, and both are linked."),
    ),
    Resolution.DIFFERENT: (
        gettext_noop("Different"),
        "4",
        gettext_noop("The upload is published too. Nobody is asked again."),
    ),
}
_COMPARED = gettext_noop("Nothing changes: your answer is compared with the uploader’s.")
_SAMPLE = {
    Resolution.KEEP_OLDER: (gettext_noop("The same picture"), "1", _COMPARED),
    Resolution.VARIANT: (gettext_noop("Variants"), "3", _COMPARED),
    Resolution.DIFFERENT: (gettext_noop("Different"), "4", _COMPARED),
}
_ALONE = {
    Resolution.DISMISS: (gettext_noop("Leave it"), "1", gettext_noop("Nothing changes.")),
    Resolution.REMOVE: (
        gettext_noop("Remove it"),
        "5",
        gettext_noop("The picture is not shown any more. It can be brought back in the retention time."),
    ),
}
DONE = {
    Resolution.KEEP_OLDER: gettext_lazy("the older stays"),
    Resolution.KEEP_NEWER: gettext_lazy("the newer stays"),
    Resolution.VARIANT: gettext_lazy("variants"),
    Resolution.DIFFERENT: gettext_lazy("different pictures"),
    Resolution.REMOVE: gettext_lazy("removed"),
    Resolution.DISMISS: gettext_lazy("left as it is"),
}
