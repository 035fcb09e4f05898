"""Galleries: pictures that a person has put into an order. Everybody may look, their owner may change them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router, Status

from board import galleries
from board.api import addresses, describing, lookups
from board.api.authentication import everybody, person, signed_in
from board.api.problems import not_found
from board.api.schemas.galleries import (
    Added,
    AddedPicture,
    Aimed,
    GalleryBrief,
    GalleryChange,
    GalleryList,
    GalleryOut,
    NewGallery,
    Placed,
)
from board.api.schemas.requests import Line
from board.galleries import Aim, Before, Place, Step
from board.models import Gallery, GalleryPlace
from dedupe.models import Picture

router = Router(tags=["galleries"], auth=everybody)


def _with_all(rows: QuerySet[Gallery]) -> Any:
    return Gallery.objects.filter(pk__in=rows.values("pk")).with_extent().select_related("owner")


def _named(gallery_id: int) -> Gallery:
    """Raises Problem 404."""
    found: Gallery | None = _with_all(Gallery.objects.filter(pk=gallery_id)).first()
    if found is None:
        raise not_found("gallery")
    return found


def _briefs(request: HttpRequest, found: Iterable[Any]) -> list[GalleryBrief]:
    shown = list(found)
    covers = _pictures([each.cover_id for each in shown if each.cover_id is not None])
    return [_brief(request, each, covers.get(each.cover_id)) for each in shown]


def _brief(request: HttpRequest, gallery: Any, cover: Picture | None) -> GalleryBrief:
    return GalleryBrief(
        id=gallery.pk,
        url=addresses.gallery_page(request, gallery),
        title=gallery.title,
        description=gallery.description,
        owner=gallery.owner.get_username(),
        pictures=gallery.how_many,
        cover=None if cover is None else describing.brief(request, cover),
        created_at=gallery.created_at,
    )


def _pictures(wanted: list[int]) -> dict[int, Picture]:
    return describing.with_words(Picture.objects.live().filter(pk__in=wanted)).in_bulk()


@router.get("galleries", response=GalleryList, summary="Galleries, newest first")
def list_galleries(request: HttpRequest, owner: Line = "", before: int | None = None) -> GalleryList:
    """Those that show a picture, and one's own; narrowed by the name of an ``owner``. Page by following ``next``."""
    found = Gallery.objects.listed_for(request.user)
    if owner:
        found = found.filter(owner__username__iexact=owner)
    if before is not None:
        found = found.filter(pk__lt=before)
    page, last = lookups.page_of(found.with_extent().select_related("owner").order_by("-pk"))
    return GalleryList(
        items=_briefs(request, page),
        next=addresses.next_page(request, None if last is None else last.pk),
    )


@router.post("galleries", response={201: GalleryBrief}, auth=signed_in, summary="Make a gallery")
def make(request: HttpRequest, body: NewGallery) -> Status[GalleryBrief]:
    """An empty one. A person's galleries differ by title."""
    made = galleries.make_gallery(person(request), body.title, body.description)
    return Status(201, _briefs(request, [_named(made.pk)])[0])


@router.get("galleries/{int:gallery_id}", response=GalleryOut, summary="A gallery and its pictures")
def read(request: HttpRequest, gallery_id: int, after: str | None = None) -> GalleryOut:
    """Published pictures in the order of its owner. Page by following ``next``."""
    gallery = _named(gallery_id)
    places = GalleryPlace.objects.filter(gallery=gallery)
    wanted = places.shown().order_by("position", "pk").select_related("picture")
    if after is not None:
        end = places.filter(picture=lookups.picture_named(Picture.objects.all(), after)).first()
        if end is None:
            raise not_found("picture to go on from")
        wanted = wanted.behind(end)
    page, last = lookups.page_of(wanted)
    pictures = _pictures([place.picture_id for place in page])
    here = [pictures[place.picture_id] for place in page if place.picture_id in pictures]
    return GalleryOut(
        **_briefs(request, [gallery])[0].model_dump(),
        items=[describing.brief(request, each) for each in here],
        next=addresses.next_page(request, None if last is None else last.picture.public_id, "after"),
    )


@router.patch(
    "galleries/{int:gallery_id}", response=GalleryBrief, auth=signed_in, summary="Rename or describe"
)
def change(request: HttpRequest, gallery_id: int, body: GalleryChange) -> GalleryBrief:
    """What is left out stays as it is. For its owner."""
    gallery = _named(gallery_id)
    galleries.change_gallery(
        person(request),
        gallery,
        title=gallery.title if body.title is None else body.title,
        description=gallery.description if body.description is None else body.description,
    )
    return _briefs(request, [_named(gallery_id)])[0]


@router.delete("galleries/{int:gallery_id}", response={204: None}, auth=signed_in, summary="Delete a gallery")
def delete(request: HttpRequest, gallery_id: int) -> Status[None]:
    """Its pictures stay published. For its owner and for staff."""
    galleries.delete_gallery(person(request), _named(gallery_id))
    return Status(204, None)


@router.post(
    "galleries/{int:gallery_id}/pictures",
    response={200: Added, 201: Added},
    auth=signed_in,
    summary="Put a picture into a gallery",
)
def add(request: HttpRequest, gallery_id: int, body: AddedPicture) -> Status[Added]:
    """At its end; 200 when it stands there already. For its owner."""
    picture = lookups.picture_named(Picture.objects.live(), body.picture)
    added = galleries.add_picture(person(request), _named(gallery_id), picture)
    return Status(201 if added else 200, Added(added=added))


@router.delete(
    "galleries/{int:gallery_id}/pictures/{picture_id}",
    response={204: None},
    auth=signed_in,
    summary="Take a picture out of a gallery",
)
def remove(request: HttpRequest, gallery_id: int, picture_id: str) -> Status[None]:
    """The picture itself stays published. For its owner."""
    gallery = _named(gallery_id)
    galleries.remove_picture(person(request), gallery, _placed(gallery, picture_id))
    return Status(204, None)


@router.post(
    "galleries/{int:gallery_id}/pictures/{picture_id}/move",
    response=Placed,
    auth=signed_in,
    summary="Put a picture elsewhere in the order",
)
def move(request: HttpRequest, gallery_id: int, picture_id: str, body: Aimed) -> Placed:
    """To a place, by some steps, or before another picture; it holds for the order as it is by then. For its owner."""
    gallery = _named(gallery_id)
    picture = _placed(gallery, picture_id)
    place = galleries.move_picture(person(request), gallery, picture, _aim(gallery, body))
    return Placed(place=place)


def _aim(gallery: Gallery, body: Aimed) -> Aim:
    if body.place is not None:
        return Place(body.place)
    return Step(body.step or 0) if body.before is None else Before(_placed(gallery, body.before))


def _placed(gallery: Gallery, public_id: str) -> Picture:
    """A published picture of this gallery. Raises Problem 404."""
    here = Picture.objects.live().filter(gallery_places__gallery=gallery)
    return lookups.picture_named(here, public_id, "picture in this gallery")
