"""The reviewer's desk: the queue beside the case that lies open, as a whole page or as the part that is replaced.

A script asks for the part alone by the header X-Desk, and gets with it the address that the part belongs to.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from board.pages.access import person
from board.pages.case_words import case_context
from board.pages.cluster import Laid, cluster_context
from board.pages.queue import AGES, SORTS, SURE, Wanted
from board.pages.undoing import may_undo
from board.pages.waiting import beyond, counts_of, next_free, rows_of
from dedupe import workflow
from dedupe.imaging import Relation
from dedupe.models import Case, CaseKind, CaseState, Decision, DecisionKind, Rendition
from dedupe.models.relations import relation_words

_SINCE = "reviewing_since"
_CHIPS = (
    ("", gettext_lazy("All")),
    (CaseKind.OVERRIDE, gettext_lazy("Overrides")),
    (CaseKind.PROPOSAL, gettext_lazy("Better copies")),
    (CaseKind.REPORT, gettext_lazy("Reports")),
    (CaseKind.FIND, gettext_lazy("Library")),
    (CaseKind.EXPIRING, gettext_lazy("Expiring")),
    (CaseKind.SAMPLE, gettext_lazy("Samples")),
)


def wants_part(request: HttpRequest) -> bool:
    """Whether a script will put the answer in the place of what is shown now."""
    return "X-Desk" in request.headers


def address_of(case: Case | None, wanted: Wanted) -> str:
    """The address of a case, or of the queue, with what was asked for."""
    path = reverse("review") if case is None else reverse("case", args=[case.pk])
    return path + wanted.query


def desk(
    request: HttpRequest,
    case: Case | None = None,
    problem: str = "",
    status: int = 200,
    laid: Laid | None = None,
) -> HttpResponse:
    """The queue, with a case open or without one. ``case`` comes from ``case_to_show``.

    ``laid`` is what the reviewer has laid out of a cluster, else it is read from the address.
    """
    wanted = Wanted.read(request.GET)
    context = _queue(request, wanted, case) | {"problem": problem, "part": wants_part(request)}
    address = address_of(case, wanted)
    if case is not None:
        context |= _case(case, laid or Laid.read(request.GET), address) | _standing(request, wanted, case)
    template = "review/_desk.html" if wants_part(request) else "review/desk.html"
    response = render(request, template, context, status=status)
    response["X-Desk-Address"] = context.get("here", address)
    response["Vary"] = "X-Desk, Cookie"
    response["Cache-Control"] = "no-store"
    return response


def _case(case: Case, laid: Laid, address: str) -> dict[str, Any]:
    """The case as a pair; with the others that it hangs together with, where they are more than two pictures."""
    cluster = workflow.cluster_of(case)
    if len(cluster.pictures) <= 2:
        return case_context(case)
    return cluster_context(case, cluster, laid, address)


def _queue(request: HttpRequest, wanted: Wanted, case: Case | None) -> dict[str, Any]:
    counts = counts_of(request, wanted)
    rows = rows_of(request, wanted, case)
    return {
        "wanted": wanted,
        "cases": rows,
        "more": beyond(rows, wanted),
        "is_first_page": "after" not in request.GET,
        "chips": [
            {
                "query": wanted.of_kind(key).query,
                "label": label,
                "count": counts[key or "all"],
                "is_chosen": key == wanted.kind,
            }
            for key, label in _CHIPS
        ],
        "how_many": counts[wanted.kind or "all"],
        "claimed": counts["claimed"],
        "now": timezone.now(),
        "last": last_own_decision(request),
        "decided": _decided_here(request),
        "relations": [(each.value, capfirst(relation_words(each))) for each in Relation],
        "sures": SURE.items(),
        "ages": AGES.items(),
        "sorts": SORTS.items(),
    }


def _standing(request: HttpRequest, wanted: Wanted, case: Case) -> dict[str, Any]:
    """Who has the case, how it ended, and what comes next."""
    is_open = case.state == CaseState.OPEN
    following = next_free(request, wanted, case)
    closing = None if is_open else _closing(case)
    return {
        "held_by": case.claimed_by if is_open and case.is_claimed_by_another(request.user) else None,
        "is_mine": is_open and case.claimed_by_id == person(request).pk,
        "next_case": following,
        "next_address": address_of(following, wanted),
        "next_pictures": [] if following is None else pictures_of(following),
        "closing": closing,
        "may_reopen": closing is not None and may_undo(request.user, closing),
        "others_closed_too": 0 if closing is None else Decision.objects.made_with(closing).count() - 1,
        "answer_to_undo": _answer_to_undo(request, case),
    }


def _closing(case: Case) -> Decision | None:
    """The decision that closed a case."""
    closed = case.decisions.filter(kind=DecisionKind.REVIEW, undone_by__isnull=True)
    return closed.select_related("actor", "picture", "undone_by").order_by("-id").first()


def _answer_to_undo(request: HttpRequest, case: Case) -> Decision | None:
    """What the uploader had said of a sample that staff have judged, when it can be undone from here."""
    if case.kind != CaseKind.SAMPLE or case.state == CaseState.OPEN:
        return None
    return case.cause if case.cause is not None and may_undo(request.user, case.cause) else None


def pictures_of(case: Case) -> list[str]:
    """The addresses of the large renditions of a case, to be fetched before they are shown."""
    ids = {case.picture_id}
    if case.match_id is not None:
        ids = set(Case.objects.filter(pk=case.pk).values_list("match__query", "match__candidate")[0])
    kinds = [Rendition.Kind.LARGE, Rendition.Kind.LARGE_AVIF]
    rows = Rendition.objects.filter(picture__in=ids, kind__in=kinds).order_by("kind")
    shown = dict(rows.values_list("picture", "key"))  # where there is AVIF, that is shown
    return [reverse("rendition", args=[key]) for key in shown.values()]


def last_own_decision(request: HttpRequest) -> Decision | None:
    """What Z would undo: the last case that this reviewer closed and has not undone."""
    own = Decision.objects.filter(kind=DecisionKind.REVIEW, actor=person(request), undone_by__isnull=True)
    last = own.select_related("picture", "match", "case", "undone_by").order_by("-id").first()
    return last if last is not None and may_undo(request.user, last) else None


def begin_counting(request: HttpRequest) -> None:
    """Remember when this reviewer decided first in this session, to count from."""
    if _SINCE not in request.session:
        request.session[_SINCE] = timezone.now().isoformat()


def _decided_here(request: HttpRequest) -> int:
    since = request.session.get(_SINCE)
    if since is None:
        return 0
    own = Decision.objects.standing().filter(kind=DecisionKind.REVIEW, actor=person(request))
    return own.filter(created_at__gte=since, part_of__isnull=True).count()
