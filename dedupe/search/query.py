"""What is looked for: everything that is known of one picture, from its stored rows or from a fresh analysis."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from dedupe import storage
from dedupe.imaging import (
    ALGORITHM_VERSION,
    LOW_DETAIL,
    Analysis,
    Fingerprint,
    Oriented,
    Refused,
    RenditionKind,
    ViewFile,
    ViewWords,
    orientations,
)
from dedupe.imaging.fingerprints import in_order
from dedupe.imaging.renditions import Rendition as RenderedImage
from dedupe.jail.client import ChildKilled, JailUnavailable, words_of_view
from dedupe.models import Picture, Rendition, State
from dedupe.search.embedders import Embeddings
from dedupe.search.embeddings import embeddings_of
from dedupe.search.failures import SearchFailed
from dedupe.storage import StorageUnavailable

log = logging.getLogger(__name__)

VIEW_KINDS = tuple(kind for kind in RenditionKind if kind.is_view)
_NO_EMBEDDINGS = Embeddings((), ())


@dataclass(frozen=True)
class Query:
    """The numbers and views of one picture, and the pictures to leave out.

    ``fingerprints`` begin with the FULL one. ``size`` is (width, height) in pixels. Without ``words`` that route is
    not searched.
    """

    fingerprints: tuple[Fingerprint, ...]
    checksum: str
    pixel_checksum: str
    size: tuple[int, int]
    views: tuple[ViewFile, ...] = ()
    words: ViewWords | None = None
    embeddings: Embeddings = _NO_EMBEDDINGS
    leave_out: tuple[int, ...] = ()

    @property
    def fingerprint(self) -> Fingerprint:
        """The FULL one."""
        return self.fingerprints[0]

    @cached_property
    def oriented(self) -> tuple[tuple[Oriented, ...], ...]:
        """Each fingerprint in the orientations that it is looked for in, as it is first."""
        return tuple(tuple(orientations(each)) for each in self.fingerprints)

    @property
    def too_little_detail(self) -> bool:
        """Whether there is so little in it that only equal bytes and pixels are looked for."""
        return all(each.detail < LOW_DETAIL for each in self.fingerprints)

    def leaving_out(self, *pictures: int) -> Query:
        """The same query without these pictures."""
        return replace(self, leave_out=(*self.leave_out, *pictures))


def query_of(picture: Picture) -> Query | None:
    """The query that looks for the look-alikes of a stored picture, or None when it has no fingerprint yet.

    Reads its views from storage. Raises SearchFailed when storage or the jail does not answer.
    """
    rows = picture.fingerprints.filter(version=ALGORITHM_VERSION)
    fingerprints = tuple(in_order(row.numbers() for row in rows))
    if not fingerprints:
        return None
    try:
        views = views_of([picture.pk]).get(picture.pk, ())
        words = _words_of(picture, views)
    except (StorageUnavailable, JailUnavailable, ChildKilled) as error:
        raise SearchFailed(f"the views of the picture could not be read: {error}") from error
    return Query(
        fingerprints=fingerprints,
        checksum=picture.checksum,
        pixel_checksum=picture.pixel_checksum,
        size=(picture.width or 0, picture.height or 0),
        views=views,
        words=words,
        embeddings=embeddings_of(picture.pk),
        leave_out=(picture.pk,),
    )


def _words_of(picture: Picture, views: Sequence[ViewFile]) -> ViewWords | None:
    """The words of the plainest view; None, which leaves the route out, when there is none that can be read."""
    try:
        return words_of_view(views[0]) if views else None
    except Refused as refused:
        log.warning("The view of picture %s cannot be read: %s", picture.public_id, refused)
        return None


def query_of_analysis(analysis: Analysis, embeddings: Embeddings = _NO_EMBEDDINGS) -> Query:
    """The query that looks for the look-alikes of a file that was just analysed."""
    return Query(
        fingerprints=analysis.fingerprints,
        checksum=analysis.checksum,
        pixel_checksum=analysis.pixel_checksum,
        size=(analysis.width, analysis.height),
        views=view_files(analysis.renditions),
        words=analysis.words,
        embeddings=embeddings,
    )


def view_files(renditions: Sequence[RenderedImage]) -> tuple[ViewFile, ...]:
    """The views among some renditions, the plainest first."""
    files = {each.kind: ViewFile(each.kind, each.data) for each in renditions}
    return tuple(files[kind] for kind in VIEW_KINDS if kind in files)


def views_of(pictures: Sequence[int], *, live_only: bool = False) -> dict[int, tuple[ViewFile, ...]]:
    """The stored views of some pictures, the plainest first; a picture without any is left out.

    Raises StorageUnavailable. A view that is gone from storage is passed over.
    """
    rows = Rendition.objects.filter(picture__in=pictures, kind__in=VIEW_KINDS)
    if live_only:
        rows = rows.filter(picture__state=State.LIVE)
    found: dict[int, list[ViewFile]] = {}
    for row in rows:
        with suppress(FileNotFoundError):
            data = storage.read_rendition(row.key)
            found.setdefault(row.picture_id, []).append(ViewFile(RenditionKind(row.kind), data))
    order = {kind: place for place, kind in enumerate(VIEW_KINDS)}
    return {
        picture: tuple(sorted(views, key=lambda view: order[view.kind])) for picture, views in found.items()
    }
