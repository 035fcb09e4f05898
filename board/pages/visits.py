"""The page of a picture for visitors: the same for all of them, and kept while nothing on it changes.

One small statement says where an address leads a visitor, and a mark of all that its page shows. A page that was made
under the same mark is given again; so nothing has to be told to anybody when something changes, and a picture that is
taken down is gone with the next request. How many pictures have a tag, and which files show the variants, may be up to
five minutes old.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.translation import get_language

from dedupe.models import Picture, Verdict
from dedupe.visibility import Sight, sight_of

# Every update gives a row another place (ctid), or another writer (xmin): together they tell whether it has changed.
_GLANCE = """
SELECT picture.state, canonical.public_id, canonical.state, CASE picture.state WHEN 'live' THEN ROW(
    picture.xmin, picture.ctid, post.xmin, post.ctid, owner.username,
    (SELECT sum(hashtextextended(ROW(tie.tag_id, tag.name)::text, 0)) FROM board_post_tags tie
      JOIN board_tag tag ON tag.id = tie.tag_id WHERE tie.post_id = post.id),
    (SELECT sum(hashtextextended(ROW(file.id, file.xmin, file.ctid)::text, 0)) FROM dedupe_rendition file
      WHERE file.picture_id = picture.id),
    (SELECT sum(hashtextextended(ROW(said.id, said.xmin, said.ctid, author.username)::text, 0))
      FROM board_comment said JOIN board_user author ON author.id = said.author_id
      WHERE said.picture_id = picture.id),
    (SELECT count(*) FROM board_favourite WHERE picture_id = picture.id),
    (SELECT sum(hashtextextended(ROW(gallery.id, gallery.xmin, gallery.ctid)::text, 0)) FROM board_galleryplace place
      JOIN board_gallery gallery ON gallery.id = place.gallery_id WHERE place.picture_id = picture.id),
    (SELECT ROW(count(*), max(old.state_since)) FROM dedupe_picture old WHERE old.duplicate_of_id = picture.id),
    (SELECT sum(hashtextextended(ROW(other.id, other.xmin, other.ctid, words.xmin, words.ctid)::text, 0))
      FROM dedupe_match pair
      JOIN dedupe_picture other ON other.id = pair.query_id + pair.candidate_id - picture.id
      LEFT JOIN board_post words ON words.picture_id = other.id
      WHERE (pair.query_id = picture.id OR pair.candidate_id = picture.id) AND pair.verdict = $2)
  )::text END
FROM dedupe_picture picture
LEFT JOIN dedupe_picture canonical ON canonical.id = picture.duplicate_of_id
LEFT JOIN board_post post ON post.picture_id = picture.id
LEFT JOIN board_user owner ON owner.id = picture.owner_id
WHERE picture.public_id = $1
"""
_TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")\w+(?=")')
_MARK = b"the-token-of-whoever-asks"


@dataclass(frozen=True)
class Glance:
    """Where an address leads a visitor: to another address, or to a page with this ``mark``; neither, to neither."""

    leads_to: str = ""
    mark: str = ""


def is_visit(request: HttpRequest) -> bool:
    """Whether somebody asks who is not signed in, is told nothing in particular, and wants nothing in particular."""
    known = {settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys()
    return not known and not request.GET and not settings.DEBUG


def glance(public_id: str) -> Glance:
    """What a visitor finds at the address of a picture; one query, whose plan the server keeps for the connection."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.RawCursor(connection.connection) as cursor:
        row = cursor.execute(_GLANCE, [public_id, Verdict.VARIANT.value], prepare=True).fetchone()
    if row is None:
        return Glance()
    state, leads_to, state_there, mark = row
    canonical = Picture(state=state_there) if leads_to else None
    sight = sight_of(AnonymousUser(), Picture(state=state, duplicate_of=canonical))
    if sight is Sight.LEADS_ON:
        return Glance(leads_to=leads_to)
    return Glance(mark=mark) if sight is Sight.PUBLISHED else Glance()


def kept(request: HttpRequest, mark: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The page of this address under this mark, made if it is not there. Each visitor gets a token of their own."""
    pages = caches["pages"]
    key = f"{request.get_host()}{request.path}:{get_language()}"
    found: tuple[str, bytes] | None = pages.get(key)
    if found is not None and found[0] == mark:
        return HttpResponse(found[1].replace(_MARK, get_token(request).encode()))
    response = make()
    if response.status_code == 200:
        pages.set(key, (mark, _TOKEN.sub(_MARK, response.content)))
    return response
