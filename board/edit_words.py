"""What staff changed on somebody's post, in a sentence for the notice about it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from board.models import Post, Tag
from dedupe.models import Decision, DecisionKind, LedgerEntry
from dedupe.workflow.ledger import SITE

POST = SITE + Post._meta.model_name  # type: ignore[operator]
_CHANGED = {
    "title": gettext_lazy("The title was {before} and is {after} now."),
    "source": gettext_lazy("The source was {before} and is {after} now."),
}
_SHOWN = 8


def tags_in(decisions: Iterable[Decision]) -> dict[int, str]:
    """The names of the tags that edits gave or took, by number. One query, and none without an edit."""
    numbers = {
        int(str(entry.after or entry.before))
        for decision in decisions
        if decision.kind == DecisionKind.EDIT
        for entry in _entries(decision)
        if entry.field == "tags"
    }
    return dict(Tag.objects.filter(pk__in=numbers).values_list("pk", "name")) if numbers else {}


def edited(decision: Decision, tags: dict[int, str]) -> str:
    """Sentences about what an edit changed."""
    entries = _entries(decision)
    said = [
        str(_CHANGED[entry.field]).format(before=_quoted(entry.before), after=_quoted(entry.after))
        for entry in entries
        if entry.field in _CHANGED
    ]
    given = [
        tags.get(int(str(entry.after)), "") for entry in entries if entry.field == "tags" and entry.after
    ]
    taken = [
        tags.get(int(str(entry.before)), "") for entry in entries if entry.field == "tags" and entry.before
    ]
    if given:
        said.append(_("New tags: {names}.").format(names=_listed(given)))
    if taken:
        said.append(_("Tags taken away: {names}.").format(names=_listed(taken)))
    return " ".join([_("Staff changed what is said of your picture."), *said])


def _entries(decision: Decision) -> list[LedgerEntry]:
    return [entry for entry in decision.ledger.all() if entry.model == POST]


def _quoted(value: object) -> str:
    return _("“{words}”").format(words=value) if value else _("empty")


def _listed(names: list[str]) -> str:
    known = sorted(filter(None, names))
    shown, more = ", ".join(known[:_SHOWN]), len(known) - _SHOWN
    return _("{names} and {count} more").format(names=shown, count=more) if more > 0 else shown
