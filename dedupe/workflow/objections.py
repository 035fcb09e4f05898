"""Objecting: a person asks staff to look again at what was decided about their picture."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dedupe.conf import conf
from dedupe.errors import Conflict, NotAllowed, TooLate
from dedupe.models import Case, CaseState, Decision, Picture
from dedupe.workflow.ledger import lock_pictures
from dedupe.workflow.reports import open_report


def object_to(actor: Any, decision: Decision, picture: Picture, words: str) -> Case:
    """File a report of the actor's own ``picture``, in whatever state, whose cause is the ``decision`` about it.

    The undo of the decision closes it. Raises NotAllowed for everybody but the uploader; TooLate when nothing can be
    put back any more; Conflict when the decision is undone, or this person has asked already.
    """
    with transaction.atomic():
        locked = lock_pictures(picture.pk)[picture.pk]
        if not locked.is_owned_by(actor):
            raise NotAllowed(_("Only its uploader may ask staff to look again."))
        _check_can_be_put_back(decision, locked)
        if Case.objects.filter(cause=decision, opened_by=actor).exists():
            raise Conflict(_("You have asked about this decision already."))
        try:
            with transaction.atomic():
                case = open_report(actor, locked, None, words)
        except IntegrityError as error:
            raise Conflict(
                _("You have asked staff about this picture already. They will look at it.")
            ) from error
        Case.objects.filter(pk=case.pk, state=CaseState.OPEN).update(cause=decision)
        case.cause = decision
    return case


def _check_can_be_put_back(decision: Decision, picture: Picture) -> None:
    if decision.is_undone:
        raise Conflict(_("This decision is undone already."))
    if decision.created_at + conf().deadlines.retention < timezone.now() or not picture.storage_key:
        days = conf().deadlines.retention_days
        words = ngettext(
            "A decision can be undone for {count} day, and it has passed.",
            "A decision can be undone for {count} days, and they have passed.",
            days,
        )
        raise TooLate(words.format(count=days))
