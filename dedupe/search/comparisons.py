"""Comparisons of one query with stored pictures, each made once.

Comparing takes the views from storage and a while of computing in the jail. It is done before the publication lock is
taken; what is not known under the lock is not compared there, but asked for.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from dedupe.imaging import Comparison, Refused, ViewFile
from dedupe.jail.client import ChildKilled, JailUnavailable, compare_views
from dedupe.measures import Stage, compared, timed
from dedupe.search.failures import SearchFailed
from dedupe.search.query import Query, views_of
from dedupe.storage import StorageUnavailable

log = logging.getLogger(__name__)


class NotCompared(Exception):
    """Candidates have turned up that were not compared beforehand; ``pictures`` are their ids."""

    def __init__(self, pictures: Sequence[int]) -> None:
        super().__init__(f"not compared yet: {list(pictures)}")
        self.pictures = tuple(pictures)


class Comparisons:
    """What is known of a query and stored pictures; ``sealed`` ones make no new comparison."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self._known: dict[int, Comparison | None] = {}
        self._sealed = False

    def seal(self) -> None:
        """From now on raise NotCompared instead of comparing."""
        self._sealed = True

    def unseal(self) -> None:
        self._sealed = False

    def with_pictures(self, pictures: Sequence[int]) -> dict[int, Comparison | None]:
        """The comparisons with live pictures by id; None where one cannot be laid over the other.

        Raises SearchFailed when storage or the jail does not answer, NotCompared when sealed.
        """
        fresh = [picture for picture in pictures if picture not in self._known]
        if fresh and self._sealed:
            raise NotCompared(fresh)
        if fresh:
            self._known |= _compared(self.query, fresh)
        return {picture: self._known[picture] for picture in pictures}


@timed(Stage.COMPARE)
def _compared(query: Query, pictures: Sequence[int]) -> dict[int, Comparison | None]:
    try:
        stored = views_of(pictures)
        able = [picture for picture in pictures if query.views and stored.get(picture)]
        found = _all_at_once(query.views, {picture: stored[picture] for picture in able})
    except (StorageUnavailable, JailUnavailable, ChildKilled) as error:
        raise SearchFailed(f"the comparison could not be finished: {error}") from error
    compared.send(Comparisons, pictures=len(able))
    for picture in set(pictures) - set(able):
        log.warning("Picture %d cannot be compared: it or the query has no view", picture)
    return {picture: found.get(picture) for picture in pictures}


def _all_at_once(
    query: Sequence[ViewFile], stored: dict[int, tuple[ViewFile, ...]]
) -> dict[int, Comparison | None]:
    """In one child; one by one when that fails, so that one bad view does not spoil the others."""
    if not stored:
        return {}
    try:
        return dict(zip(stored, compare_views(query, list(stored.values())), strict=True))
    except Refused as refused:
        if len(stored) == 1:
            log.warning("Picture %d could not be compared: %s", next(iter(stored)), refused)
            return dict.fromkeys(stored)
    found: dict[int, Comparison | None] = {}
    for picture, views in stored.items():
        found |= _all_at_once(query, {picture: views})
    return found
