"""What waits for a reviewer: the lines of the queue, how many there are, and which comes next.

A cluster of cases takes one line, and is with somebody when any of its cases is.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from board.pages.access import person
from board.pages.queue import MARK, Wanted
from dedupe import workflow
from dedupe.models import Case, CaseKind, CaseState, Rendition
from dedupe.models.cases import CaseQuerySet

LISTED, BESIDE = 40, 15
_TRIES = 5
_SIDES = ("picture", "match__query", "match__candidate")
SHOWN = Rendition.objects.filter(kind__in=Rendition.DISPLAYED)


def case_to_show(pk: int, wanted: Wanted) -> Case | None:
    """A case with all that the desk shows of it, whatever its state, and its place in the order."""
    shown = Case.objects.filter(pk=pk).annotate(place=wanted.order.key)
    return (
        shown.select_related(
            "opened_by",
            "claimed_by",
            "cause__actor",
            *(f"{side}__{more}" for side in _SIDES for more in ("post", "owner")),
        )
        .prefetch_related(*(Prefetch(f"{side}__renditions", queryset=SHOWN) for side in _SIDES))
        .first()
    )


def counts_of(request: HttpRequest, wanted: Wanted) -> dict[str, int]:
    """How many lines pass the filters, by kind and in all; and how many of the chosen kind others have.

    A cluster is one line of each kind that it has cases of.
    """
    held = Q(mark__in=_marks_of_others(request)) & (Q(kind=wanted.kind) if wanted.kind else Q())
    return (
        wanted.of_kind("")
        .cases()
        .aggregate(
            all=Count("mark", distinct=True),
            claimed=Count("mark", filter=held, distinct=True),
            **{value: Count("mark", filter=Q(kind=value), distinct=True) for value in CaseKind.values},
        )
    )


def rows_of(request: HttpRequest, wanted: Wanted, case: Case | None) -> list[Case]:
    """A page of the queue; beside a case what comes from it on. Each with ``size``, its number of pictures."""
    cases = wanted.lines(wanted.cases()).select_related("picture", "match", "opened_by", "claimed_by")
    cases = cases.prefetch_related(Prefetch("picture__renditions", queryset=SHOWN))
    if case is not None:
        place = case.place  # type: ignore[attr-defined]
        rows = list(cases.filter(wanted.from_on(place, case.pk, itself=True))[:BESIDE])
    else:
        rows = list(cases.filter(wanted.after(request.GET.get("after", "")))[:LISTED])
    sizes = workflow.sizes_of({row.cluster for row in rows if row.cluster is not None})
    for row in rows:
        row.size = sizes.get(row.cluster or 0, 0)  # type: ignore[attr-defined]
    return rows


def beyond(rows: list[Case], wanted: Wanted) -> str:
    """The end of the address of the page behind these rows, empty where they are the last."""
    return "" if len(rows) < LISTED else wanted.beyond(rows[-1])


def _marks_of_others(request: HttpRequest) -> QuerySet[Case, Any]:
    """The clusters of which anybody else has a case."""
    theirs = Case.objects.filter(
        state=CaseState.OPEN, claimed_until__gt=timezone.now(), claimed_by__isnull=False
    )
    return theirs.exclude(claimed_by=person(request)).annotate(mark=MARK).values("mark")


def _free(request: HttpRequest, wanted: Wanted) -> CaseQuerySet:
    theirs = Q(mark__in=_marks_of_others(request))
    return wanted.lines(wanted.cases().exclude(theirs)).select_related("match")


def next_free(request: HttpRequest, wanted: Wanted, after: Case, *, of_others: bool = True) -> Case | None:
    """The next line that nobody else has, after this case in the order, else from the beginning.

    ``of_others``: not what is left of the cluster of this case either.
    """
    free = _free(request, wanted).exclude(pk=after.pk)
    if of_others and after.cluster is not None:
        free = free.exclude(cluster=after.cluster)
    place = after.place  # type: ignore[attr-defined]
    return free.filter(wanted.from_on(place, after.pk)).first() or free.first()


def claim_next(request: HttpRequest, wanted: Wanted, after: Case, *, of_others: bool = True) -> Case | None:
    """Lend the next free case to this reviewer; another one when somebody was quicker. None when none is left."""
    for _ in range(_TRIES):
        case = next_free(request, wanted, after, of_others=of_others)
        if case is None:
            return None
        try:
            workflow.claim_case(person(request), case)
        except workflow.Conflict:
            continue
        return case_to_show(case.pk, wanted)
    return None
