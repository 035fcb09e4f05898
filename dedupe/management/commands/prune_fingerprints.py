"""``manage.py prune_fingerprints``: remove what only an older release would read."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from dedupe.imaging import ALGORITHM_VERSION
from dedupe.management.progress import Progress
from dedupe.management.walking import ended_with_words
from dedupe.models import Fingerprint
from dedupe.search.completeness import library_is_measured

_AT_ONCE = 1000  # rows of one transaction

_PRUNE = """
WITH old AS (
  SELECT id FROM dedupe_fingerprint AS fingerprint
   WHERE id > %(after)s AND version < %(version)s
     AND EXISTS (SELECT FROM dedupe_fingerprint AS present
                  WHERE present.picture_id = fingerprint.picture_id AND present.version = %(version)s)
   ORDER BY id LIMIT %(most)s),
gone AS (DELETE FROM dedupe_fingerprint USING old WHERE dedupe_fingerprint.id = old.id)
SELECT count(*), max(id) FROM old
"""


class Command(BaseCommand):
    help = (
        "Removes the fingerprints of older versions from pictures that have those of the present one. Start it when "
        "the release before will not come back: it finds nothing without them."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not library_is_measured():
            raise CommandError(
                "Some pictures are of an older version still: run backfill_fingerprints first."
            )
        with ended_with_words(self.stderr.write):
            removed = self._prune()
        self.stdout.write(f"{removed} fingerprints of older versions removed.")

    def _prune(self) -> int:
        total = Fingerprint.objects.filter(version__lt=ALGORITHM_VERSION).count()
        progress = Progress(self.stderr, total)
        removed, last = 0, 0
        while True:
            count, last = prune_some(last)
            if not count:
                break
            removed += count
            progress.show(removed)
        progress.clear()
        return removed


def prune_some(after: int) -> tuple[int, int]:
    """Remove some rows with ids above ``after``. Returns how many, and the last id among them (0 if none)."""
    with connection.cursor() as cursor:
        cursor.execute(_PRUNE, {"after": after, "version": ALGORITHM_VERSION, "most": _AT_ONCE})
        count, last = cursor.fetchone()
    return count, last or 0
