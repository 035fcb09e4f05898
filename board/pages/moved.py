"""What a decision changed, in words, from its ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from dedupe.models import Case, CaseState, Decision, DecisionKind, LedgerEntry, Match, Picture, State, Verdict
from dedupe.workflow.ledger import SITE

_PICTURE, _MATCH, _CASE = (model._meta.label_lower for model in (Picture, Match, Case))
_ISOLATED, _AGAIN = "\u2068", "\u2069"
"""Around what people have typed: a title that turns the writing round turns nothing but itself."""
_THINGS = {
    "tags": ("a tag", "{} tags"),
    "title": ("the title", "{} titles"),
    "source": ("the source", "{} sources"),
    "further_sources": ("further sources", "further sources"),
    "comment": ("a comment", "{} comments"),
    "favourite": ("a favourite", "{} favourites"),
    "gallery_place": ("a place in a gallery", "{} places in galleries"),
}


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
        found.append(f"{'Put back' if decision.kind == DecisionKind.UNDO else 'Moved along'}: {things}.")
    return found


def _name(pk: int, decision: Decision, visible: Mapping[int, Picture]) -> str:
    """A picture as the subject of a sentence: its title, if it has one and this viewer sees it."""
    post = getattr(visible.get(pk), "post", None)
    if post is not None and post.title:
        return f"“{_ISOLATED}{post.title}{_AGAIN}”"
    return "The picture" if pk == decision.picture_id else "The other picture"


def _states(decision: Decision, entries: list[LedgerEntry], visible: Mapping[int, Picture]) -> Iterable[str]:
    for entry in entries:
        if (entry.model, entry.field) == (_PICTURE, "state"):
            before, after = State(str(entry.before)).label, State(str(entry.after)).label
            yield f"{_name(entry.row, decision, visible)} was {before} and became {after}."


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
            yield f"{_name(entry.row, decision, visible)} has its address to itself again."
        else:
            other = _name(int(str(entry.after)), decision, visible)
            yield f"Its address leads to {other if other.startswith('“') else other.lower()}."
    if followers:
        yield f"{followers} older address{'es' if followers > 1 else ''} lead{'' if followers > 1 else 's'} there too."
    if any((entry.model, entry.field) == (_PICTURE, "public_id") for entry in entries):
        yield "Both pictures traded their addresses."


def _of_pair(entry: LedgerEntry) -> str:
    if not entry.after:
        return "The two are not remembered as anything any more."
    return f"The two are remembered as {_PAIRS[Verdict(str(entry.after))]}."


_PAIRS = {
    Verdict.SAME: "the same picture",
    Verdict.BETTER: "a picture and a better copy",
    Verdict.VARIANT: "variants",
    Verdict.DIFFERENT: "different pictures",
}


def _of_matching(entry: LedgerEntry) -> str:
    return "Nobody is asked about it any more." if entry.after else "It is compared with uploads again."


def _of_case(entry: LedgerEntry) -> str:
    state = CaseState(str(entry.after))
    return "The case is open again." if state is CaseState.OPEN else f"The case was closed: {state.label}."


def _things(entries: list[LedgerEntry]) -> str:
    """What hangs on pictures and went with them: “2 tags, the title and a comment”."""
    site = [
        (entry.model.removeprefix(SITE), entry.field) for entry in entries if entry.model.startswith(SITE)
    ]
    counted = Counter(field if name == "post" else name for name, field in site)
    said = [
        many.format(counted[what]) if counted[what] > 1 else one
        for what, (one, many) in _THINGS.items()
        if counted[what]
    ]
    return " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
