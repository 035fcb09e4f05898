"""What people do with their galleries. Each act is one transaction, and says no with a WorkflowError.

An act on a gallery locks its row first. So two tabs that put one gallery in order follow one another: each finds the
order that the other has left, and no picture is lost or stands twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from board.audit import note_gallery_removed
from board.models import Gallery, GalleryPlace, User
from dedupe.errors import Conflict, NotAllowed
from dedupe.models import Picture, Power
from dedupe.permissions import may

MOST_GALLERIES = 200
"""A person has at most so many galleries."""
MOST_PICTURES = 500
"""A gallery has at most so many pictures, those among them that are not shown at present."""

_GONE = gettext_lazy("This picture is not in the gallery any more.")
_OTHER_GONE = gettext_lazy("The picture that it should stand before is not in the gallery any more.")


@dataclass(frozen=True)
class Place:
    """A place in the order that people see: 1 is the first, and whatever lies behind the end is the last."""

    number: int


@dataclass(frozen=True)
class Step:
    """So many places later in the order, or, below 0, earlier."""

    by: int


@dataclass(frozen=True)
class Before:
    """Directly before another picture of the gallery, wherever that stands by now."""

    picture: Picture


Aim = Place | Step | Before


def may_change(user: Any, gallery: Gallery) -> bool:
    """Whether this person names, fills and orders a gallery: its owner alone."""
    return gallery.owner_id == getattr(user, "pk", None)


def may_delete(user: Any, gallery: Gallery) -> bool:
    """Whether this person may take a gallery away: its owner, and those who correct others."""
    return may_change(user, gallery) or may(user, Power.REMOVE)


def make_gallery(owner: User, title: str, description: str = "") -> Gallery:
    """A new, empty gallery. Raises Conflict when this person has one of that title, or too many."""
    if Gallery.objects.filter(owner=owner).count() >= MOST_GALLERIES:
        raise Conflict(
            _("You have {count} galleries, and more are not possible.").format(count=MOST_GALLERIES)
        )
    try:
        with transaction.atomic():
            return Gallery.objects.create(owner=owner, title=title, description=description)
    except IntegrityError as error:
        raise _same_title(title) from error


def change_gallery(actor: User, gallery: Gallery, *, title: str, description: str) -> Gallery:
    """Name and describe a gallery anew. Raises Conflict and NotAllowed."""
    try:
        with transaction.atomic():
            locked = _lock_own(actor, gallery)
            locked.title, locked.description = title, description
            locked.save(update_fields=["title", "description"])
    except IntegrityError as error:
        raise _same_title(title) from error
    return locked


def _same_title(title: str) -> Conflict:
    return Conflict(_("You have a gallery called “{title}” already.").format(title=title))


@transaction.atomic
def delete_gallery(actor: User, gallery: Gallery) -> None:
    """Take a gallery away; its pictures stay where they are. Raises NotAllowed, and Conflict when it has gone."""
    locked = _lock(gallery)
    if not may_delete(actor, locked):
        raise NotAllowed(_("Only its owner and staff may delete this gallery."))
    if not may_change(actor, locked):
        note_gallery_removed(actor, locked)
    locked.delete()


@transaction.atomic
def add_picture(actor: User, gallery: Gallery, picture: Picture) -> bool:
    """Put a published picture at the end. False when it is in the gallery already. Raises Conflict and NotAllowed."""
    locked = _lock_own(actor, gallery)
    places = GalleryPlace.objects.filter(gallery=locked)
    if places.filter(picture=picture).exists():
        return False
    if not Picture.objects.live().filter(pk=picture.pk).exists():
        raise Conflict(_("This picture is not published, so it cannot stand in a gallery."))
    if places.count() >= MOST_PICTURES:
        raise Conflict(
            _("“{title}” is full: a gallery has at most {count} pictures.").format(
                title=locked.title, count=MOST_PICTURES
            )
        )
    last = places.aggregate(last=Max("position"))["last"] or 0
    GalleryPlace.objects.create(gallery=locked, picture=picture, position=last + 1)
    return True


@transaction.atomic
def remove_picture(actor: User, gallery: Gallery, picture: Picture) -> None:
    """Take a picture out. Raises Conflict when it is not in the gallery, and NotAllowed."""
    locked = _lock_own(actor, gallery)
    removed, _ = GalleryPlace.objects.filter(gallery=locked, picture=picture).delete()
    if not removed:
        raise Conflict(str(_GONE))


@transaction.atomic
def move_picture(actor: User, gallery: Gallery, picture: Picture, aim: Aim) -> int:
    """Put a picture elsewhere in the order. Returns its new place. Raises Conflict and NotAllowed."""
    locked = _lock_own(actor, gallery)
    shown = GalleryPlace.objects.filter(gallery=locked).shown().order_by("position", "pk")
    places, pictures = _columns(shown.values_list("pk", "picture"))
    if picture.pk not in pictures:
        raise Conflict(str(_GONE))
    now = pictures.index(picture.pk)
    then = min(max(_aimed_at(aim, now, pictures), 0), len(pictures) - 1)
    if then != now:
        _renumber(locked.pk, places[now], places[then], behind=then > now)
    return then + 1


def _columns(rows: Any) -> tuple[Sequence[int], Sequence[int]]:
    found = list(rows)
    return [place for place, _ in found], [picture for _, picture in found]


def _aimed_at(aim: Aim, now: int, pictures: Sequence[int]) -> int:
    """The index that is meant, which may lie beyond either end."""
    if isinstance(aim, Place):
        return aim.number - 1
    if isinstance(aim, Step):
        return now + aim.by
    if aim.picture.pk not in pictures:
        raise Conflict(str(_OTHER_GONE))
    other = pictures.index(aim.picture.pk)
    return other - 1 if other > now else other


# Places that are not shown take part: they stay between the neighbours that they had.
_RENUMBER = """
    WITH standing AS (
        SELECT id, 2 * row_number() OVER (ORDER BY position, id) AS rank
        FROM board_galleryplace WHERE gallery_id = %(gallery)s
    ), ordered AS (
        SELECT id, row_number() OVER (ORDER BY CASE WHEN id = %(moved)s
            THEN (SELECT rank FROM standing WHERE id = %(anchor)s) + %(side)s ELSE rank END) AS position
        FROM standing
    )
    UPDATE board_galleryplace AS place SET position = ordered.position
    FROM ordered WHERE place.id = ordered.id AND place.position <> ordered.position
"""


def _renumber(gallery: int, moved: int, anchor: int, *, behind: bool) -> None:
    """Number the places of a gallery from 1, the moved one directly before the anchor, or behind it."""
    values = {"gallery": gallery, "moved": moved, "anchor": anchor, "side": 1 if behind else -1}
    with connection.cursor() as cursor:
        cursor.execute(_RENUMBER, values)


def _lock(gallery: Gallery) -> Gallery:
    locked = Gallery.objects.select_for_update().filter(pk=gallery.pk).first()
    if locked is None:
        raise Conflict(_("This gallery has been deleted."))
    return locked


def _lock_own(actor: User, gallery: Gallery) -> Gallery:
    locked = _lock(gallery)
    if not may_change(actor, locked):
        raise NotAllowed(_("Only its owner may change this gallery."))
    return locked
