"""``manage.py find_duplicates --as NAME``: look through all published pictures, and let staff judge what is found."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from dedupe.conf import conf
from dedupe.management.progress import Progress
from dedupe.management.walking import Done, Patience, ended_with_words, walk_in_processes
from dedupe.models import Picture, Walk, WalkKind
from dedupe.permissions import may_review
from dedupe.search import SearchFailed
from dedupe.search.completeness import library_is_measured
from dedupe.workflow.library_search import file_finds, look_alikes_again, look_alikes_of, searched_by
from dedupe.workflow.pending import search_again_later, searched_again, take_up_pending, waiting_searches
from dedupe.workflow.walks import adopt, begin_or_go_on, finish, going


class Command(BaseCommand):
    help = (
        "Searches for the look-alikes of every published picture and reports each new pair to the review queue. "
        "Pairs that people have judged, or that stand in the queue, are left alone. How far it got is kept in the "
        "database: a search that was broken off goes on where it stopped, and the same command may run several times "
        "at once, on several machines. Searches that failed are tried again at the end and by the next start."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as", dest="reporter", required=True, help="the staff account that starts the search"
        )
        parser.add_argument("--processes", type=int, default=1, help="how many search at once here")
        parser.add_argument(
            "--rest",
            type=rest_in_seconds,
            default=0,
            metavar="SECONDS",
            help="after each picture, for people who use the board meanwhile (up to half of DOPPEL_LEASE_SECONDS)",
        )
        parser.add_argument(
            "--pending", action="store_true", help="only the pictures whose search failed or saw too little"
        )
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--restart", action="store_true", help="begin from the first picture again")
        choice.add_argument(
            "--go-on",
            action="store_true",
            help="go on where an unfinished search stopped, though it began with other settings",
        )

    def handle(self, *args: Any, reporter: str, pending: bool, processes: int, **options: Any) -> None:
        actor = staff_account(reporter)
        if not library_is_measured():
            raise CommandError(
                "Some pictures are of an older version and would be missed: run backfill_fingerprints first."
            )
        since = timezone.now()
        with ended_with_words(self.stderr.write):
            if not pending:
                self._walk(actor, max(processes, 1), **options)
            self._try_again(since)
        waiting = waiting_searches()
        if waiting:
            self.stderr.write(f"{waiting} pictures could not be searched. The next start tries them again.")
            sys.exit(1)

    def _walk(
        self, actor: Any, processes: int, *, restart: bool, go_on: bool, rest: float, **options: Any
    ) -> None:
        walk, resumed = self._begin(actor, restart, go_on)
        if resumed:
            self.stderr.write(f"Going on after {walk.done:,} of {walk.total:,} pictures.")
        progress = Progress(self.stderr, walk.total, walk.done)
        walk_in_processes(
            processes, walk, Picture.objects.live(), partial(search_and_rest, progress, rest), progress
        )
        finish(walk)
        walk.refresh_from_db()
        self.stdout.write(f"{walk.done} pictures searched, {walk.found} pairs reported.")

    def _begin(self, actor: Any, restart: bool, go_on: bool) -> tuple[Walk, bool]:
        version = searched_by()
        earlier = going(WalkKind.DUPLICATES)
        if earlier is not None and earlier.version != version:
            if go_on:
                adopt(earlier, version)
            else:
                self.stderr.write("The settings have changed: the search begins anew. (--go-on goes on.)")
        return begin_or_go_on(WalkKind.DUPLICATES, version, Picture.objects.live(), actor=actor, anew=restart)

    def _try_again(self, since: datetime) -> None:
        """Search for what waits on the list: failed searches of this walk and of others."""
        progress = Progress(self.stderr, waiting_searches())
        patience = Patience()
        searched = found = 0
        for searched, picture in enumerate(take_up_pending(since), start=1):
            done = search_one(progress, picture, again=True)
            with transaction.atomic():
                found += done.keep()
                if not done.failure:
                    searched_again(picture.pk)
            progress.show(searched)
            patience.note(done)
        progress.clear()
        if searched:
            self.stdout.write(f"{searched} pictures searched again, {found} pairs reported.")


def staff_account(name: str) -> Any:
    """The account that starts the search. Raises CommandError."""
    users = get_user_model()
    actor = users._default_manager.filter(**{users.USERNAME_FIELD: name}).first()
    if not may_review(actor):
        raise CommandError(f"There is no staff account named {name}.")
    return actor


def rest_in_seconds(words: str) -> float:
    """What ``--rest`` says: 0 to half of a lease, inclusive, as who rests longer loses the stretch to another process.

    Raises ArgumentTypeError.
    """
    most = conf().deadlines.lease_seconds / 2
    try:
        seconds = float(words)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= most:
        raise ArgumentTypeError(f"a number of seconds from 0 to {most:g} is needed, not {words!r}")
    return seconds


def search_and_rest(progress: Progress, rest: float, picture: Picture) -> Done:
    """Search for one picture, and leave the machine to others for a while."""
    done = search_one(progress, picture)
    time.sleep(rest)
    return done


def search_one(progress: Progress, picture: Picture, *, again: bool = False) -> Done:
    """Search for one picture. A failure is said and put on the list."""
    try:
        found = look_alikes_again(picture) if again else look_alikes_of(picture)
    except SearchFailed as error:
        progress.say(f"{picture.public_id}: {error}")
        return Done(failure=str(error), keep=partial(_keep_failure, picture, str(error)))
    return Done(keep=partial(file_finds, picture, found))


def _keep_failure(picture: Picture, why: str) -> int:
    search_again_later(picture.pk, why)
    return 0
