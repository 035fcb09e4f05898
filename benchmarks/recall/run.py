"""One run: lay in, choose, try, and score. The scratch site must be there already."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.recall.sample import File, Kind, background_for, is_novel, originals_of
from benchmarks.recall.score import Library, Score, scores
from benchmarks.recall.trials import Trial, ask_novel, describe_stored, put_to_trial
from dedupe.evaluation import measuring
from dedupe.evaluation.collection import twins
from dedupe.evaluation.crew import spread
from dedupe.evaluation.measuring import Announce, lay_in_all
from dedupe.evaluation.pairs import Chains
from dedupe.imaging import ALGORITHM_VERSION, Treatment
from dedupe.models import Fingerprint

KINDS = (Kind.PHOTOGRAPHS, Kind.GRAPHICS)


@dataclass(frozen=True)
class Plan:
    """What a run is to do; the command line names the same things."""

    files: tuple[File, ...]
    originals: int
    half: str
    least_detail: float
    novel: float
    seed: int
    jobs: int


@dataclass(frozen=True)
class Result:
    """The scores by kind and method, and how much they rest on."""

    scores: dict[Kind, dict[str, Score]]
    originals: dict[Kind, int]
    stored: int
    unreadable: int


def run(plan: Plan, chains: Chains, announce: Announce) -> Result:
    """Do it. ``chains`` holds the known repeats; equal bytes are added."""
    novel = [file for file in plan.files if is_novel(file, plan.seed, plan.novel)]
    stored = [file for file in plan.files if not is_novel(file, plan.seed, plan.novel)]
    _join_twins(plan.files, chains)
    library = _lay_in(stored, plan.jobs, announce)
    details = _details(library)
    readable = [file for file in stored if file.path in details]
    originals = [each for kind in KINDS for each in _originals(plan, readable, kind, details)]
    trials = [Trial(each, background_for(each, readable, plan.seed), plan.seed) for each in originals]
    described = spread(
        describe_stored, [file.path for file in readable], plan.jobs, announce("Describing for the peers")
    )  # fmt: skip
    known = Library(described, library.files, chains)
    outcomes = list(spread(put_to_trial, trials, plan.jobs, announce("Editing and asking")))
    answers = list(spread(ask_novel, novel, plan.jobs, announce("Asking about novel files")))
    return Result(
        scores={kind: scores(kind, outcomes, answers, known) for kind in KINDS},
        originals={kind: sum(each.kind is kind for each in originals) for kind in KINDS},
        stored=len(readable),
        unreadable=len(stored) - len(readable),
    )


def _originals(plan: Plan, stored: list[File], kind: Kind, details: dict[Path, float]) -> list[File]:
    return originals_of(
        stored,
        kind,
        details,
        count=plan.originals,
        half=plan.half,
        least=plan.least_detail,
        seed=plan.seed,
    )


def _join_twins(files: tuple[File, ...], chains: Chains) -> None:
    for first, *others in twins(Path("/"), [str(file.path) for file in files]):
        for other in others:
            chains.join(first, other)


def _lay_in(stored: list[File], jobs: int, announce: Announce) -> measuring.Library:
    """Store the files under their absolute paths."""
    groups = twins(Path("/"), [str(file.path) for file in stored])
    return lay_in_all(Path("/"), groups, jobs, announce)


def _details(library: measuring.Library) -> dict[Path, float]:
    """The detail of every stored file that is live."""
    rows = Fingerprint.objects.filter(version=ALGORITHM_VERSION, treatment=Treatment.FULL)
    details = dict(rows.values_list("picture_id", "detail"))
    return {
        Path(name): details[laid.picture_id]
        for name, laid in library.laid.items()
        if laid.picture_id is not None
    }
