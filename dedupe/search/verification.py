"""Comparison of the few candidates for real, and the choice of those that a person is asked about."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from dedupe.conf import Matching
from dedupe.imaging import ALGORITHM_VERSION, Comparison, Distances, Relation, Treatment, compare, relation_of
from dedupe.models import Fingerprint, Picture, State
from dedupe.search.candidates import Candidate, Candidates, find_candidates
from dedupe.search.comparisons import Comparisons
from dedupe.search.completeness import EARLIER, library_is_measured
from dedupe.search.geometry import geometry_of
from dedupe.search.query import Query, query_of
from dedupe.search.shortlist import shortlist

EXACT = frozenset({Relation.IDENTICAL_BYTES, Relation.SAME_PIXELS})
_HASHED_FREQUENCIES, _ANY_DISTANCE = 16, 256  # on a side of the larger hash; its bits
_EXACT_ROUTES = frozenset({"checksum", "pixels"})
COMPARED = "compared"
"""Stands among what was cut when more look-alikes were worth comparing than one search compares."""
SHOWN = "shown"
"""The same when more were found than are shown with one upload."""


@dataclass(frozen=True)
class Evidence:
    """A candidate that was compared: what it is to the query, how sure we are, and the raw numbers.

    ``distance`` counts the differing bits, 0 to 256, of the nearest pair of hashes; ``distances`` are those of the
    two whole pictures as they are. ``comparison`` is None where only equal bytes or pixels are known.
    """

    picture_id: int
    relation: Relation
    probability: float
    distance: int
    distances: Distances
    routes: tuple[str, ...]
    confident: bool
    comparison: Comparison | None = None

    @property
    def same_picture(self) -> bool:
        """Whether one picture is claimed, rather than two versions of one."""
        return self.relation.same_picture

    def numbers(self) -> dict[str, float]:
        """What was measured, as plain numbers, for the match's evidence."""
        numbers = {name: float(value) for name, value in asdict(self.distances).items()}
        if self.comparison is not None:
            numbers |= {name: float(value) for name, value in asdict(self.comparison.differences).items()}
            numbers["places"] = float(self.comparison.places)
            numbers["rewritten"] = self.comparison.rewritten
            numbers["exchanged"] = self.comparison.exchanged
            numbers["steady"] = self.comparison.steady
            numbers["theirs_covered"], numbers["mine_covered"] = self.comparison.coverage
        return {name: round(value, 4) for name, value in numbers.items()}

    def geometry(self) -> dict[str, object]:
        """Which part of which picture it is, for the match; empty where nothing was laid over each other."""
        return {} if self.comparison is None else geometry_of(self.comparison)


@dataclass(frozen=True)
class LookAlikes:
    """The outcome of a whole search: what to ask about, likeliest first, and what the search could not do.

    ``cut`` names the routes that found more than was looked at, and COMPARED where that is so of the comparison.
    ``not_searched`` names the routes that did not answer, and EARLIER while pictures are still of an older version.
    """

    found: tuple[Evidence, ...]
    too_little_detail: bool
    cut: tuple[str, ...]
    not_searched: tuple[str, ...] = ()


def find_look_alikes(query: Query, matching: Matching, known: Comparisons | None = None) -> LookAlikes:
    """Search, compare, and keep what a person should be asked about.

    ``known`` holds comparisons made before. Raises SearchFailed, and NotCompared when ``known`` is sealed.
    """
    return _found(query, matching, known, matching.ask_probability)


def find_nearest(query: Query, matching: Matching, limit: int) -> LookAlikes:
    """The nearest of the compared pictures, whether or not anybody would be asked. Raises SearchFailed."""
    everything = _found(query, matching, None, 0.0)
    return LookAlikes(
        everything.found[:limit], everything.too_little_detail, everything.cut, everything.not_searched
    )


