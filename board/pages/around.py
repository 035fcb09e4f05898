"""What hangs on a picture, in one small statement: so that its page asks only for what is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from board.favourites import Liking
from dedupe.models import Picture, Verdict

_AROUND = """
SELECT (SELECT count(*) FROM board_favourite WHERE picture_id = %(picture)s),
       EXISTS (SELECT FROM board_favourite WHERE picture_id = %(picture)s AND person_id = %(person)s),
       EXISTS (SELECT FROM board_comment WHERE picture_id = %(picture)s),
       EXISTS (SELECT FROM dedupe_match WHERE query_id = %(picture)s AND verdict = %(variant)s)
         OR EXISTS (SELECT FROM dedupe_match WHERE candidate_id = %(picture)s AND verdict = %(variant)s),
       EXISTS (SELECT FROM dedupe_picture WHERE duplicate_of_id = %(picture)s),
       EXISTS (SELECT FROM board_galleryplace WHERE picture_id = %(picture)s)
"""


@dataclass(frozen=True)
class Around:
    """How a picture is liked, and whether there may be comments, variants, addresses that lead to it, galleries.

    It says nothing about who may see these: what is there is asked for by those who know that.
    """

    liking: Liking
    comments: bool
    variants: bool
    redirects: bool
    galleries: bool


def around(viewer: Any, picture: Picture) -> Around:
    """What hangs on a picture; one query."""
    person = getattr(viewer, "pk", None)
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, {"picture": picture.pk, "person": person, "variant": Verdict.VARIANT.value})
        count, mine, *there = cursor.fetchone()
    return Around(Liking(count, mine), *there)
