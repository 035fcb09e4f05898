"""What is put right by the clock: lost work, unanswered questions, bytes past their time, objects without a row."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from dedupe import storage
from dedupe.conf import conf
from dedupe.doorbell import ring
from dedupe.errors import Conflict
from dedupe.listing import PREFIXES
from dedupe.models import CaseKind, CaseState, Match, Picture, Rendition, State
from dedupe.orphans import find_orphans
from dedupe.search import Comparisons, SearchFailed
from dedupe.search.postings import merge_backlog
from dedupe.workflow.abandoned import forget_abandoned, remove_incoming_orphans, ring_for_deliveries
from dedupe.workflow.analysis import GAVE_UP
from dedupe.workflow.clusters import regroup
from dedupe.workflow.filing import close_answered, file_expiring, file_samples
from dedupe.workflow.ledger import lock_pictures, move
from dedupe.workflow.publication import known_query_of, settle, with_comparisons
from dedupe.workflow.rendering import forget_full_sizes

log = logging.getLogger(__name__)

_AT_ONCE = 500


def recover_lost_work() -> int:
    """Give up pictures whose analysis keeps dying, and ring for those that nobody took. Returns how many were rung."""
    give_up_hopeless()
    return ring_for_waiting() + ring_for_deliveries()


def give_up_hopeless() -> int:
    """Reject pictures that took their worker down at every attempt."""
    hopeless = Picture.objects.filter(
        state=State.ANALYSING, lease_until__lt=timezone.now(), attempts__gte=conf().deadlines.max_attempts
    )
    given_up = 0
    for picture in hopeless[:_AT_ONCE]:
        given_up += _move_if_still(
            picture,
            State.REJECTED,
            refusal=GAVE_UP,
            refusal_detail=f"The check was broken off {picture.attempts} times.",
            lease_token=None,
            lease_until=None,
        )
    return given_up


def ring_for_waiting() -> int:
    """Announce pictures that wait longer than a doorbell should take, oldest first; stop when the broker is out."""
    now = timezone.now()
    silent = Q(rung_at__isnull=True) | Q(
        rung_at__lt=now - timedelta(seconds=conf().deadlines.ring_again_seconds)
    )
    free = Q(state=State.STAGED, next_attempt_at__lte=now) | Q(state=State.ANALYSING, lease_until__lt=now)
    rung = 0
    for pk in Picture.objects.filter(free, silent).order_by("id").values_list("pk", flat=True)[:_AT_ONCE]:
        if not ring(pk):
            break
        Picture.objects.filter(pk=pk).update(rung_at=timezone.now())
        rung += 1
    return rung


def _move_if_still(picture: Picture, to: State, **fields: Any) -> int:
    try:
        with transaction.atomic():
            move(picture, to, **fields)
    except Conflict:
        return 0
    return 1


def expire_unanswered() -> int:
    """Let uploads expire whose question nobody answered in time. Proposals wait for staff, however long."""
    since = timezone.now() - timedelta(days=conf().deadlines.answer_days)
    waiting_for_staff = Q(cases__kind=CaseKind.PROPOSAL, cases__state=CaseState.OPEN)
    overdue = Picture.objects.filter(state=State.HELD, state_since__lt=since).exclude(waiting_for_staff)
    return sum(_move_if_still(picture, State.EXPIRED) for picture in overdue[:_AT_ONCE])


def settle_needlessly_held() -> int:
    """Look again at held uploads whose every look-alike has gone or was answered."""
    waiting_for_staff = Q(cases__kind=CaseKind.PROPOSAL, cases__state=CaseState.OPEN)
    settled = 0
    for picture in (
        Picture.objects.filter(state=State.HELD).exclude(waiting_for_staff).order_by("id")[:_AT_ONCE]
    ):
        if Match.objects.open_for(picture).exists():
            continue
        try:
            settled += with_comparisons(known_query_of(picture), partial(_settle_if_still_held, picture))
        except (Conflict, SearchFailed) as error:
            log.info("Picture %s stays held: %s", picture.public_id, error)
    return settled


def _settle_if_still_held(picture: Picture, known: Comparisons) -> int:
    with transaction.atomic():
        locked = lock_pictures(picture.pk)[picture.pk]
        if locked.state != State.HELD or Match.objects.open_for(locked).exists():
            return 0
        settle(locked, known)
    return 1


def fill_queue() -> dict[str, int]:
    """Put to staff what comes to them by the clock, and take back what was answered meanwhile."""
    return {
        "questions taken back from staff": close_answered(),
        "questions put to staff": file_expiring(),
        "samples drawn": file_samples(),
        "cases put beside others": regroup(),
    }


def forget_old_bytes() -> int:
    """Remove the bytes of rejected uploads at once, and of ended ones when the retention time has passed."""
    kept_since = timezone.now() - conf().deadlines.retention
    ended = Q(state__in=[State.WITHDRAWN, State.EXPIRED, State.REMOVED], state_since__lt=kept_since)
    due = Picture.objects.filter(Q(state=State.REJECTED) | ended).exclude(storage_key="")
    return sum(_forget_bytes(picture) for picture in due[:_AT_ONCE])


def _forget_bytes(picture: Picture) -> int:
    """The row lets go first: a crash in between leaves an object without a row, which the next sweep finds."""
    with transaction.atomic():
        let_go = Picture.objects.filter(pk=picture.pk, state=picture.state).exclude(storage_key="")
        if not let_go.update(storage_key=""):
            return 0
        names = list(Rendition.objects.filter(picture=picture).values_list("key", flat=True))
        Rendition.objects.filter(picture=picture).delete()
    storage.delete_original(picture.storage_key)
    for name in names:
        storage.delete_rendition(name)
    return 1


def remove_orphans(prefixes: Iterable[str] = PREFIXES) -> int:
    """Delete objects older than the grace period that no row knows, under the given prefixes of their names."""
    before = timezone.now() - timedelta(seconds=conf().deadlines.orphan_grace_seconds)
    removed = 0
    for where, key in chain.from_iterable(find_orphans(prefix, before) for prefix in prefixes):
        with storage.storage_errors():
            where.delete(key)
        removed += 1
    return removed


def next_prefixes(count: int) -> list[str]:
    """The prefixes whose turn it is: all 256 pass by in 256/count minutes."""
    first = int(timezone.now().timestamp() // 60) * count
    return [PREFIXES[(first + step) % len(PREFIXES)] for step in range(count)]


def sweep_everything(prefixes: Iterable[str] = PREFIXES) -> dict[str, int]:
    """Do all of it once and return how much of each was done. Raises StorageUnavailable."""
    return {
        "given up": give_up_hopeless(),
        "announced again": ring_for_waiting() + ring_for_deliveries(),
        "looked at again": settle_needlessly_held(),
        "expired": expire_unanswered(),
        **fill_queue(),
        "words merged": merge_backlog(),
        "files removed": forget_old_bytes(),
        "announced uploads given up": forget_abandoned(),
        "incoming files removed": remove_incoming_orphans(),
        "full-size copies removed": forget_full_sizes(),
        "objects without a row removed": remove_orphans(prefixes),
    }
