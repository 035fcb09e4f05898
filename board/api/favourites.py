"""One's favourites."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from board import favourites
from board.api import addresses, describing, lookups
from board.api.authentication import person, signed_in
from board.api.schemas.people import FavouriteList, FavouriteOut, LikingOut
from dedupe.models import Picture

router = Router(tags=["favourites"], auth=signed_in)


@router.get("favourites", response=FavouriteList, summary="One's favourites, newest first")
def list_favourites(request: HttpRequest, before: int | None = None) -> FavouriteList:
    """Those that are published now. Page by following ``next``."""
    found = favourites.favourites_of(person(request))
    if before is not None:
        found = found.filter(pk__lt=before)
    page, last = lookups.page_of(found)
    return FavouriteList(
        items=[
            FavouriteOut(
                id=each.pk, picture=describing.brief(request, each.picture), created_at=each.created_at
            )
            for each in page
        ],
        next=addresses.next_page(request, None if last is None else last.pk),
    )


def _liking(request: HttpRequest, picture: Picture) -> LikingOut:
    liking = favourites.liking_of(request.user, picture)
    return LikingOut(picture=picture.public_id, favourites=liking.count, is_favourite=liking.is_mine)


@router.post(
    "pictures/{picture_id}/favourite", response=LikingOut, summary="Add a picture to one's favourites"
)
def add(request: HttpRequest, picture_id: str) -> LikingOut:
    """Twice is as good as once."""
    picture = lookups.picture_named(Picture.objects.visible_to(request.user), picture_id)
    favourites.add_favourite(person(request), picture)
    return _liking(request, picture)


@router.delete("pictures/{picture_id}/favourite", response=LikingOut, summary="Take it from one's favourites")
def drop(request: HttpRequest, picture_id: str) -> LikingOut:
    """Also when it was not there."""
    picture = lookups.picture_named(Picture.objects.visible_to(request.user), picture_id)
    favourites.drop_favourite(person(request), picture)
    return _liking(request, picture)
