"""From the command line's words to a run, and from its result to tables and JSON."""

from __future__ import annotations

import json
import sys
from argparse import Namespace

from benchmarks.recall.run import Plan, Result, run
from benchmarks.recall.sample import File, Kind, files_of, read_repeats
from benchmarks.recall.score import document, lines
from dedupe.evaluation.crew import Progress, cores
from dedupe.evaluation.pairs import Chains
from dedupe.evaluation.scratch import scratch_site


def measure(options: Namespace) -> None:
    """Run in a scratch site, print, and write. Raises NoScratchDatabase and KeyboardInterrupt."""
    chains = Chains()
    if options.repeats:
        read_repeats(options.repeats, chains)
    plan = _plan(options)
    with scratch_site():
        result = run(plan, chains, announce)
    print(f"{result.stored} files stored, {result.unreadable} could not be read; half {plan.half}.")
    for kind, by_method in result.scores.items():
        for line in lines(kind, by_method, result.originals[kind]):
            print(line)
    if options.output:
        options.output.write_text(json.dumps(_described(plan, result), indent=1, ensure_ascii=False) + "\n")


def _plan(options: Namespace) -> Plan:
    return Plan(
        files=tuple(_files(options)),
        originals=options.originals,
        half=options.half,
        least_detail=options.least_detail,
        novel=options.novel,
        seed=options.seed,
        jobs=options.jobs or cores(),
    )


def _files(options: Namespace) -> list[File]:
    parts = {
        Kind.PHOTOGRAPHS: options.folders,
        Kind.GRAPHICS: options.graphics,
        Kind.CROWD: options.stored,
    }
    return [
        file
        for kind, folders in parts.items()
        for file in files_of([folder.resolve() for folder in folders], kind)
    ]


def _described(plan: Plan, result: Result) -> dict[str, object]:
    return {
        "seed": plan.seed,
        "half": plan.half,
        "least_detail": plan.least_detail,
        "stored": result.stored,
        "originals": {kind.value: count for kind, count in result.originals.items()},
        "scores": {kind.value: document(by_method) for kind, by_method in result.scores.items()},
    }


def announce(what: str) -> Progress:
    """Progress on stderr, a line now and then."""

    def show(done: int, total: int) -> None:
        if done == total or done % 50 == 0:
            print(f"{what}: {done}/{total}", file=sys.stderr)

    return show
