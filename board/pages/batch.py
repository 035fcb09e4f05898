"""The questions that a person answers in one go: their order is kept in the session, who waits in the tables."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import reverse

from board.pages.access import person
from board.pages.context import waiting_for
from dedupe.models import Match, Picture
from dedupe.models.pictures import PictureQuerySet

_KEY = "batch"
_MOST = 300
"""A batch is so long at most; what waits besides joins it as others are answered in a later one."""


@dataclass(frozen=True)
class Batch:
    """Uploads by public id in the order of the flow, answered ones included, and those that still wait."""

    ids: tuple[str, ...] = ()
    waiting: frozenset[str] = frozenset()

    def next_after(self, upload: str) -> str | None:
        """The next upload that waits, from the beginning again after the last; never this one itself."""
        place = self.ids.index(upload) + 1 if upload in self.ids else 0
        around = (*self.ids[place:], *self.ids[:place])
        return next((each for each in around if each in self.waiting and each != upload), None)

    def before(self, upload: str) -> str | None:
        """The upload before this one, answered or not."""
        place = self.ids.index(upload) if upload in self.ids else 0
        return self.ids[place - 1] if place else None


@dataclass(frozen=True)
class Place:
    """Where an upload stands in its batch; number 0 when it is none of it. ``left`` counts the others that wait."""

    number: int
    total: int
    answered: int
    left: int
    before: str | None
    following: str | None


@dataclass(frozen=True)
class Way:
    """An address to go on to. ``in_batch``: its page says what was answered last."""

    address: str
    in_batch: bool = False


def open_questions(request: HttpRequest) -> PictureQuerySet:
    """The uploads of this person with a question that can be answered now, oldest first."""
    return waiting_for(person(request)).filter(Exists(Match.objects.open_for(OuterRef("pk"))))


def batch_of(request: HttpRequest) -> Batch:
    """The batch as it is now: what has come to wait joins at its end; a new one begins when all were answered."""
    kept, waiting = kept_ids(request), _waiting(request)
    if waiting and not set(kept) & set(waiting):
        kept = []
    batch = _joined(kept, waiting)
    _keep(request, list(batch.ids))
    return batch


def glance_at_batch(request: HttpRequest) -> Batch:
    """The same for pages that look back: it never begins a new one, so that the old can still be told of."""
    return _joined(kept_ids(request), _waiting(request))


def _waiting(request: HttpRequest) -> list[str]:
    return list(open_questions(request).values_list("public_id", flat=True)[:_MOST])


def _joined(kept: list[str], waiting: list[str]) -> Batch:
    ids = [*kept, *(each for each in waiting if each not in set(kept))][:_MOST]
    return Batch(tuple(ids), frozenset(waiting))


def place_of(upload: Picture, batch: Batch) -> Place:
    """Where this upload stands."""
    name = upload.public_id
    return Place(
        number=batch.ids.index(name) + 1 if name in batch.ids else 0,
        total=len(batch.ids),
        answered=len(set(batch.ids) - batch.waiting),
        left=len(batch.waiting.intersection(batch.ids) - {name}),
        before=batch.before(name),
        following=batch.next_after(name),
    )


def put_last(request: HttpRequest, upload: Picture) -> str | None:
    """Move an upload to the end of its batch. Returns the one that comes now, or None when no other waits."""
    batch = batch_of(request)
    following = batch.next_after(upload.public_id)
    if upload.public_id in batch.ids:
        _keep(request, [*(each for each in batch.ids if each != upload.public_id), upload.public_id])
    return following


def way_on(request: HttpRequest, upload: Picture) -> Way:
    """Where to go after an answer: what is left to ask about the upload, the next question, the end of the batch.

    Whoever answers for somebody else stays with that upload.
    """
    own_page = reverse("upload-status", args=[upload.public_id])
    if not upload.is_owned_by(request.user):
        return Way(own_page)
    batch = batch_of(request)
    if upload.public_id in batch.waiting:
        return Way(own_page, in_batch=True)
    following = batch.next_after(upload.public_id)
    if following is not None:
        return Way(reverse("upload-status", args=[following]), in_batch=True)
    return Way(reverse("answered"), in_batch=True) if len(batch.ids) > 1 else Way(own_page)


def kept_ids(request: HttpRequest) -> list[str]:
    """The uploads of the batch by public id, in its order; empty before the first question."""
    kept = request.session.get(_KEY, [])
    return [each for each in kept if isinstance(each, str)] if isinstance(kept, list) else []


def _keep(request: HttpRequest, ids: list[str]) -> None:
    if ids != kept_ids(request):
        request.session[_KEY] = ids
