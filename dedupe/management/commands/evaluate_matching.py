"""``manage.py evaluate_matching DIR PAIRS_CSV``: how well the matching does on pictures that somebody has judged."""

from __future__ import annotations

import json
import logging
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dedupe.evaluation.collection import collect
from dedupe.evaluation.crew import Progress, cores
from dedupe.evaluation.document import document
from dedupe.evaluation.measuring import measure
from dedupe.evaluation.pairs import PairsError, read_pairs
from dedupe.evaluation.report import judge
from dedupe.evaluation.scratch import NoScratchDatabase, scratch_site
from dedupe.evaluation.tables import lines


class Command(BaseCommand):
    help = (
        "Stores the files of a folder in a scratch database, asks for each listed pair whether an upload of path_b "
        "would show path_a, and for every unlisted file whether anything would be shown. The database is removed "
        "afterwards; the site's own is not touched."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="the folder of pictures")
        parser.add_argument(
            "pairs", type=Path, metavar="PAIRS_CSV", help="set,path_a,path_b,relation,class,note; paths in DIR"
        )  # fmt: skip
        parser.add_argument(
            "--json", type=Path, dest="output", metavar="FILE", help="also write everything to this file"
        )
        parser.add_argument("--jobs", type=_jobs, default=cores(), help="processes (default: one per core)")

    def handle(
        self, *args: Any, folder: Path, pairs: Path, output: Path | None, jobs: int, **options: Any
    ) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        if output and not output.parent.is_dir():
            raise CommandError(f"{output.parent} is not a folder: nothing could be written there.")
        logging.getLogger("dedupe").setLevel(logging.ERROR)  # of each picture the report tells what there is
        try:
            listed = read_pairs(pairs, folder)
            collection = collect(folder, listed, leave_out=[pairs, *([output] if output else [])])
            with scratch_site():
                measurement = measure(collection, jobs, self._announce)
            report = judge(measurement, listed)
        except PairsError as error:
            raise CommandError(str(error)) from error
        except NoScratchDatabase as error:
            raise CommandError(f"No scratch database could be made: {error}") from error
        except KeyboardInterrupt as error:
            raise CommandError("Interrupted. The scratch database is removed.", returncode=130) from error
        for line in lines(report):
            self.stdout.write(line)
        if output:
            write_json(output, document(report))

    def _announce(self, what: str) -> Progress:
        """Progress on stderr: drawn over and over on a terminal, a line now and then elsewhere."""

        def show(done: int, total: int) -> None:
            if self.stderr.isatty():
                self.stderr.write(f"\r{what}: {done}/{total}", ending="\n" if done == total else "")
                self.stderr.flush()
            elif done == total or done % 500 == 0:
                self.stderr.write(f"{what}: {done}/{total}")

        return show


def write_json(file: Path, value: dict[str, Any]) -> None:
    """Write a document as JSON. Raises CommandError when the file cannot be written."""
    try:
        file.write_text(json.dumps(value, indent=1) + "\n")
    except OSError as error:
        raise CommandError(f"{file} cannot be written: {error.strerror}.") from error


def _jobs(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise ArgumentTypeError("a whole number from 1 on is wanted")
    return int(text)
