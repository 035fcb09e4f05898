"""Undo: a further decision that restores, value by value, what an earlier one changed."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dedupe.conf import conf
from dedupe.errors import Conflict, TooLate
from dedupe.models import Case, CaseKind, CaseState, Decision, DecisionKind, Picture, Role, State
from dedupe.permissions import role_in_undoing
from dedupe.workflow.answers import close_needless_cases
from dedupe.workflow.ledger import lock_pictures, take_back


def undo_decision(actor: Any, decision: Decision, reason: str = "") -> Decision:
    """Take a decision back, byte for byte: states, redirects, links and the remembered verdict.

    People undo their own decisions, moderators everybody's. An undo can be undone in turn. Raises NotAllowed, TooLate,
    and Conflict when it is undone already or a later decision stands in the way.
    """
    with transaction.atomic():
        return _undo(actor, decision, reason, None)


def undo_act(actor: Any, decision: Decision, reason: str = "") -> list[Decision]:
    """Take back all that was decided in one act with a decision, as about a cluster: everything or nothing.

    What was undone by itself before stays so. Raises as ``undo_decision``.
    """
    with transaction.atomic():
        parts = list(Decision.objects.made_with(decision).filter(undone_by__isnull=True).order_by("-pk"))
        if not parts:
            raise Conflict(_("This decision is undone already."))
        lock_pictures(*{pk for part in parts for pk in (*_pictures_of(part), *_led_to_again(part))})
        undone: list[Decision] = []
        for part in parts:
            undone.append(_undo(actor, part, reason, undone[0] if undone else None))
    return undone


def _undo(actor: Any, decision: Decision, reason: str, part_of: Decision | None) -> Decision:
    with transaction.atomic():
        lock_pictures(*_pictures_of(decision), *_led_to_again(decision))
        decision = Decision.objects.select_for_update(no_key=True, of=("self",)).get(pk=decision.pk)
        role = role_in_undoing(actor, decision)
        _check_may_undo(decision, role)
        undo = _undo_row(actor, role, decision, reason, part_of)
        close_needless_cases(undo, decision.picture, cause=decision)
        _close_finds(undo, decision)
        take_back(decision, undo)
        _check_leads_to_published(decision, undo)
        _check_leads_in_one_hop(decision)
        _begin_waiting(decision)
    return undo


def _begin_waiting(decision: Decision) -> None:
    """Give whoever is asked again the whole time to answer: a question may have waited for staff beyond its expiry."""
    asked = Picture.objects.filter(pk__in=_pictures_of(decision), state=State.HELD)
    asked.update(state_since=timezone.now())


def _close_finds(undo: Decision, decision: Decision) -> None:
    """Close what was asked only because a picture had been merged."""
    finds = Case.objects.filter(cause=decision, kind=CaseKind.FIND, state=CaseState.OPEN)
    for find in finds.exclude(picture=decision.picture).select_related("picture"):
        close_needless_cases(undo, find.picture, pk=find.pk)


def _check_leads_to_published(decision: Decision, undo: Decision) -> None:
    """A keeper must not go back to waiting while what was merged into it in the same act leads there."""
    waiting = undo.ledger.filter(model="dedupe.picture", field="state", after=State.HELD.value).values("row")
    if not Picture.objects.filter(duplicate_of__in=waiting, state=State.WITHDRAWN).exists():
        return
    if Decision.objects.made_with(decision).filter(undone_by__isnull=True).exists():
        raise Conflict(_("Other pictures lead to this one now. Undo these first, or all of them at once."))


def _check_leads_in_one_hop(decision: Decision) -> None:
    """What leads to another picture again must not find it leading elsewhere, nor be led to itself."""
    pictures = _pictures_of(decision)
    two_hops = Picture.objects.filter(duplicate_of__duplicate_of__isnull=False)
    if two_hops.filter(Q(pk__in=pictures) | Q(duplicate_of__in=pictures)).exists():
        raise Conflict(_("A later decision changed the same thing. Undo that one first."))


def _led_to_again(decision: Decision) -> list[int]:
    """The pictures that others lead to when the decision is undone: they must not be merged meanwhile."""
    links = decision.ledger.filter(model="dedupe.picture", field="duplicate_of_id", before__isnull=False)
    return [int(str(before)) for before in links.values_list("before", flat=True)]


def _pictures_of(decision: Decision) -> list[int]:
    ids = list(decision.ledger.filter(model="dedupe.picture").values_list("row", flat=True))
    return [decision.picture_id, *ids]


def _check_may_undo(decision: Decision, role: Role) -> None:
    if decision.is_undone:
        raise Conflict(_("This decision is undone already."))
    if decision.created_at + conf().deadlines.retention < timezone.now():
        days = conf().deadlines.retention_days
        words = ngettext(
            "A decision can be undone for {count} day.", "A decision can be undone for {count} days.", days
        )
        raise TooLate(words.format(count=days))
    if not decision.picture.storage_key:
        raise TooLate(_("The file of this upload has been deleted."))
    judged = decision.opened_cases.filter(state__in=[CaseState.UPHELD, CaseState.REVERSED]).exists()
    if judged and role == Role.UPLOADER:
        raise Conflict(_("Staff have looked at this answer. Ask them to undo it."))


def _undo_row(actor: Any, role: Role, decision: Decision, reason: str, part_of: Decision | None) -> Decision:
    try:
        with transaction.atomic():
            return Decision.objects.create(
                kind=DecisionKind.UNDO,
                picture=decision.picture,
                match=decision.match,
                case=decision.case,
                actor=actor,
                role=role,
                reason=reason[:500],
                undoes=decision,
                part_of=part_of,
            )
    except IntegrityError as error:
        raise Conflict(_("This decision is undone already.")) from error
