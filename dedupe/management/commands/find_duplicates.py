"""``manage.py find_duplicates --as NAME``: look through all published pictures, and let staff judge what is found."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from dedupe.conf import conf
from dedupe.models import Case, Match, Picture
from dedupe.permissions import may_review
from dedupe.search import SearchFailed, find_look_alikes, query_of
from dedupe.workflow import Conflict, report_picture

REASON = "Found by a search through all pictures"


class Command(BaseCommand):
    help = (
        "Searches for the look-alikes of every published picture and reports each new pair to the review queue. "
        "Pairs that people have judged, or that stand in the queue, are left alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as", dest="reporter", required=True, help="the staff account that reports")

    def handle(self, *args: Any, reporter: str, **options: Any) -> None:
        users = get_user_model()
        actor = users._default_manager.filter(**{users.USERNAME_FIELD: reporter}).first()
        if not may_review(actor):
            raise CommandError(f"There is no staff account named {reporter}.")
        counts: Counter[str] = Counter()
        for picture in Picture.objects.live().order_by("pk").iterator(chunk_size=200):
            counts["searched"] += 1
            try:
                counts["reported"] += report_new_pairs(actor, picture)
            except SearchFailed as error:
                counts["failed"] += 1
                self.stderr.write(f"{picture.public_id}: {error}")
        self.stdout.write(f"{counts['searched']} pictures searched, {counts['reported']} pairs reported.")
        if counts["failed"]:
            self.stderr.write(f"{counts['failed']} searches could not be finished: start again later.")
            sys.exit(1)


def report_new_pairs(actor: Any, picture: Picture) -> int:
    """Report what looks like ``picture`` among older pictures, and is new. Returns how many. Raises SearchFailed."""
    query = query_of(picture)
    if query is None:
        return 0
    look_alikes = find_look_alikes(query, conf().matching)
    older = [evidence.picture_id for evidence in look_alikes.found if evidence.picture_id < picture.pk]
    return sum(_report(actor, picture, other) for other in Picture.objects.live().filter(pk__in=older))


def _report(actor: Any, picture: Picture, other: Picture) -> int:
    pair = Match.objects.of_pair(picture.pk, other.pk)
    if pair.exclude(verdict="").exists() or Case.objects.filter(match__in=pair).exists():
        return 0
    try:
        report_picture(actor, picture, REASON, other)
    except Conflict:
        return 0  # one of the two was taken down a moment ago
    return 1
