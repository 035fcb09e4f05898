"""Any fault at any step, chosen by chance: after one sweep every invariant holds.

Without more the seed is the same in every run, one by chance is printed at the head of the run; more by hand:
``FAULT_RUNS=200 FAULT_SEED=random script/test tests/integration/test_random_faults.py``, and ``FAULT_SEED=…`` to see
one again. ``FAULT_LOG=file`` keeps a line for each run.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from tests.integration.breakages import break_analysis, break_answer, break_submission
from tests.integration.breaking import BreakableSite
from tests.integration.strikes import ANALYSIS, DECIDE, SUBMIT, strikes_at

RUNS = int(os.environ.get("FAULT_RUNS", "20"))
SEED = int(os.environ.get("FAULT_SEED", "1"))


def scene(chance: random.Random) -> tuple[str, str, float]:
    """The step, the fault, and how long it lasts, in seconds."""
    steps = chance.choices((ANALYSIS, SUBMIT, DECIDE), weights=(6, 1, 1))[0]
    step = chance.choice(steps)
    return step, chance.choice(strikes_at(step)), chance.choice((0.0, 0.2, 1.0, 3.0))


def play(site: BreakableSite, step: str, fault: str, hold: float) -> None:
    """One run, on a site that has recovered from the run before."""
    site.await_ready()
    if step in SUBMIT:
        break_submission(site, step, fault, hold)
    elif step in DECIDE:
        break_answer(site, step, fault, hold)
    else:
        break_analysis(site, step, fault, hold)


@pytest.mark.hostile("I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8")
@pytest.mark.timeout(60 + 120 * RUNS)
def test_whatever_breaks_at_whatever_moment_nothing_is_lost(breakable: BreakableSite) -> None:
    chance = random.Random(SEED)
    failures: list[str] = []
    for number in range(RUNS):
        step, fault, hold = scene(chance)
        name = f"run {number} of seed {SEED}: at {step}, {fault}, for {hold} s"
        started = time.monotonic()
        if number % 10 == 9:
            breakable.keeper("clear")  # what is there is looked at after every run
        try:
            play(breakable, step, fault, hold)
        except Exception as error:
            failures.append(f"{name}: {error!r}")
            note(f"FAILED {failures[-1]}")
            breakable.mend()
        else:
            note(f"ok {name} ({time.monotonic() - started:.1f} s)")
    assert failures == []


def note(line: str) -> None:
    """Keep a line for whoever watches a long run."""
    if log := os.environ.get("FAULT_LOG"):
        with Path(log).open("a") as file:
            file.write(f"{line}\n")
