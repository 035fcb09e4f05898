"""Changes with a memory: what a decision changes is written down with it, so that it can be taken back exactly."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dedupe.errors import Conflict
from dedupe.models import Decision, Embedding, Fingerprint, LedgerEntry, OnDrift, Picture, State
from dedupe.signals import entry_undone, picture_moved

_ONE_OPEN = "one_open_"  # so begin the names of the constraints on open cases and reports
SITE = "site:"
"""Entries whose model begins so belong to the site, which takes them back itself on ``entry_undone``."""


def move(picture: Picture, to: State, decision: Decision | None = None, **fields: Any) -> None:
    """Move a picture from the state that it was read in to another, setting further fields.

    The update is conditional: Conflict is raised when the row is no longer in that state, or when a live picture
    with the same bytes exists. The fingerprints and embeddings follow, and ``picture_moved`` is sent.
    """
    before = State(picture.state)
    if decision is not None:
        _write_down(decision, picture, {"state": to}, OnDrift.CONFLICT)
        _write_down(decision, picture, fields, OnDrift.OVERWRITE)
    _update_where_state_is(picture, before, {"state": to, "state_since": timezone.now()} | fields)
    for numbers in (Fingerprint, Embedding):
        numbers._default_manager.filter(picture=picture).update(searchable=to == State.LIVE)
    picture_moved.send(Picture, picture=picture, before=before, after=to, decision=decision)


def _update_where_state_is(picture: Picture, before: State, changes: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            changed = Picture.objects.filter(pk=picture.pk, state=before).update(**changes)
    except IntegrityError as error:
        if "one_live_picture_per_checksum" in str(error):
            raise Conflict(_("We already have a published picture with exactly these bytes.")) from error
        raise
    if not changed:
        raise Conflict(
            _("Somebody was first: this upload is no longer where it was. Reload to see what happened.")
        )
    _set(picture, changes)


def change(
    decision: Decision, row: models.Model, on_drift: OnDrift = OnDrift.CONFLICT, **fields: Any
) -> None:
    """Set fields of a row, by their column names, and write down what they were.

    Raises Conflict where a later row stands in the way: a case that is to be opened again, of which there is another.
    """
    _write_down(decision, row, fields, on_drift)
    try:
        with transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).update(**fields)
    except IntegrityError as error:
        if _ONE_OPEN in str(error):
            raise Conflict(_("A later decision changed the same thing. Undo that one first.")) from error
        raise
    _set(row, fields)


def record(decision: Decision, model: str, row: int, field: str, before: Any, after: Any) -> None:
    """Write down a change that the site made to a row of its own."""
    record_all(decision, model, [row], field, before, after)


def record_all(
    decision: Decision, model: str, rows: Iterable[int], field: str, before: Any, after: Any
) -> None:
    """Write down one change that the site made to several rows of its own alike."""
    values = {"model": SITE + model, "field": field, "before": before, "after": after}
    LedgerEntry.objects.bulk_create(LedgerEntry(decision=decision, row=row, **values) for row in rows)


def take_back(decision: Decision, undo: Decision) -> None:
    """Restore every value that ``decision`` changed, as changes of ``undo``, newest first.

    Raises Conflict when a later act changed something that must not be overwritten.
    """
    entries = list(decision.ledger.order_by("-id"))
    lock_pictures(*(entry.row for entry in entries if entry.model == Picture._meta.label_lower))
    for (model, row), group in groupby(entries, key=lambda entry: (entry.model, entry.row)):
        if model.startswith(SITE):
            for entry in group:
                entry_undone.send(LedgerEntry, entry=entry, undo=undo)
        else:
            _restore(apps.get_model(model)._default_manager.get(pk=row), list(group), undo)


def _restore(row: models.Model, entries: list[LedgerEntry], undo: Decision) -> None:
    drifted = {entry.field: entry for entry in entries if _plain(getattr(row, entry.field)) != entry.after}
    if any(entry.on_drift == OnDrift.CONFLICT for entry in drifted.values()):
        raise Conflict(_("A later decision changed the same thing. Undo that one first."))
    kept = [entry for entry in entries if entry.field not in drifted or entry.on_drift != OnDrift.SKIP]
    values = {entry.field: _from_plain(row, entry.field, entry.before) for entry in kept}
    if isinstance(row, Picture) and "state" in values:
        move(row, State(values.pop("state")), undo, **values)
    elif values:
        change(undo, row, OnDrift(kept[0].on_drift), **values)


def lock_pictures(*ids: int) -> dict[int, Picture]:
    """Lock pictures against other writers until the transaction ends, always in the order of their ids.

    The lock leaves room for foreign keys that point at the rows (FOR NO KEY UPDATE).
    """
    return _locked(Q(pk__in=set(ids)))


def lock_to_lead_on(ids: Collection[int], gone: Collection[int]) -> dict[int, Picture]:
    """Lock pictures of which those in ``gone`` may be merged, and with them, in one order, what leads to these.

    What came to lead there while the locks were waited for is not among them: then all are let go and taken anew.
    """
    leading = Q(duplicate_of__in=set(gone))
    while True:
        with suppress(_CameMeanwhile), transaction.atomic():
            locked = _locked(Q(pk__in=set(ids)) | leading)
            if Picture.objects.filter(leading).exclude(pk__in=locked).exists():
                raise _CameMeanwhile
            return {pk: row for pk, row in locked.items() if pk in ids}


class _CameMeanwhile(Exception):
    """Rolls the savepoint back, which lets the locks go that were taken since."""


def _locked(which: Q) -> dict[int, Picture]:
    rows = Picture.objects.select_for_update(no_key=True).filter(which).order_by("pk")
    return {row.pk: row for row in rows}


def _plain(value: Any) -> Any:
    """A value as JSON holds it."""
    return value.isoformat() if isinstance(value, datetime) else value


def _from_plain(row: models.Model, name: str, value: Any) -> Any:
    """A value that JSON held, as the field of the row holds it."""
    field = row._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field.to_python(value)


def _set(row: models.Model, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _write_down(decision: Decision, row: models.Model, fields: dict[str, Any], on_drift: OnDrift) -> None:
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            decision=decision,
            model=row._meta.label_lower,
            row=row.pk,
            field=name,
            before=_plain(getattr(row, name)),
            after=_plain(value),
            on_drift=on_drift,
        )
        for name, value in fields.items()
    )
