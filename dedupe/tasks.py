"""Doors for the workers: ids in, one call, nothing kept here. Every task is harmless when run twice.

The site's Celery settings route ``dedupe.analyse`` to the queue of the decoding workers, ``dedupe.make_renditions`` to
one of its own, the others to maintenance.
"""

from __future__ import annotations

import logging

from celery import shared_task

from dedupe import workflow
from dedupe.doorbell import ring_for_renditions
from dedupe.workflow import rendering, upkeep
from dedupe.workflow import sweep as sweeping

log = logging.getLogger(__name__)


@shared_task(
    name="dedupe.analyse",
    ignore_result=True,
    acks_late=True,
    soft_time_limit=50,
    time_limit=55,
)
def analyse(picture_id: int) -> None:
    """Check one staged picture; its smaller files can be made when no other upload waits."""
    workflow.analyse_picture(picture_id)
    if rendering.is_work_to_do():
        ring_for_renditions()


@shared_task(
    name="dedupe.make_renditions", ignore_result=True, acks_late=True, soft_time_limit=50, time_limit=55
)
def make_renditions() -> None:
    """Make what is wanted most. One at a time, so that uploads are not kept waiting behind a long list."""
    if rendering.make_next() and rendering.is_work_to_do():
        ring_for_renditions()


@shared_task(
    name="dedupe.receive",
    ignore_result=True,
    acks_late=True,
    soft_time_limit=50,
    time_limit=55,
)
def receive(picture_id: int) -> None:
    """Take over the bytes of one upload that were sent to storage, or fetch them."""
    workflow.receive_picture(picture_id)


@shared_task(name="dedupe.ring_again", ignore_result=True, time_limit=55)
def ring_again() -> None:
    """Announce the pictures that nobody claimed, and take back what lost workers held."""
    sweeping.recover_lost_work()
    if rendering.is_work_to_do():
        ring_for_renditions()


@shared_task(name="dedupe.sweep", ignore_result=True, time_limit=600)
def sweep(prefixes: int = 8) -> None:
    """Let old questions expire, merge new words, delete bytes past their time, look for a few orphans."""
    upkeep.run_sweep(prefixes)


@shared_task(name="dedupe.patrol", ignore_result=True, time_limit=300)
def patrol() -> None:
    """Check the invariants on a further stretch of the library."""
    for rule, count in upkeep.run_patrol().items():
        if count:
            log.error(
                "Invariant %s is broken %d times; manage.py check_invariants names the rows", rule, count
            )


@shared_task(name="dedupe.census", ignore_result=True, time_limit=600)
def census() -> None:
    """Count the library, for those who watch."""
    upkeep.run_census()
