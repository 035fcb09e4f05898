"""Search by picture, for the pages and for the API: by a file that is not kept, or by a picture that we have."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import IO

from dedupe.conf import conf
from dedupe.imaging import Analysis, Limits, Refusal, Refused, sniff
from dedupe.jail.client import analyse_file
from dedupe.models import Picture
from dedupe.search import LookAlikes, find_nearest, query_of, query_of_analysis
from dedupe.search.embedders import embed_rendition

_HEAD = 4096
_CHUNK = 1 << 20


def nearest_to_file(stream: IO[bytes], size: int, limit: int) -> LookAlikes:
    """The published pictures nearest to a file of so many bytes. Raises Refused, JailUnavailable, SearchFailed."""
    query = query_of_analysis(analyse_stream(stream, size))
    whole = replace(query, embeddings=embed_rendition(query.views[0].data))
    return find_nearest(whole, conf().matching, limit)


def nearest_to_picture(picture: Picture, limit: int) -> LookAlikes | None:
    """Those nearest to a stored picture, without itself; None before it was measured. Raises SearchFailed."""
    query = query_of(picture)
    return None if query is None else find_nearest(query, conf().matching, limit)


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
