"""How far a walk through the library got, kept in Postgres so that it goes on after any break.

A walk is cut into stretches of some hundred pictures. A process leases one, says after each picture that it is done,
and takes the next; several processes, on one machine or many, work on one walk and never on the same stretch. A
process that was killed is not waited for: the others go on, and its stretch is taken up where it stopped when the
lease has ended. All transactions here are short, and none is open while a picture is worked on.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Max, Min, QuerySet
from django.utils import timezone

from dedupe.conf import conf
from dedupe.errors import Conflict
from dedupe.models import Picture, Stretch, Walk, WalkKind, WalkState

_LONGEST_STRETCH = 200


def going(kind: WalkKind) -> Walk | None:
    """The walk of this kind that has not ended, or None."""
    return Walk.objects.filter(kind=kind, state=WalkState.GOING).first()


def begin_or_go_on(
    kind: WalkKind, version: str, pictures: QuerySet[Picture], *, actor: Any = None, anew: bool = False
) -> tuple[Walk, bool]:
    """The walk to work on, and whether it was begun before.

    One under another version, or any when ``anew``, is given up and begun from the start: whoever still works on it
    is told so. ``pictures`` are those that would be walked through now.
    """
    walk = going(kind)
    if walk is not None and walk.version == version and not anew:
        return walk, True
    # Counted in one pass; beginning before the first of them spares a second one over all that is done already.
    whole = pictures.aggregate(total=Count("pk"), first=Min("pk"), last=Max("pk"))
    try:
        with transaction.atomic():
            if walk is not None:
                _end(walk, WalkState.GIVEN_UP)
            return Walk.objects.create(
                kind=kind,
                version=version,
                actor=actor,
                total=whole["total"],
                next_id=(whole["first"] or 1) - 1,
                until_id=whole["last"] or 0,
            ), False
    except IntegrityError:
        return Walk.objects.get(kind=kind, state=WalkState.GOING), True  # somebody began it at this moment


def _end(walk: Walk, state: WalkState) -> int:
    walk.stretches.all().delete()
    return Walk.objects.filter(pk=walk.pk, state=WalkState.GOING).update(state=state, ended_at=timezone.now())


def adopt(walk: Walk, version: str) -> None:
    """Go on with a walk that was begun under another version."""
    Walk.objects.filter(pk=walk.pk, state=WalkState.GOING).update(version=version)
    walk.version = version


def stretch_size(walk: Walk) -> int:
    """Pictures of one stretch: so few in a small library that several processes share it evenly."""
    return min(max(walk.total // 100, 1), _LONGEST_STRETCH)


def take_stretch(walk: Walk, pictures: QuerySet[Picture]) -> Stretch | None:
    """Lease what another process has laid down or lost, else the next of ``pictures``; None when nothing is left.

    Raises Conflict when somebody has given the walk up.
    """
    with transaction.atomic():
        walk = Walk.objects.select_for_update().get(pk=walk.pk)
        if walk.state == WalkState.FINISHED:
            return None  # another process did the last of it and was first to say so
        if walk.state != WalkState.GOING:
            raise Conflict(f"This walk has ended meanwhile: it is {walk.get_state_display()}.")
        lease: dict[str, Any] = {"token": uuid4(), "lease_until": _lease_end()}
        free = walk.stretches.filter(lease_until__lte=timezone.now()).order_by("pk").first()
        if free is not None:
            Stretch.objects.filter(pk=free.pk).update(**lease)
            return Stretch.objects.get(pk=free.pk)
        ahead = pictures.filter(pk__gt=walk.next_id, pk__lte=walk.until_id)
        ids = list(ahead.order_by("pk").values_list("pk", flat=True)[: stretch_size(walk)])
        if not ids:
            return None
        Walk.objects.filter(pk=walk.pk).update(next_id=ids[-1])
        return Stretch.objects.create(walk=walk, done_to=walk.next_id, last_id=ids[-1], **lease)


def step(stretch: Stretch, done_to: int, *, found: int = 0, failed: int = 0) -> None:
    """Say that one more picture is done; belongs into the transaction that keeps what came of it, if any.

    Raises Conflict when another process has the stretch now.
    """
    with transaction.atomic():
        still_ours = Stretch.objects.filter(pk=stretch.pk, token=stretch.token)
        if not still_ours.update(done_to=done_to, lease_until=_lease_end()):
            raise Conflict("Another process has taken this work over.")
        Walk.objects.filter(pk=stretch.walk_id).update(
            done=F("done") + 1, found=F("found") + found, failed=F("failed") + failed
        )
    stretch.done_to = done_to


def _lease_end() -> datetime:
    """A process that takes longer over one picture loses its stretch, and one picture is done twice: no harm."""
    return timezone.now() + timedelta(seconds=conf().deadlines.lease_seconds)


def close_stretch(stretch: Stretch) -> None:
    """The stretch is done: its row goes."""
    Stretch.objects.filter(pk=stretch.pk, token=stretch.token).delete()


def lay_down(stretch: Stretch) -> None:
    """Let anybody take up the rest of the stretch at once."""
    Stretch.objects.filter(pk=stretch.pk, token=stretch.token).update(token=None, lease_until=timezone.now())


def leased_stretches(walk: Walk) -> int:
    """How many stretches a process has, or had when it was killed."""
    return walk.stretches.filter(lease_until__gt=timezone.now()).count()


def others_work_on(walk: Walk) -> bool:
    """Whether a stretch of the walk is not done yet."""
    return walk.stretches.exists()


def finish(walk: Walk) -> bool:
    """End a walk of which nothing is left. Returns False when somebody was first."""
    with transaction.atomic():
        locked = Walk.objects.select_for_update().get(pk=walk.pk)
        return not others_work_on(locked) and bool(_end(locked, WalkState.FINISHED))
