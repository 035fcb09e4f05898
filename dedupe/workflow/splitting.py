"""Splitting a picture off the one that it leads to, when its merge was wrong and the time for an undo has passed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dedupe import storage
from dedupe.errors import Conflict, TooLate
from dedupe.models import Decision, DecisionKind, LedgerEntry, Picture, Power, Role, State, Verdict
from dedupe.permissions import require
from dedupe.search import Comparisons
from dedupe.signals import entry_undone
from dedupe.workflow.ledger import SITE, change, lock_pictures
from dedupe.workflow.publication import STANDING_APART, known_query_of, settle, with_comparisons
from dedupe.workflow.reports import pair_pointed_at


def mergers_of(pictures: Iterable[Picture]) -> dict[int, Decision]:
    """The decision by which each withdrawn picture came to lead to another one. One query."""
    withdrawn = LedgerEntry.objects.filter(
        model=Picture._meta.label_lower,
        field="state",
        after=State.WITHDRAWN.value,
        row__in=[each.pk for each in pictures],
    )
    newest = withdrawn.order_by("row", "-id").distinct("row")
    return {
        each.row: each.decision for each in newest.select_related("decision__actor", "decision__undone_by")
    }


def split_off(actor: Any, copy: Picture, verdict: Verdict, reason: str) -> Decision:
    """Say that a withdrawn picture is no copy of the one that it leads to, and let it go its own way again.

    What hung on it comes back as after an undo. It is published; or, where it looks like further pictures that nobody
    has judged, its uploader is asked. ``verdict`` is VARIANT or DIFFERENT. Raises NotAllowed; Conflict when it leads
    nowhere; TooLate when its file has been deleted; SearchFailed.
    """
    require(actor, Power.UNDO_OTHERS)
    assert verdict in STANDING_APART
    if not copy.storage_key or not storage.originals().exists(copy.storage_key):
        raise TooLate(_("The file of this picture has been deleted. It cannot come back."))

    def record(known: Comparisons) -> Decision:
        return _record(actor, copy.pk, verdict, reason, known)

    return with_comparisons(known_query_of(copy), record)


def _record(actor: Any, pk: int, verdict: Verdict, reason: str, known: Comparisons) -> Decision:
    with transaction.atomic():
        copy = Picture.objects.select_related("duplicate_of").get(pk=pk)
        copy, kept = _locked(copy)
        match = pair_pointed_at(copy, kept)
        decision = Decision.objects.create(
            kind=DecisionKind.SPLIT,
            picture=copy,
            match=match,
            actor=actor,
            role=Role.STAFF,
            verdict=verdict,
            reason=reason[:500],
        )
        change(decision, match, verdict=verdict.value)
        change(decision, copy, duplicate_of_id=None)
        _give_back(copy, decision)
        settle(copy, known, decision)
    return decision


def _locked(copy: Picture) -> tuple[Picture, Picture]:
    if copy.duplicate_of_id is None:
        raise Conflict(_("Somebody was first: this picture does not lead to another one any more."))
    locked = lock_pictures(copy.pk, copy.duplicate_of_id)
    now = locked[copy.pk]
    if now.state != State.WITHDRAWN or now.duplicate_of_id != copy.duplicate_of_id:
        raise Conflict(_("Somebody was first: this picture does not lead there any more."))
    return now, locked[copy.duplicate_of_id]


def _give_back(copy: Picture, decision: Decision) -> None:
    """Let the site move back what the merge had moved. What was done at an address stays with the address."""
    merger = mergers_of([copy]).get(copy.pk)
    if merger is None or merger.ledger.filter(model=Picture._meta.label_lower, field="public_id").exists():
        return
    for entry in merger.ledger.filter(model__startswith=SITE).order_by("-id"):
        entry_undone.send(LedgerEntry, entry=entry, undo=decision)
