"""Clusters: open cases whose pictures hang together (A≈B≈C) are looked at as one, with one picture to keep.

Which case belongs where is written into its ``cluster`` when it is opened, and put right by every sweep. The mark is
a hint for lists: whatever is decided looks at the cases themselves. A mark that is out of date shows one cluster as
two, or two one after the other; it never hides a case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from dedupe.models import Case, CaseKind, CaseState

MOST_PICTURES = 9
"""So many pictures are decided about at once, so that each has a number key. What is cut off is the next case."""
_MOST_CASES = 1000
"""Of a crowd round a hub no more are looked through: enough to fill a cluster."""
_AT_ONCE = 500

Edge = tuple[int, int]


@dataclass(frozen=True)
class Cluster:
    """Cases between a few pictures, all of which hang together. ``beyond`` counts pictures that were cut off.

    ``pictures`` are ids, the nearest to the case that was asked for first; ``cases`` come with their matches.
    """

    cases: tuple[Case, ...]
    pictures: tuple[int, ...]
    beyond: int = 0


def cluster_of(case: Case) -> Cluster:
    """The cluster of a case as far as it is shown. A case that hangs together with none is one of its own.

    One query, and none for a case that stands alone.
    """
    if case.match is None:
        return Cluster((case,), (case.picture_id,))
    pair = (case.match.query_id, case.match.candidate_id)
    if case.cluster is None or case.state != CaseState.OPEN or case.kind == CaseKind.SAMPLE:
        return Cluster((case,), pair)
    marked = Case.objects.clustering().filter(cluster=case.cluster).select_related("match", "claimed_by")
    cases = {each.pk: each for each in marked.order_by("id")[:_MOST_CASES]} | {case.pk: case}
    reached = reach(pair, [_edge(each) for each in cases.values()])
    pictures = reached[:MOST_PICTURES]
    within = tuple(each for each in cases.values() if set(_edge(each)) <= set(pictures))
    return Cluster(tuple(sorted(within, key=lambda each: each.pk)), pictures, len(reached) - len(pictures))


def sizes_of(marks: Collection[int]) -> dict[int, int]:
    """How many pictures hang together under each of these marks."""
    if not marks:
        return {}
    rows = Case.objects.clustering().filter(cluster__in=marks)
    pictures: dict[int, set[int]] = defaultdict(set)
    for mark, query, candidate in rows.values_list("cluster", "match__query", "match__candidate"):
        pictures[mark or 0].update((query, candidate))
    return {mark: len(found) for mark, found in pictures.items()}


def _edge(case: Case) -> Edge:
    assert case.match is not None
    return case.match.query_id, case.match.candidate_id


def reach(start: Iterable[int], edges: Iterable[Edge]) -> tuple[int, ...]:
    """Everything that hangs together with ``start``, the nearest first."""
    beside: dict[int, list[int]] = defaultdict(list)
    for one, other in edges:
        beside[one].append(other)
        beside[other].append(one)
    found = list(dict.fromkeys(start))
    known = set(found)
    for picture in found:  # grows while it is gone through
        fresh = [other for other in dict.fromkeys(beside[picture]) if other not in known]
        known.update(fresh)
        found += fresh
    return tuple(found)


def join_cluster(case: Case) -> None:
    """Mark a case that was just opened, and those that it links, as one cluster.

    Rows that somebody else has locked are left to the next sweep: nobody waits for a mark.
    """
    if case.match is None or case.kind == CaseKind.SAMPLE:
        return
    pair = _edge(case)
    touching = Case.objects.clustering().filter(Q(match__query__in=pair) | Q(match__candidate__in=pair))
    beside = dict(touching.exclude(pk=case.pk).values_list("pk", "cluster"))
    mark = min([case.pk, *beside, *(each for each in beside.values() if each is not None)])
    others = Q(pk__in=beside) | Q(cluster__in=[each for each in beside.values() if each is not None])
    with transaction.atomic():
        stale = Case.objects.filter(others, state=CaseState.OPEN).exclude(cluster=mark)
        _mark(stale.values_list("pk", flat=True), mark)
        Case.objects.filter(pk=case.pk).update(cluster=mark)
    case.cluster = mark


def _mark(pks: Iterable[int], mark: int) -> int:
    """Mark those of these cases that nobody has locked. Returns how many were."""
    free = (
        Case.objects.filter(pk__in=list(pks)).order_by("pk").select_for_update(no_key=True, skip_locked=True)
    )
    return Case.objects.filter(pk__in=[case.pk for case in free.only("pk")]).update(cluster=mark)


def regroup() -> int:
    """Put the marks of all waiting cases right. Returns how many were changed."""
    rows = list(
        Case.objects.clustering()
        .order_by("id")
        .values_list("id", "cluster", "match__query", "match__candidate")
    )
    marks = _marks({pk: (query, candidate) for pk, _, query, candidate in rows})
    wrong: dict[int, list[int]] = defaultdict(list)
    for pk, mark, *_ in rows:
        if mark != marks[pk]:
            wrong[marks[pk]].append(pk)
    changed = 0
    for mark, pks in wrong.items():
        for start in range(0, len(pks), _AT_ONCE):
            with transaction.atomic():
                changed += _mark(pks[start : start + _AT_ONCE], mark)
    return changed


def _marks(edges: Mapping[int, Edge]) -> dict[int, int]:
    """The mark of each case: the lowest number among those that it hangs together with. ``edges`` by rising number."""
    root: dict[int, int] = {}

    def find(picture: int) -> int:
        root.setdefault(picture, picture)
        while root[picture] != picture:
            root[picture] = root[root[picture]]
            picture = root[picture]
        return picture

    for one, other in edges.values():
        root[find(one)] = find(other)
    first: dict[int, int] = {}
    return {pk: first.setdefault(find(edge[0]), pk) for pk, edge in edges.items()}
