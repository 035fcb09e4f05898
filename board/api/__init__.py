"""The JSON API, ``/api/v1/``: the same journey as on the pages, for programs. Documented at ``/api/v1/docs``."""

from board.api import (
    comments,
    decisions,
    direct,
    favourites,
    galleries,
    notices,
    pictures,
    review,
    search,
    statistics,
    tags,
    uploads,
)
from board.api.authentication import signed_in
from board.api.door import DoppelAPI

api = DoppelAPI(
    title="Doppel",
    version="1",
    description=(
        "An image board that asks before it stores the same picture twice. Send a token from your settings page as "
        "`Authorization: Bearer doppel_…`. What is not done is answered with a problem document (RFC 9457)."
    ),
    urls_namespace="api",
    auth=signed_in,
)
for _subject in (direct, uploads, decisions, pictures, galleries, tags, search, review, statistics):
    api.add_router("", _subject.router)
for _people in (comments, favourites, notices):
    api.add_router("", _people.router)
