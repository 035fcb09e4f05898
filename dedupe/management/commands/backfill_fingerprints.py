"""``manage.py backfill_fingerprints``: analyse anew what an older version analysed."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dedupe.errors import Conflict
from dedupe.imaging import Refused
from dedupe.jail.client import ChildKilled, JailUnavailable
from dedupe.management.progress import Progress
from dedupe.management.walking import GO_ON, Done, ended_with_words, walk_in_processes
from dedupe.models import Picture, WalkKind
from dedupe.search.completeness import library_is_measured
from dedupe.storage import StorageUnavailable
from dedupe.workflow.backfill import (
    bring_up_to_date,
    finish_pass,
    outdated,
    search_those_published_beside,
    version_of_pass,
)
from dedupe.workflow.pending import waiting_searches
from dedupe.workflow.walks import begin_or_go_on


class Command(BaseCommand):
    help = (
        "Gives every picture the fingerprints, words and views of the present versions. Those that have them are "
        "passed over, so a run that was broken off is resumed by starting it again; several may run at once. The "
        "site may run meanwhile, under this release or, with --beside, under the one before."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--beside",
            action="store_true",
            help="write the new fingerprints only and touch nothing that the release before reads: "
            "for a new release that does not serve yet",
        )
        parser.add_argument("--processes", type=int, default=1, help="how many analyse at once here")

    def handle(self, *args: Any, beside: bool, processes: int, **options: Any) -> None:
        pictures = outdated(beside=beside)
        with ended_with_words(self.stderr.write):
            walk, _ = begin_or_go_on(WalkKind.FINGERPRINTS, version_of_pass(beside=beside), pictures)
            progress = Progress(self.stderr, walk.total, walk.done)
            work = partial(bring_one, progress, beside)
            walk_in_processes(max(processes, 1), walk, pictures, work, progress)
            finish_pass(walk)
            if not beside:
                search_those_published_beside()
        walk.refresh_from_db()
        self.stdout.write(f"{walk.found} pictures brought up to date, {walk.failed} failed.")
        self._tell_what_remains()
        if walk.failed:
            self.stderr.write("What failed is tried again when the command is started again.")
            sys.exit(1)

    def _tell_what_remains(self) -> None:
        if not library_is_measured():
            self.stdout.write(
                "The words have changed too: when this release serves, start the command again without --beside."
            )
        waiting = waiting_searches()
        if waiting:
            self.stdout.write(
                f"{waiting} pictures were not compared with all others: find_duplicates --pending does it."
            )


def bring_one(progress: Progress, beside: bool, picture: Picture) -> Done:
    """Bring one picture up to date. Raises CommandError when storage or the jail does not answer."""
    try:
        bring_up_to_date(picture, beside=beside)
    except Conflict:
        return Done(keep=int)  # it moved meanwhile
    except (StorageUnavailable, JailUnavailable) as error:
        raise CommandError(f"Something that is needed does not answer: {error}. {GO_ON}") from error
    except (Refused, ChildKilled) as error:
        progress.say(f"{picture.public_id}: {error}")
        return Done(failure=str(error), keep=int)
    return Done(keep=lambda: 1)
