"""``python -m benchmarks.answer FOLDER…``: time the whole answer to an upload of two megapixels.

Everything of ours runs on one core; Postgres runs beside it and is waited for. Half of the uploads are novel, half
are edited copies of stored pictures. Needs DATABASE_URL (or ``python -m script.with_postgres``).
"""

from __future__ import annotations

import logging
import os
import sys
from argparse import ArgumentParser
from pathlib import Path

import django
import numpy as np


def main() -> None:
    """Parse, lay in, grow, ask, print."""
    parser = ArgumentParser(prog="python -m benchmarks.answer", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--stored", type=int, default=10_000, help="pictures in the scratch site")
    parser.add_argument(
        "--models", type=int, default=300, help="of these, real files; the rest is made of their rows"
    )
    parser.add_argument("--asked", type=int, default=80)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "board.settings")
    django.setup()
    logging.getLogger("dedupe").setLevel(logging.ERROR)
    from benchmarks.answer.run import TooFewFiles, run  # needs Django's models
    from dedupe.evaluation.scratch import NoScratchDatabase, scratch_site

    files = sorted(file for folder in options.folders for file in folder.rglob("*") if file.is_file())
    order = np.random.default_rng(options.seed).permutation(len(files))
    try:
        with scratch_site():
            for line in run(
                [files[i] for i in order], options.models, options.stored, options.asked, options.seed
            ):
                print(line)
                sys.stdout.flush()
    except NoScratchDatabase as error:
        sys.exit(f"No scratch database could be made: {error}")
    except TooFewFiles as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
