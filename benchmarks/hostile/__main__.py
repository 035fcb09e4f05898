"""Hostile files through the jail, as the worker takes them.

    python -m script.with_postgres python -m benchmarks.hostile
    python -m script.with_postgres python -m benchmarks.hostile --mutations 20000 --jobs 2

First the files of docs/faults.md, each with its outcome, then so many damaged ones: pictures made in code, or the
small files of a folder, changed at random. Prints the peak memory of workers and children, the slowest file, and what
must not be: files that hung, workers that crashed, rows without an end. The status is 1 when there is any.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path

import django

_MB = 1e6


def options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile", description=__doc__)
    parser.add_argument("--mutations", type=int, default=200, help="how many damaged files (200)")
    parser.add_argument(
        "--folder", type=Path, help="damage the files of this folder, not pictures made in code"
    )
    parser.add_argument("--seed", type=int, default=1, help="other numbers give other damage (1)")
    parser.add_argument("--jobs", type=int, default=1, help="worker processes (1)")
    return parser.parse_args()


def main() -> int:
    """Run in a scratch site; the status of the command."""
    chosen = options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "board.settings")
    os.environ.setdefault("DOPPEL_LOG_LEVEL", "ERROR")
    django.setup()
    from benchmarks.hostile.mutations import mutated, wholes_of
    from benchmarks.hostile.taking import File, Taken, take
    from dedupe.evaluation.crew import spread
    from dedupe.evaluation.scratch import scratch_site
    from dedupe.models import Picture
    from tests.hostile_files import HEADERS, OTHERS

    listed = {name: data for name, (data, _) in HEADERS.items()} | OTHERS
    known = [File(name, partial(bytes, data)) for name, data in listed.items()]
    if not wholes_of(chosen.folder):
        sys.exit(f"No file in {chosen.folder} is small enough.")
    damaged = [
        File(f"damaged {number}", partial(mutated, chosen.folder, chosen.seed, number))
        for number in range(chosen.mutations)
    ]
    taken: list[Taken] = []
    crashed = 0
    with scratch_site():
        try:
            taken.extend(spread(take, known + damaged, chosen.jobs, announce))
        except BrokenProcessPool:
            crashed = 1
        except KeyboardInterrupt:
            print(f"interrupted after {len(taken)} files")
        unended = Picture.objects.waiting().count()
    report(
        [each for each in taken if not each.name.startswith("damaged ")],
        f"files of the list, of {len(known)}",
    )
    report([each for each in taken if each.name.startswith("damaged ")], f"damaged files, seed {chosen.seed}")
    hung = sum(each.hung for each in taken)
    print(f"hung: {hung}; crashed workers: {crashed}; rows without an end: {unended}")
    return int(bool(hung or crashed or unended or len(taken) < len(known) + len(damaged)))


def report(taken: Sequence[object], title: str) -> None:
    """One group of files."""
    from benchmarks.hostile.taking import Taken

    files = [each for each in taken if isinstance(each, Taken)]
    if not files:
        return
    slowest = max(files, key=lambda each: each.seconds)
    hungriest = max(files, key=lambda each: each.child)
    zygotes = len({(each.process, each.zygote) for each in files if each.zygote})
    print(f"{len(files)} {title}")
    print(f"  ended: {dict(Counter(each.state for each in files))}")
    print(f"  refused: {dict(Counter(each.refusal for each in files if each.refusal).most_common())}")
    print(f"  worker's peak: {max(each.worker for each in files) / _MB:.0f} MB")
    print(f"  child's peak: {hungriest.child / _MB:.0f} MB ({hungriest.name})")
    print(f"  slowest: {slowest.seconds:.2f} s ({slowest.name}, {slowest.refusal or slowest.state})")
    print(f"  workers: {len({each.process for each in files})}, zygotes: {zygotes}")


def announce(done: int, total: int) -> None:
    """A line now and then."""
    if done % 500 == 0:
        print(f"{done}/{total}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