def _found(query: Query, matching: Matching, known: Comparisons | None, least: float) -> LookAlikes:
    candidates = find_candidates(query, matching)
    chosen, left_out = _chosen(query, candidates, matching)
    compared = _compare_all(query, chosen, known or Comparisons(query), matching)
    found = [each for each in compared if each.relation in EXACT or each.probability >= least]
    found.sort(
        key=lambda each: (each.relation not in EXACT, -each.probability, each.distance, each.picture_id)
    )
    cut = candidates.cut
    # What is left out is the least alike: it is worth a word when those before it mostly were look-alikes.
    if left_out and len(found) * 2 >= len(chosen):
        cut = (*cut, COMPARED)
    not_searched = candidates.not_searched if library_is_measured() else (*candidates.not_searched, EARLIER)
    return LookAlikes(tuple(found), query.too_little_detail, cut, not_searched)


def _chosen(query: Query, candidates: Candidates, matching: Matching) -> tuple[dict[int, Candidate], bool]:
    """The candidates to compare by their ids, and whether others were worth it too."""
    exact = [each for each in candidates.found if each.routes & _EXACT_ROUTES]
    worth = [] if query.too_little_detail else shortlist(candidates.found, _unbounded(query, matching))
    most = matching.verified_candidates
    chosen = {each.picture_id: each for each in (*exact[:most], *worth[:most])}
    return chosen, len(exact) > most or len(worth) > most


def _unbounded(query: Query, matching: Matching) -> Matching:
    """Without a bound on how many; and of an icon the larger hash, most of which enlarging made up, excludes none."""
    distance = _ANY_DISTANCE if min(query.size) < _HASHED_FREQUENCIES else matching.candidate_distance
    return replace(matching, verified_candidates=sys.maxsize, candidate_distance=distance)


def _compare_all(
    query: Query, chosen: dict[int, Candidate], known: Comparisons, matching: Matching
) -> list[Evidence]:
    compared = known.with_pictures(list(chosen))
    rows = _fingerprints(list(chosen))
    return [
        evidence
        for candidate in chosen.values()
        if candidate.picture_id in rows
        for evidence in [_evidence(query, candidate, rows[candidate.picture_id], compared, matching)]
        if evidence is not None
    ]


def _fingerprints(pictures: Sequence[int]) -> dict[int, Fingerprint]:
    rows = Fingerprint.objects.filter(
        picture__in=pictures,
        picture__state=State.LIVE,
        version=ALGORITHM_VERSION,
        treatment=Treatment.FULL,
    ).select_related("picture")
    return {row.picture_id: row for row in rows}


def _evidence(
    query: Query,
    candidate: Candidate,
    row: Fingerprint,
    compared: dict[int, Comparison | None],
    matching: Matching,
) -> Evidence | None:
    there: Picture = row.picture
    comparison = compared[there.pk]
    relation = _relation(query, there, comparison)
    if relation is None:
        return None
    distances = compare(query.fingerprint, row.numbers())
    exact = relation in EXACT
    likely = 1.0 if exact else comparison.probability if comparison else 0.0
    confident = exact or (likely >= matching.confident_probability and relation.same_picture)
    distance = candidate.distance if candidate.distance is not None else distances.dct
    return Evidence(
        picture_id=there.pk,
        relation=relation,
        probability=likely,
        distance=distance,
        distances=distances,
        routes=tuple(sorted(candidate.routes)),
        confident=confident,
        comparison=comparison,
    )


def _relation(query: Query, there: Picture, comparison: Comparison | None) -> Relation | None:
    if there.checksum == query.checksum:
        return Relation.IDENTICAL_BYTES
    if query.pixel_checksum and there.pixel_checksum == query.pixel_checksum:
        return Relation.SAME_PIXELS
    if comparison is None:
        return None
    return relation_of(comparison, size_stored=(there.width or 0, there.height or 0), size_query=query.size)


def compare_pictures(picture: Picture, other: Picture, matching: Matching) -> Evidence | None:
    """The evidence of two stored pictures, or None when they cannot be compared. Raises SearchFailed."""
    query = query_of(picture)
    row = _fingerprints([other.pk]).get(other.pk)
    if query is None or row is None:
        return None
    compared = Comparisons(query).with_pictures([other.pk])
    return _evidence(query, Candidate(other.pk), row, compared, matching)
