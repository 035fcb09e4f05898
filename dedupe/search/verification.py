"""Exact comparison of the few candidates, and the choice of those that a person is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from dedupe.conf import Matching
from dedupe.imaging import (
    ALGORITHM_VERSION,
    LOW_DETAIL,
    Distances,
    Relation,
    Treatment,
    classify,
    compare,
    probability,
)
from dedupe.models import Fingerprint, Picture, State
from dedupe.search.candidates import Candidate, Candidates, Query, find_candidates

_MOST_COMPARED = 50


@dataclass(frozen=True)
class Evidence:
    """A verified look-alike: what it is, how sure we are, and the raw numbers."""

    picture_id: int
    relation: Relation
    probability: float
    distances: Distances
    routes: tuple[str, ...]
    confident: bool

    def numbers(self) -> dict[str, float]:
        """The distances as plain numbers, for the match's evidence."""
        return {name: round(float(value), 4) for name, value in asdict(self.distances).items()}


@dataclass(frozen=True)
class LookAlikes:
    """The outcome of a whole search: what to ask about, nearest first, and what the search could not do."""

    found: tuple[Evidence, ...]
    too_little_detail: bool
    cut: tuple[str, ...]


def find_look_alikes(query: Query, size: tuple[int, int], matching: Matching) -> LookAlikes:
    """Search, compare, and keep what a person should be asked about.

    ``size`` is the width and height of the query picture. Raises SearchFailed.
    """
    candidates = find_candidates(query, matching)
    found = [
        evidence
        for evidence in _compare_all(query, size, candidates, matching)
        if _is_asked(evidence, query, matching)
    ]
    found.sort(key=lambda each: (-each.probability, each.distances.dct, each.picture_id))
    return LookAlikes(tuple(found), query.fingerprint.detail < LOW_DETAIL, candidates.cut)


def nearest(query: Query, size: tuple[int, int], matching: Matching, limit: int) -> tuple[Evidence, ...]:
    """The nearest pictures with their distances, whether or not anybody would be asked. Raises SearchFailed."""
    return find_nearest(query, size, matching, limit).found


def find_nearest(query: Query, size: tuple[int, int], matching: Matching, limit: int) -> LookAlikes:
    """``nearest``, with what the search could not do. Raises SearchFailed."""
    candidates = find_candidates(query, matching)
    found = list(_compare_all(query, size, candidates, matching))
    found.sort(key=lambda each: (-each.probability, each.distances.dct, each.picture_id))
    return LookAlikes(tuple(found[:limit]), query.fingerprint.detail < LOW_DETAIL, candidates.cut)


def _compare_all(
    query: Query, size: tuple[int, int], candidates: Candidates, matching: Matching
) -> Sequence[Evidence]:
    few = candidates.found[:_MOST_COMPARED]
    rows = _fingerprints(few)
    return [
        _evidence(query, size, candidate, rows[candidate.picture_id], matching)
        for candidate in few
        if candidate.picture_id in rows
    ]


def _fingerprints(candidates: Sequence[Candidate]) -> dict[int, Fingerprint]:
    rows = Fingerprint.objects.filter(
        picture__in=[candidate.picture_id for candidate in candidates],
        picture__state=State.LIVE,
        version=ALGORITHM_VERSION,
        treatment=Treatment.FULL,
    ).select_related("picture")
    return {row.picture_id: row for row in rows}


def _evidence(
    query: Query, size: tuple[int, int], candidate: Candidate, row: Fingerprint, matching: Matching
) -> Evidence:
    there: Picture = row.picture
    distances = compare(query.fingerprint, row.numbers())
    same_checksum = there.checksum == query.checksum
    same_pixels = bool(query.pixel_checksum) and there.pixel_checksum == query.pixel_checksum
    exact = same_checksum or same_pixels
    relation = classify(
        distances,
        same_checksum=same_checksum,
        same_pixels=same_pixels,
        size_a=size,
        size_b=(there.width or 0, there.height or 0),
    )
    likely = 1.0 if exact else probability(distances, query.fingerprint.detail, row.detail)
    confident = exact or (
        distances.dct <= matching.confident_distance
        and relation is not Relation.VARIANT
        and not row.low_detail
    )
    return Evidence(there.pk, relation, likely, distances, candidate.routes, confident)


def compare_pictures(picture: Picture, other: Picture, matching: Matching) -> Evidence | None:
    """The evidence of two stored pictures, or None when one of them has no fingerprint."""
    query = query_of(picture)
    candidate = Candidate(other.pk, (), None)
    row = _fingerprints([candidate]).get(other.pk)
    if query is None or row is None:
        return None
    return _evidence(query, (picture.width or 0, picture.height or 0), candidate, row, matching)


def _is_asked(evidence: Evidence, query: Query, matching: Matching) -> bool:
    if evidence.relation in {Relation.IDENTICAL_BYTES, Relation.SAME_PIXELS}:
        return True
    near = (
        evidence.distances.dct <= matching.ask_distance and evidence.probability >= matching.ask_probability
    )
    return near and query.fingerprint.detail >= LOW_DETAIL


def query_of(picture: Picture, leave_out: tuple[int, ...] = ()) -> Query | None:
    """The query that looks for the look-alikes of a stored picture, or None when it has no fingerprint yet."""
    row = picture.fingerprints.filter(version=ALGORITHM_VERSION, treatment=Treatment.FULL).first()
    if row is None:
        return None
    return Query(row.numbers(), picture.checksum, picture.pixel_checksum, (picture.pk, *leave_out))
