"""What people did with a picture stands at its address: it is moved to another one, and put back in whatever order.

The ledger says of each thing from which address it was moved to which. Where it belongs follows from the moves that
still stand, told from the first one on (``where_it_belongs``), so the order in which they are undone does not matter.
A picture that takes another's address takes what stands there (``swap``), and no move needs to know of that.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet

from board.models import Comment, Favourite, GalleryPlace
from dedupe.models import Decision, DecisionKind, LedgerEntry, Picture
from dedupe.workflow.ledger import SITE, record, record_all

_FIELD = "address"
_EARLIER = "picture_id"  # earlier entries name pictures by their ids
MOVED: dict[str, type[Model]] = {"comment": Comment, "favourite": Favourite, "gallery_place": GalleryPlace}
"""What is moved by its row, under the names by which the ledger knows it."""


def moving(old: Picture, new: Picture) -> dict[str, QuerySet[Any]]:
    """What people did with a picture and have not done with the other one, by the ledger's names."""
    held_already = new.favourites.values("person")
    placed_already = new.gallery_places.values("gallery")
    return {
        "comment": old.comments.all(),
        "favourite": old.favourites.exclude(person__in=held_already),
        "gallery_place": old.gallery_places.exclude(gallery__in=placed_already),
    }


def move_all(old: Picture, new: Picture, decision: Decision) -> None:
    """Move what people did with a picture to another one, each row with an entry in the ledger."""
    for name, rows in moving(old, new).items():
        # Locked: an undo may take one away meanwhile, which is not locked out with the two pictures.
        ids = list(rows.select_for_update().values_list("pk", flat=True))
        MOVED[name]._default_manager.filter(pk__in=ids).update(picture=new)
        record_all(decision, name, ids, _FIELD, old.public_id, new.public_id)


def swap(one: Picture, other: Picture) -> None:
    """Let what stands at two addresses follow them, as the two pictures exchange these.

    Of two things of which there can be only one each stays with its picture, which looks the same to everybody.
    """
    there, back = moving(one, other), moving(other, one)
    returning = {name: list(rows.values_list("pk", flat=True)) for name, rows in back.items()}
    for name, rows in there.items():
        rows.update(picture=other)
        MOVED[name]._default_manager.filter(pk__in=returning[name]).update(picture=one)


def take_back(entry: LedgerEntry, by: Decision) -> None:
    """Put the thing of one entry where the moves that still stand lead it, unless it is gone."""
    name = entry.model.removeprefix(SITE)
    rows = MOVED[name]._default_manager.select_for_update(of=("self",)).select_related("picture")
    row = rows.filter(pk=entry.row).first()
    if row is None:
        return
    record(by, name, entry.row, entry.field, entry.after, entry.before)
    here: Picture = row.picture  # type: ignore[attr-defined]
    there = Picture.objects.get(public_id=where_it_belongs(name, entry.row))
    moving(here, there)[name].filter(pk=entry.row).update(picture=there)


def where_it_belongs(name: str, row: int) -> str:
    """The address of a thing that was ever moved: where the moves that stand have led it.

    A split takes the move back that its own entry reverses, whatever was moved since.
    """
    entries = LedgerEntry.objects.filter(model=SITE + name, row=row, field__in=[_FIELD, _EARLIER])
    told = entries.exclude(decision__kind=DecisionKind.UNDO).select_related("decision__undone_by__undone_by")
    moves = [(_address(each.before), _address(each.after), each.decision) for each in told.order_by("id")]
    standing: list[tuple[str, str]] = []
    for before, after, decision in moves:
        if not decision.stands:
            continue
        if decision.kind != DecisionKind.SPLIT:
            standing.append((before, after))
        elif (after, before) in standing:
            standing.remove((after, before))
    address, *_ = moves[0]
    for before, after in standing:
        address = after if before == address else address
    return address


def _address(noted: object) -> str:
    return Picture.objects.get(pk=noted).public_id if isinstance(noted, int) else str(noted)
