"""Search by a picture that is not kept."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import File, Form, Router
from ninja.files import UploadedFile

from board.api import describing
from board.api.authentication import signed_in
from board.api.schemas.requests import SearchOptions
from board.api.schemas.responses import SearchOut, Similar
from board.bounds import limits_in_words
from board.searching import nearest_to_file
from dedupe.conf import conf
from dedupe.imaging import geometry_from_json
from dedupe.models import Picture
from dedupe.search import Evidence, LookAlikes

router = Router(tags=["search"], auth=signed_in)


@router.post("search", response=SearchOut, summary="Find the nearest published pictures to a file")
def search(request: HttpRequest, file: File[UploadedFile], options: Form[SearchOptions]) -> SearchOut:
    """Nothing of it is stored. Refused files give 422."""
    return search_out(request, nearest_to_file(file, file.size or 0, options.limit))


def search_out(request: HttpRequest, look_alikes: LookAlikes) -> SearchOut:
    """What was found, in its order, with what everybody may know of the pictures."""
    wanted = [evidence.picture_id for evidence in look_alikes.found]
    pictures = describing.with_words(Picture.objects.live().filter(pk__in=wanted)).in_bulk()
    return SearchOut(
        results=[
            _similar(request, evidence, pictures[evidence.picture_id])
            for evidence in look_alikes.found
            if evidence.picture_id in pictures
        ],
        too_little_detail=look_alikes.too_little_detail,
        cut=list(look_alikes.cut),
        not_searched=list(look_alikes.not_searched),
        limits=limits_in_words(look_alikes.cut, look_alikes.not_searched, conf().matching),
    )


def _similar(request: HttpRequest, evidence: Evidence, picture: Picture) -> Similar:
    return Similar(
        picture=describing.brief(request, picture),
        distance=evidence.distance,
        phash_distance=evidence.distances.phash,
        probability=evidence.probability,
        relation=evidence.relation,
        same_picture=evidence.same_picture,
        geometry=describing.geometry_out(geometry_from_json(evidence.geometry())),
    )
