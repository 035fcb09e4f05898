"""``manage.py benchmark_search --rows N``: how quick and how complete the search is in a library of N pictures."""

from __future__ import annotations

import logging
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dedupe.evaluation.scratch import NoScratchDatabase, scratch_site
from dedupe.management.commands.evaluate_matching import write_json
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
        parser.add_argument("--near-white", type=int, default=100_000, help="near-white pages stored later")
        parser.add_argument("--copies", type=int, default=50_000, help="copies of one picture stored later")
        parser.add_argument(
            "--pictures", type=Path, metavar="DIR", help="photographs, to look for crops of them by words"
        )
        parser.add_argument(
            "--no-rivals", action="store_true", help="leave out the comparison with other ways"
        )
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument(
            "--json", type=Path, dest="output", metavar="FILE", help="also write everything here"
        )

    def handle(self, *args: Any, output: Path | None, pictures: Path | None, **options: Any) -> None:
        if min(options["rows"], options["questions"], options["clients"]) < 1:
            raise CommandError("Rows, questions and clients are whole numbers from 1 on.")
        if output and not output.parent.is_dir():
            raise CommandError(f"{output.parent} is not a folder: nothing could be written there.")
        logging.getLogger("dedupe").setLevel(logging.ERROR)
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
            with scratch_site():
                done = measure(order, self._announce)
        except NoScratchDatabase as error:
            raise CommandError(f"No scratch database could be made: {error}") from error
        except SearchFailed as error:
            raise CommandError(f"A search failed: {error}") from error
        except KeyboardInterrupt as error:
            raise CommandError("Interrupted. The scratch database is removed.", returncode=130) from error
        for line in lines(done):
            self.stdout.write(line)
        if output:
            write_json(output, document(done))

    def _announce(self, what: str, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{what}: {done:,} of {total:,}", ending="\n" if done == total else "")
            self.stderr.flush()
        elif done == total or done % 1_000_000 == 0:
            self.stderr.write(f"{what}: {done:,} of {total:,}")


def _files(folder: Path) -> tuple[Path, ...]:
    if not folder.is_dir():
        raise CommandError(f"{folder} is not a folder.")
    return tuple(sorted(file for file in folder.rglob("*") if file.is_file()))
