"""``python -m benchmarks.uploads``: how the whole site bears load, on this machine, with all that it runs on.

Starts Postgres, Valkey, web, worker and clock on loopback, lays pictures in, and measures: pages of pictures and old
addresses at 16 connections; a burst of uploads while pages are read; uploads of two megapixels in a row beside what
decoding alone allows. The visitors run on the same cores. ``--json FILE`` keeps the numbers.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from argparse import ArgumentParser
from pathlib import Path

from benchmarks.uploads import measuring
from benchmarks.uploads.measuring import Numbers
from benchmarks.uploads.stack import running_stack

PARTS = ("page", "sustained", "burst", "redirect")


def main() -> None:
    """Parse, start, measure, print."""
    parser = ArgumentParser(prog="python -m benchmarks.uploads", description=__doc__)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--stored", type=int, default=200, help="pictures that are there before")
    parser.add_argument("--burst", type=int, default=1000, help="uploads at once")
    parser.add_argument("--sustained", type=int, default=120, help="uploads of two megapixels")
    parser.add_argument("--seconds", type=float, default=20, help="of reading pages")
    parser.add_argument("--web", type=int, default=2, help="web processes")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2, help="children of the worker")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    measured: dict[str, Numbers] = {
        "machine": {"cores": os.cpu_count() or 0, "load_before": os.getloadavg()[0]}
    }
    with running_stack(web=options.web, workers=options.workers, people=20) as stack:
        measuring.lay_in(stack, options.stored)
        for part in PARTS:
            if part not in options.parts:
                continue
            if part == "page":
                measured[part] = measuring.picture_page(stack, options.seconds)
            elif part == "redirect":
                measured[part] = measuring.redirect(stack, options.seconds)
            elif part == "burst":
                measured[part] = measuring.burst(stack, options.burst)
            else:
                measured[part] = measuring.sustained(stack, options.sustained)
            print(
                part, ", ".join(f"{name} {value:.4g}" for name, value in measured[part].items()), flush=True
            )
    if options.json:
        options.json.write_text(json.dumps(measured, indent=2) + "\n")


if __name__ == "__main__":
    main()
