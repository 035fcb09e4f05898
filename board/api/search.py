"""Search by a picture that is not kept."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import IO

from django.http import HttpRequest
from ninja import File, Form, Router
from ninja.files import UploadedFile

from board.api import describing
from board.api.authentication import signed_in
from board.api.schemas.requests import SearchOptions
from board.api.schemas.responses import SearchOut, Similar
from board.bounds import limits_in_words
from dedupe.conf import conf
from dedupe.imaging import Analysis, Limits, Refusal, Refused, geometry_from_json, sniff
from dedupe.jail.client import analyse_file
from dedupe.models import Picture
from dedupe.search import Evidence, LookAlikes, Query, find_nearest, query_of_analysis
from dedupe.search.embedders import embed_rendition

router = Router(tags=["search"], auth=signed_in)

_HEAD = 4096
_CHUNK = 1 << 20


@router.post("search", response=SearchOut, summary="Find the nearest published pictures to a file")
def search(request: HttpRequest, file: File[UploadedFile], options: Form[SearchOptions]) -> SearchOut:
    """Nothing of it is stored. Refused files give 422."""
    query = _query(analyse_stream(file, file.size or 0))
    return search_out(request, find_nearest(query, conf().matching, options.limit))


def _query(analysis: Analysis) -> Query:
    """The query of a file, with what the embedders make of its plainest view."""
    query = query_of_analysis(analysis)
    return replace(query, embeddings=embed_rendition(query.views[0].data))


def analyse_stream(stream: IO[bytes], size: int) -> Analysis:
    """Analyse bytes that are not in storage, in the jail. Raises Refused and JailUnavailable."""
    if size > Limits().max_bytes:
        raise Refused(Refusal.TOO_MANY_BYTES, f"{size} bytes")
    stream.seek(0)
    head = stream.read(_HEAD)
    sniff(head)
    with tempfile.NamedTemporaryFile(prefix="doppel-search-") as copy:
        copy.write(head)
        while chunk := stream.read(_CHUNK):
            copy.write(chunk)
        copy.flush()
        return analyse_file(Path(copy.name)).analysis


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
