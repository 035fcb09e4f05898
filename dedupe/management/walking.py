"""Walking through the library from a command: the loop, the outages, the interruptions, and several processes."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

from django.core.management.base import CommandError
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet

from dedupe.conf import conf
from dedupe.errors import Conflict
from dedupe.forks import end_with_parent, leave_database
from dedupe.interruptions import allow_interruptions, interrupt_once, interrupted_by_signals, uninterrupted
from dedupe.management.progress import Progress
from dedupe.models import Picture, Stretch, Walk
from dedupe.workflow.walks import (
    close_stretch,
    lay_down,
    leased_stretches,
    others_work_on,
    step,
    take_stretch,
)

GO_ON = "Start the same command again to go on."
INTERRUPTED = 130
_FAILURES_IN_A_ROW = 10
_PATIENCE = 1.0  # seconds between looks at what other processes do


@dataclass(frozen=True)
class Done:
    """What came of one picture. ``failure`` says what went wrong, and is empty otherwise.

    ``keep`` writes it down and returns how much was found; it is called in the transaction that says that the
    picture is done, so that neither is ever there without the other.
    """

    keep: Callable[[], int]
    failure: str = ""


Work = Callable[[Picture], Done]


class Patience:
    """Ends a run in which nothing succeeds any more: something that all need is out."""

    def __init__(self) -> None:
        self._in_a_row = 0

    def note(self, done: Done) -> None:
        """Raises CommandError at the tenth failure without a success in between."""
        self._in_a_row = self._in_a_row + 1 if done.failure else 0
        if self._in_a_row >= _FAILURES_IN_A_ROW:
            raise CommandError(
                f"{_FAILURES_IN_A_ROW} pictures in a row have failed, the last because {done.failure}. {GO_ON}"
            )


def walk_along(walk: Walk, pictures: QuerySet[Picture], work: Work, told: Callable[[], None]) -> None:
    """Do ``work`` with each of ``pictures`` that is this process's turn, until nothing of the walk is left.

    Returns when all processes are through; the walk is not ended yet. Whatever breaks it off lays the stretch down.
    Raises Conflict when somebody has ended the walk, CommandError when nothing succeeds any more.
    """
    patience = Patience()
    while _take_part(walk, pictures, work, told, patience):
        pass


def _take_part(
    walk: Walk, pictures: QuerySet[Picture], work: Work, told: Callable[[], None], patience: Patience
) -> bool:
    """One stretch, or a moment of waiting for the others; False when nothing of the walk is left."""
    stretch = None
    try:
        with uninterrupted():  # one that was leased and forgotten would have to be waited for
            stretch = take_stretch(walk, pictures)
        if stretch is not None:
            _work_through(stretch, pictures, work, told, patience)
            return True
    except BaseException:
        if stretch is not None:
            with uninterrupted():
                _lay_down(stretch)
        raise
    if not others_work_on(walk):
        return False
    time.sleep(_PATIENCE)
    told()
    return True


def _work_through(
    stretch: Stretch, pictures: QuerySet[Picture], work: Work, told: Callable[[], None], patience: Patience
) -> None:
    """Until the end of the stretch, or until another process has it."""
    ours = pictures.filter(pk__gt=stretch.done_to, pk__lte=stretch.last_id).order_by("pk")
    with suppress(Conflict):
        for picture in list(ours):
            done = work(picture)
            with uninterrupted(), transaction.atomic():
                step(stretch, picture.pk, found=done.keep(), failed=1 if done.failure else 0)
            told()
            patience.note(done)
        with uninterrupted():
            close_stretch(stretch)


def _lay_down(stretch: Stretch) -> None:
    """On a new connection, as what was interrupted may have left a transaction open on this one.

    Without a database the lease has to end by itself.
    """
    with suppress(DatabaseError, InterfaceError):
        if not connection.in_atomic_block:
            connection.close()
        lay_down(stretch)


@contextmanager
def ended_with_words(write: Callable[[str], object]) -> Iterator[None]:
    """Ctrl-C, SIGTERM, a lost terminal and a lost database end the command with words, never with a trace."""
    try:
        with interrupted_by_signals():
            yield
    except KeyboardInterrupt:
        write(f"Stopped. What is done is kept. {GO_ON}")
        sys.exit(INTERRUPTED)
    except (OperationalError, InterfaceError) as error:
        raise CommandError(f"The database does not answer: {str(error).strip()}. {GO_ON}") from error


def walk_in_processes(
    count: int, walk: Walk, pictures: QuerySet[Picture], work: Work, progress: Progress
) -> None:
    """``walk_along`` in this process, or in ``count`` forked ones, with the progress of all processes shown here.

    Raises CommandError when somebody has ended the walk, or when one of the processes did not end well.
    """
    told = _Telling(walk, progress)
    if taken := leased_stretches(walk):
        progress.say(
            f"{taken} stretches are with other processes. If those were killed, theirs are taken up within "
            f"{conf().deadlines.lease_seconds} seconds."
        )
    try:
        if count == 1:
            walk_along(walk, pictures, work, told)
        else:
            _in_processes(count, partial(walk_along, walk, pictures, work, _silent), told)
    except Conflict as error:
        raise CommandError(str(error)) from error
    finally:
        progress.clear()


class _Telling:
    """Reads how far all processes are, when it is time to show it."""

    def __init__(self, walk: Walk, progress: Progress) -> None:
        self._walk, self._progress = walk, progress

    def __call__(self) -> None:
        if self._progress.is_due():
            self._walk.refresh_from_db(fields=["done"])
            self._progress.show(self._walk.done)


def _silent() -> None:
    """Nothing to tell: the parent does."""


def _in_processes(count: int, work: Callable[[], None], told: Callable[[], None]) -> None:
    """Do ``work`` in so many processes at once. Raises CommandError when one of them did not end well.

    An interruption is passed on to all, and waited for.
    """
    leave_database()
    context = get_context("fork")
    with uninterrupted():
        processes: list[BaseProcess] = [context.Process(target=_child, args=(work,)) for _ in range(count)]
        for process in processes:
            process.start()
    try:
        while any(process.is_alive() for process in processes):
            time.sleep(_PATIENCE)
            told()
    except BaseException:
        for process in processes:
            process.terminate()
        raise
    finally:
        with uninterrupted():
            for process in processes:
                process.join()
    if any(process.exitcode for process in processes):
        raise CommandError(f"A process has ended early. {GO_ON}")


def _child(work: Callable[[], None]) -> None:
    """In a forked process: end with the parent even when it is killed, and say what went wrong in a line."""
    # Ctrl-C reaches all processes of a terminal, but only the parent's word counts, and that once: a second
    # interruption would hit the process while it lays its stretch down.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, interrupt_once)
    # Begun while signals are held back, as they were when we were forked: the thread then never takes one.
    threading.Thread(target=end_with_parent, daemon=True).start()
    try:
        allow_interruptions()
        work()
    except KeyboardInterrupt:
        os._exit(INTERRUPTED)
    except (CommandError, Conflict, OperationalError, InterfaceError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
