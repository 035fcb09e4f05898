"""The whole measurement, in the order that keeps its parts from disturbing one another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dedupe.conf import Matching
from dedupe.scale import crops as crop_route
from dedupe.scale.clock import Answers, Load, Times, as_it_is, ask, ask_at_once, index_routes
from dedupe.scale.crops import CropsFound
from dedupe.scale.crowds import COPIES, NEAR_WHITE, crowds
from dedupe.scale.indexes import freshen
from dedupe.scale.inserts import Inserts, insert
from dedupe.scale.library import FINGERPRINTS, Stored, empty, fill, finish, store_pictures
from dedupe.scale.plans import complaints, plan_of, rows_read
from dedupe.scale.population import population
from dedupe.scale.questions import KINDS, Question, questions
from dedupe.scale.rivals import Rival, rivals
from dedupe.scale.truth import Truth
from dedupe.scale.word_population import fill_words
from dedupe.search import Query

Announce = Callable[[str], Callable[[int, int], None]]
"""Told what is begun; what it gives is told how much of it is done, and of how much."""

_COMPARISONS = 50_000_000  # pictures that are looked at for questions that are asked of everything, roughly
_EXPLAINED = 20
_INSERTED = 500
_CROPS = 120


@dataclass(frozen=True)
class Order:
    """What is wanted: pictures in the library, questions, clients at once, crowds of pages and copies; the seed.

    Of ``files`` crops are made; without any the words route is not measured.
    """

    rows: int
    questions: int = 200
    clients: int = 8
    near_white: int = NEAR_WHITE
    copies: int = COPIES
    seed: int = 0
    files: Sequence[Path] = ()
    with_rivals: bool = True


@dataclass(frozen=True)
class Asked:
    """A kind of query: times alone and at once, rows read (median), the share that a limit cut short."""

    times: Times
    load: Load
    rows: int
    cut: float


@dataclass(frozen=True)
class Recall:
    """Shares from 0 to 1: of the planted by kind, of all within the radius, of all within the window; how many."""

    planted: dict[str, float]
    within_radius: float
    pairs_within_radius: int
    within_window: float
    pairs_within_window: int


@dataclass(frozen=True)
class Measurement:
    """Everything that was measured."""

    order: Order
    stored: Stored
    upright: Asked
    every_way: Asked
    complaints: tuple[str, ...]
    """What the plans have of what would make them slow; empty when they are as they were meant."""
    recall: Recall
    crowded_upright: Times
    crowded_every_way: Times
    crowded_cut: float
    rivals: tuple[Rival, ...]
    crops: CropsFound | None
    inserts: Inserts


def measure(order: Order, announce: Announce) -> Measurement:
    """Fill the tables of a scratch site, ask, compare. Raises SearchFailed for a query beyond its time."""
    indexes = empty()
    asked, planted = questions(order.questions, order.rows + 1, order.seed, index_routes())
    judged = max(5, min(40, _COMPARISONS // order.rows))
    truth = Truth([each.query for each in asked[:judged]], index_routes())
    library = truth.seeing(population(order.rows, order.seed))
    stored_so_far = announce("Pictures stored")
    pictures, fingerprints = fill(library, lambda done: stored_so_far(done, order.rows))
    more_pictures, more = fill(truth.seeing([planted]))
    stored = finish(indexes, pictures + more_pictures, fingerprints + more)
    upright, _ = _asked([each.upright for each in asked], as_it_is(), order.clients)
    every_way, answers = _asked([each.query for each in asked], index_routes(), order.clients)
    wrong = tuple(complaints(plan_of(asked[0].query, index_routes())))
    compared = tuple(rivals(asked, index_routes())) if order.with_rivals else ()
    next_free = stored.pictures + 1
    found = _crops(order, next_free, announce) if order.files else None
    next_free += _CROPS
    inserts = insert(_INSERTED, next_free, order.seed)
    crowded = _crowded(order, asked, next_free + _INSERTED)
    return Measurement(
        order,
        stored,
        upright,
        every_way,
        wrong,
        _recall(asked, answers, truth),
        *crowded,
        compared,
        found,
        inserts,
    )


def _asked(queries: list[Query], matching: Matching, clients: int) -> tuple[Asked, Answers]:
    ask(queries, matching)  # once to warm the caches
    answers = ask(queries, matching)
    plans = [rows_read(plan_of(query, matching)) for query in queries[:_EXPLAINED]]
    load = ask_at_once(queries, matching, clients)
    return Asked(answers.times, load, sorted(plans)[len(plans) // 2], answers.cut), answers


def _recall(asked: list[Question], answers: Answers, truth: Truth) -> Recall:
    found = [{candidate.picture_id for candidate in each.found} for each in answers.found]
    planted = {
        kind: sum(each.planted[kind] in seen for each, seen in zip(asked, found, strict=True)) / len(asked)
        for kind in KINDS
    }
    near, inside = (_share(wanted, found) for wanted in (truth.within_radius, truth.within_window))
    return Recall(planted, *near, *inside)


def _share(wanted: list[set[int]], found: list[set[int]]) -> tuple[float, int]:
    """Of the wanted pictures, the share that was found, and how many they are."""
    pairs = sum(map(len, wanted))
    both = sum(len(each & seen) for each, seen in zip(wanted, found, strict=False))
    return (both / pairs if pairs else 1.0), pairs


def _crops(order: Order, first: int, announce: Announce) -> CropsFound | None:
    cropped, originals = crop_route.crops(order.files, _CROPS, first, order.seed)
    if not cropped:
        return None
    store_pictures(first, first + len(originals) - 1)
    stored_so_far = announce("Words stored")
    fill_words(order.rows, order.seed, originals, lambda done: stored_so_far(done, order.rows))
    crop_route.find(cropped, index_routes(), order.rows)  # once to warm the caches
    return crop_route.find(cropped, index_routes(), order.rows)


def _crowded(order: Order, asked: list[Question], first: int) -> tuple[Times, Times, float]:
    """Times of all questions, and of such into the crowds, with these stored as well."""
    into, crowd = crowds(asked[0], order.near_white, order.copies, first, order.seed)
    fill([crowd])
    freshen(FINGERPRINTS)
    both = [*into, *asked]
    ask([each.query for each in both], index_routes())
    upright = ask([each.upright for each in both], as_it_is())
    every_way = ask([each.query for each in both], index_routes())
    return upright.times, every_way.times, ask([each.query for each in into], index_routes()).cut
