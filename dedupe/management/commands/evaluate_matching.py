"""``manage.py evaluate_matching DIR PAIRS_CSV``: how well the matching does on pictures that somebody has judged."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dedupe.evaluation.collection import collect
from dedupe.evaluation.crew import cores
from dedupe.evaluation.document import document
from dedupe.evaluation.measuring import measure
from dedupe.evaluation.pairs import PairsError, read_pairs
from dedupe.evaluation.report import judge
from dedupe.evaluation.tables import lines
from dedupe.management.measurements import add_json, announce, check_output, measuring_in_scratch, write_json


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
        add_json(parser)
        parser.add_argument("--jobs", type=_jobs, default=cores(), help="processes (default: one per core)")

    def handle(
        self, *args: Any, folder: Path, pairs: Path, output: Path | None, jobs: int, **options: Any
    ) -> None:
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        check_output(output)
        try:
            listed = read_pairs(pairs, folder)
            collection = collect(folder, listed, leave_out=[pairs, *([output] if output else [])])
            with measuring_in_scratch():
                measurement = measure(collection, jobs, partial(announce, self.stderr, every=500))
            report = judge(measurement, listed)
        except PairsError as error:
            raise CommandError(str(error)) from error
        for line in lines(report):
            self.stdout.write(line)
        if output:
            write_json(output, document(report))


def _jobs(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise ArgumentTypeError("a whole number from 1 on is wanted")
    return int(text)
