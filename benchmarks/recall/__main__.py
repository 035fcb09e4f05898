"""Recall on the family of 33 edits, beside the peers.

    python -m benchmarks.recall FOLDER... [--graphics FOLDER...] [--stored FOLDER...]

Stores all files but a few that are held out as novel, edits some of them, and asks whether an upload of the edited
file would show its original; and for each novel file whether anything would be shown. It needs the Postgres of
DATABASE_URL and makes a scratch database there: `python -m script.with_postgres python -m benchmarks.recall …` brings
a server along.
"""

from __future__ import annotations

import logging
import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

import django


def parser() -> ArgumentParser:
    """The command line."""
    it = ArgumentParser(prog="python -m benchmarks.recall", description=(__doc__ or "").partition("\n")[0])
    it.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="photographs")
    it.add_argument("--graphics", nargs="+", type=Path, default=[], metavar="FOLDER", help="told apart")
    it.add_argument("--stored", nargs="+", type=Path, default=[], metavar="FOLDER", help="stored only")
    it.add_argument("--originals", type=int, default=120, help="edited of each kind (default 120)")
    it.add_argument("--half", choices=("a", "b"), default="b", help="a to fix thresholds on, b to report")
    it.add_argument("--least-detail", type=float, default=0.05, help="of an original, 0 to 1 (default 0.05)")
    it.add_argument("--novel", type=float, default=0.2, help="share held out, 0 to 1 (default 0.2)")
    it.add_argument(
        "--repeats", type=Path, metavar="CSV", help="path_a,path_b: repeats that are no false ones"
    )
    it.add_argument("--seed", type=int, default=0, help="another seed gives another choice")
    it.add_argument("--jobs", type=int, default=0, help="processes (default: one per core)")
    it.add_argument("--json", type=Path, dest="output", metavar="FILE", help="also write the scores here")
    return it


def main(arguments: list[str]) -> int:
    """Print the tables; 2 for wrong arguments, 1 without a database, 130 when interrupted."""
    options = parser().parse_args(arguments)
    for folder in (*options.folders, *options.graphics, *options.stored):
        if not folder.is_dir():
            parser().error(f"{folder} is not a folder")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "board.settings")
    django.setup()
    logging.getLogger("dedupe").setLevel(logging.ERROR)
    return _measure(options)


def _measure(options: Namespace) -> int:
    # Models can be imported only after Django was set up.
    from benchmarks.recall.command import measure
    from dedupe.evaluation.scratch import NoScratchDatabase

    try:
        measure(options)
    except NoScratchDatabase as error:
        print(f"No scratch database could be made: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted. The scratch database is removed.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
