"""``manage.py backfill_fingerprints``: analyse anew what an older version analysed."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dedupe.errors import Conflict
from dedupe.imaging import Refused
from dedupe.jail.client import ChildKilled, JailUnavailable
from dedupe.models import Picture
from dedupe.storage import StorageUnavailable
from dedupe.workflow.backfill import bring_up_to_date, in_pages, outdated

_TOLD_EVERY = 100


class Command(BaseCommand):
    help = (
        "Gives every picture the fingerprints, words and views of the present versions. Those that have them are "
        "passed over, so a run that was broken off is resumed by starting it again. The site may run meanwhile; "
        "pictures are found by new uploads once they are brought up to date."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        pictures = outdated()
        total = pictures.count()
        counts: Counter[str] = Counter()
        for number, picture in enumerate(in_pages(pictures), start=1):
            counts[self._bring(picture)] += 1
            if number % _TOLD_EVERY == 0:
                self.stderr.write(f"{number} of {total}")
        self.stdout.write(f"{counts['done']} pictures brought up to date, {counts['failed']} failed.")
        if counts["failed"]:
            self.stderr.write("What failed is tried again when the command is started again.")
            sys.exit(1)

    def _bring(self, picture: Picture) -> str:
        try:
            bring_up_to_date(picture)
        except Conflict:
            return "moved meanwhile"
        except (StorageUnavailable, JailUnavailable) as error:
            raise CommandError(
                f"Something that is needed does not answer: {error}. Start again to go on."
            ) from error
        except (Refused, ChildKilled) as error:
            self.stderr.write(f"{picture.public_id}: {error}")
            return "failed"
        return "done"
