"""What a decision changed, in words, from its ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from board.prose import listed
from dedupe.models import Case, CaseState, Decision, DecisionKind, LedgerEntry, Match, Picture, State, Verdict
from dedupe.workflow.ledger import SITE

_PICTURE, _MATCH, _CASE = (model._meta.label_lower for model in (Picture, Match, Case))
_ISOLATED, _AGAIN = "\u2068", "\u2069"
"""Around what people have typed: a title that turns the writing round turns nothing but itself."""


def _things_moved(what: str, count: int) -> str:
    """So many things of a kind, as part of a list."""
    words = {
        "tags": ngettext("a tag", "{count} tags", count),
        "title": ngettext("the title", "{count} titles", count),
        "source": ngettext("the source", "{count} sources", count),
        "further_sources": _("further sources"),
        "comment": ngettext("a comment", "{count} comments", count),
        "favourite": ngettext("a favourite", "{count} favourites", count),
        "gallery_place": ngettext("a place in a gallery", "{count} places in galleries", count),
    }
    return words[what].format(count=count)


_THINGS = ("tags", "title", "source", "further_sources", "comment", "favourite", "gallery_place")


def pictures_in(entries: Iterable[LedgerEntry]) -> set[int]:
    """The pictures that ``moved`` would like to name."""
    rows = {entry.row for entry in entries if entry.model == _PICTURE}
    led_to = {entry.after for entry in entries if entry.field == "duplicate_of_id" and entry.after}
    return rows | {int(str(pk)) for pk in led_to}


def moved(decision: Decision, visible: Mapping[int, Picture]) -> list[str]:
    """Sentences about the decision's ledger; pictures outside ``visible`` are spoken of, not named."""
    entries = list(decision.ledger.all())
    found = [
        *_states(decision, entries, visible),
        *_addresses(decision, entries, visible),
        *(_of_pair(entry) for entry in entries if (entry.model, entry.field) == (_MATCH, "verdict")),
        *(_of_matching(entry) for entry in entries if entry.field == "matching_blocked"),
        *(_of_case(entry) for entry in entries if (entry.model, entry.field) == (_CASE, "state")),
    ]
    if things := _things(entries):
        words = _MOVED.get(DecisionKind(decision.kind), _ALONG)
        found.append(str(words).format(things=things))
    return found


_ALONG = gettext_lazy("Moved along: {things}.")
_MOVED = {
    DecisionKind.UNDO: gettext_lazy("Put back: {things}."),
    DecisionKind.SPLIT: gettext_lazy("Put back: {things}."),
    DecisionKind.EDIT: gettext_lazy("Changed: {things}."),
}


def coming_back(decision: Decision, copy: Picture) -> list[str]:
    """Sentences about what an undo of the decision that withdrew ``copy`` would bring back. Reads its ledger."""
    entries = list(decision.ledger.all())
    state = next(
        (
            State(str(each.before))
            for each in entries
            if (each.model, each.row, each.field) == (_PICTURE, copy.pk, "state")
        ),
        State.WITHDRAWN,
    )
    found = [str(_BACK[state])] if state in _BACK else []
    found.append(_("Its address leads to it again."))
    followers = sum(
        (each.model, each.field) == (_PICTURE, "duplicate_of_id") and each.row != copy.pk for each in entries
    )
    if followers:
        words = ngettext("So does an older address.", "So do {count} older addresses.", followers)
        found.append(words.format(count=followers))
    if things := _things(entries):
        found.append(_("What went along goes back with it: {things}.").format(things=things))
    if any((each.model, each.field) == (_CASE, "state") for each in entries):
        found.append(_("Its case is open again."))
    return found


_BACK = {
    State.LIVE: gettext_lazy("It is published again, beside the other one."),
    State.HELD: gettext_lazy("It waits for its uploader’s answer again."),
}


def _name(pk: int, decision: Decision, visible: Mapping[int, Picture]) -> str:
    """A picture as the subject of a sentence: its title, if it has one and this viewer sees it."""
    if title := _title(pk, visible):
        return title
    return _("The picture") if pk == decision.picture_id else _("The other picture")


def _title(pk: int, visible: Mapping[int, Picture]) -> str:
    post = getattr(visible.get(pk), "post", None)
    if post is None or not post.title:
        return ""
    return _("“{words}”").format(words=f"{_ISOLATED}{post.title}{_AGAIN}")


def _states(decision: Decision, entries: list[LedgerEntry], visible: Mapping[int, Picture]) -> Iterable[str]:
    for entry in entries:
        if (entry.model, entry.field) == (_PICTURE, "state"):
            before, after = State(str(entry.before)).label, State(str(entry.after)).label
            words = _("{picture} was {before} and became {after}.")
            yield words.format(picture=_name(entry.row, decision, visible), before=before, after=after)


def _addresses(
    decision: Decision, entries: list[LedgerEntry], visible: Mapping[int, Picture]
) -> Iterable[str]:
    moving = {entry.row for entry in entries if (entry.model, entry.field) == (_PICTURE, "state")}
    followers = 0
    for entry in entries:
        if (entry.model, entry.field) != (_PICTURE, "duplicate_of_id") or entry.before == entry.after:
            continue
        if entry.row not in moving:
            followers += 1
        elif entry.after is None:
            words = _("{picture} has its address to itself again.")
            yield words.format(picture=_name(entry.row, decision, visible))
        else:
            yield _leads_to(int(str(entry.after)), decision, visible)
    if followers:
        yield ngettext(
            "{count} older address leads there too.", "{count} older addresses lead there too.", followers
        ).format(count=followers)
    if any((entry.model, entry.field) == (_PICTURE, "public_id") for entry in entries):
        yield _("Both pictures traded their addresses.")


def _leads_to(pk: int, decision: Decision, visible: Mapping[int, Picture]) -> str:
    if title := _title(pk, visible):
        return _("Its address leads to {picture}.").format(picture=title)
    if pk == decision.picture_id:
        return _("Its address leads to the picture.")
    return _("Its address leads to the other picture.")


def _of_pair(entry: LedgerEntry) -> str:
    if not entry.after:
        return _("The two are not remembered as anything any more.")
    return str(_PAIRS[Verdict(str(entry.after))])


_PAIRS = {
    Verdict.SAME: gettext_lazy("The two are remembered as the same picture."),
    Verdict.BETTER: gettext_lazy("The two are remembered as a picture and a better copy."),
    Verdict.VARIANT: gettext_lazy("The two are remembered as variants."),
    Verdict.DIFFERENT: gettext_lazy("The two are remembered as different pictures."),
}


def _of_matching(entry: LedgerEntry) -> str:
    return _("Nobody is asked about it any more.") if entry.after else _("It is compared with uploads again.")


def _of_case(entry: LedgerEntry) -> str:
    state = CaseState(str(entry.after))
    if state is CaseState.OPEN:
        return _("The case is open again.")
    return _("The case was closed: {state}.").format(state=state.label)


def _things(entries: list[LedgerEntry]) -> str:
    """What hangs on pictures and went with them: “2 tags, the title and a comment”."""
    site = [
        (entry.model.removeprefix(SITE), entry.field) for entry in entries if entry.model.startswith(SITE)
    ]
    counted = Counter(field if name == "post" else name for name, field in site)
    return listed([_things_moved(what, counted[what]) for what in _THINGS if counted[what]])
