"""``manage.py benchmark_search --rows N``: how quick and how complete the search is in a library of N pictures."""

from __future__ import annotations

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dedupe.management.measurements import add_json, announce, check_output, measuring_in_scratch, write_json
from dedupe.scale.crowds import COPIES, NEAR_WHITE
from dedupe.scale.measuring import Order, measure
from dedupe.scale.tables import document, lines
from dedupe.search import SearchFailed


class Command(BaseCommand):
    help = (
        "Fills a scratch database with a made-up library, asks it for planted look-alikes, and prints times, recall, "
        "sizes, and the same from other ways of searching. The database is removed afterwards; the site's own is not "
        "touched. A million pictures take 2 GB of disk and some minutes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rows", type=int, required=True, metavar="N", help="pictures in the library")
        parser.add_argument("--questions", type=int, default=200, help="queries of each kind (default: 200)")
        parser.add_argument("--clients", type=int, default=8, help="clients at once (default: 8)")
        parser.add_argument(
            "--near-white", type=int, default=NEAR_WHITE, help="near-white pages stored later"
        )
        parser.add_argument("--copies", type=int, default=COPIES, help="copies of one picture stored later")
        parser.add_argument(
            "--pictures", type=Path, metavar="DIR", help="photographs, to look for crops of them by words"
        )
        parser.add_argument(
            "--no-rivals", action="store_true", help="leave out the comparison with other ways"
        )
        parser.add_argument("--seed", type=int, default=0)
        add_json(parser)

    def handle(self, *args: Any, output: Path | None, pictures: Path | None, **options: Any) -> None:
        if min(options["rows"], options["questions"], options["clients"]) < 1:
            raise CommandError("Rows, questions and clients are whole numbers from 1 on.")
        check_output(output)
        order = Order(
            rows=options["rows"],
            questions=options["questions"],
            clients=options["clients"],
            near_white=options["near_white"],
            copies=options["copies"],
            seed=options["seed"],
            files=_files(pictures) if pictures else (),
            with_rivals=not options["no_rivals"],
        )
        try:
            with measuring_in_scratch():
                done = measure(order, partial(announce, self.stderr, every=1_000_000))
        except SearchFailed as error:
            raise CommandError(f"A search failed: {error}") from error
        for line in lines(done):
            self.stdout.write(line)
        if output:
            write_json(output, document(done))


def _files(folder: Path) -> tuple[Path, ...]:
    if not folder.is_dir():
        raise CommandError(f"{folder} is not a folder.")
    return tuple(sorted(file for file in folder.rglob("*") if file.is_file()))
