"""The order of `script/test`: static checks, tests, the two coverage gates, and pytest's summary as the last line."""

import re
import shutil
import signal
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from types import FrameType

from script.checks.static import static_steps
from script.checks.steps import Bench, Outcome, python
from script.supervisor.accounts import account_for_postgres
from script.supervisor.guardian import Guardian
from script.supervisor.places import ROOT
from script.supervisor.terminal import say

GATES = {"dedupe": 97, "board": 97}
_SUMMARY = re.compile(r"^=*\s*(\d+ \w+|no tests ran)\b.* in [\d.]+s\b.*$")
_TOTAL = re.compile(r"^TOTAL\b.*\s([\d.]+)%$", re.MULTILINE)
_FAILURES, _FEW = re.compile(r"\b(\d+) failed\b"), 8  # one site that breaks takes several tests along
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
_SELECTIVE = ("-k", "-m", "--lf", "--last-failed", "--ff", "--deselect", "--ignore", "--collect-only", "--co")


def selects(arguments: list[str]) -> bool:
    """Whether these arguments of pytest choose some of the tests: then the tests alone are run, without gates."""
    return any(
        argument.startswith(_SELECTIVE) or (argument[:1] != "-" and (ROOT / argument.split("::")[0]).exists())
        for argument in arguments
    )


def report(outcome: Outcome) -> None:
    """One line for what is well; everything for what is not."""
    if outcome.status:
        say(outcome.output.rstrip())
    say(f"{'FAILED' if outcome.status else 'ok':>6}  {outcome.name} ({outcome.seconds:.0f} s)")


def run_pytest(bench: Bench, folder: Path, arguments: list[str]) -> tuple[Outcome, str]:
    """Run the tests before the reader's eyes; the outcome and the summary line."""
    summary = "no summary: pytest ended early"
    spread = (
        [] if any(argument.startswith(("-n", "--numprocesses")) for argument in arguments) else ["-n", "2"]
    )
    colour = ["--color=yes"] if sys.stdout.isatty() else []

    def show(line: str) -> None:
        nonlocal summary
        sys.stdout.write(line)
        sys.stdout.flush()
        if _SUMMARY.match(_ESCAPES.sub("", line)):
            summary = line.rstrip()

    own = ["--dist", "worksteal", *spread, *colour]
    step = python("pytest", "-m", "script.checks.covered", str(folder / "coverage"), *own, *arguments)
    return bench.run(step, show), summary


def with_figure(outcome: Outcome) -> Outcome:
    """The outcome of a gate with what was measured in its name."""
    total = _TOTAL.search(outcome.output)
    return replace(outcome, name=f"{outcome.name}: {total[1]} %") if total else outcome


def run_gates(bench: Bench, folder: Path) -> list[Outcome]:
    """Put the measurements together; each package has its own measure of enough."""
    data = f"--data-file={folder / 'coverage'}"
    combined = bench.run(python("coverage", "-m", "coverage", "combine", "--quiet", data))
    if combined.status:
        return [combined]
    return [
        with_figure(
            bench.run(
                python(
                    *(f"coverage of {package} ≥ {least} %", "-m", "coverage", "report", data),
                    *(f"--include={package}/*", f"--fail-under={least}", "--precision=1"),
                )
            )
        )
        for package, least in GATES.items()
    ]


def are_few(summary: str) -> bool:
    """Whether pytest's summary tells of one to eight failures, and of no error beside them."""
    failures = _FAILURES.search(summary)
    return failures is not None and int(failures[1]) <= _FEW and "error" not in summary


def run_failed_alone(bench: Bench, folder: Path) -> tuple[Outcome, str]:
    """Run the tests that failed once more, one after the other.

    Two browsers, four servers and two workers share the machine of a whole run; a test that a neighbour has starved
    passes by itself, and stays named above. One that fails again is at fault.
    """
    say("These failed beside the others. Once more, alone:")
    return run_pytest(bench, folder, ["--last-failed", "--last-failed-no-failures", "none", "-n", "0"])


def check(bench: Bench, folder: Path, arguments: list[str]) -> int:
    """Everything, or, when tests are selected, these alone; 0 when all is well."""
    chosen = selects(arguments)
    outcomes = [] if chosen else bench.run_side_by_side(static_steps(), report)
    tests, summary = run_pytest(bench, folder, arguments)
    if tests.status and not chosen and not bench.interrupted and are_few(summary):
        say(summary)
        tests, summary = run_failed_alone(bench, folder)
    outcomes.append(tests)
    if not chosen and not bench.interrupted:
        for outcome in run_gates(bench, folder):
            report(outcome)
            outcomes.append(outcome)
    failed = [outcome.name for outcome in outcomes if outcome.status]
    if failed:
        say(f"FAILED: {', '.join(failed)}")
    say(summary)
    return 130 if bench.interrupted else int(bool(failed))


def main() -> int:
    """In a temporary folder of its own, removed however this ends."""
    folder = Path(tempfile.mkdtemp(prefix="doppel-check-"))
    if account_for_postgres():
        folder.chmod(0o711)
    guardian = Guardian()
    guardian.remove(folder)
    bench = Bench(guardian, {"TMPDIR": str(folder)})

    def note(number: int, frame: FrameType | None) -> None:
        bench.interrupt()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, note)
    try:
        return check(bench, folder, sys.argv[1:])
    finally:
        guardian.close()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
