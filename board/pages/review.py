"""The review queue: staff look at one case after the other, uphold or reverse."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from board.pages.access import person, staff_only
from board.pages.case_words import case_context
from board.pages.problems import PROBLEMS, status_for, words_for
from board.pages.undoing import may_undo, with_undo
from dedupe import workflow
from dedupe.models import Case, CaseKind, CaseState, Decision, DecisionKind

_LISTED = 40
_CHIPS = (
    ("", "All"),
    (CaseKind.OVERRIDE, "Overrides"),
    (CaseKind.PROPOSAL, "Better copies"),
    (CaseKind.REPORT, "Reports"),
)


@staff_only
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """The open cases, oldest first. Opening one shows it on the same screen."""
    return render(request, "review/queue.html", _queue_context(request))


@staff_only
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case with both pictures, beside the queue."""
    return case_page(request, pk)


def case_page(request: HttpRequest, pk: int, problem: str = "", status: int = 200) -> HttpResponse:
    """The page of a case, with a sentence about what could not be done."""
    found = _with_pictures(Case.objects.filter(pk=pk)).first()
    if found is None:
        raise Http404("There is no such case.")
    context = _queue_context(request) | case_context(found)
    context["problem"] = problem
    context["held_by"] = found.claimed_by if found.is_claimed_by_another(request.user) else None
    context["is_mine"] = found.claimed_by_id == person(request).pk
    context["next_case"] = _next_open(request, found)
    context["closing"] = with_undo(found.decisions.filter(kind=DecisionKind.REVIEW)).first()
    return render(request, "review/case.html", context, status=status)


def _queue_context(request: HttpRequest) -> dict[str, Any]:
    kind = _kind(request)
    waiting = Case.objects.filter(state=CaseState.OPEN)
    counts = waiting.aggregate(
        all=Count("pk"),
        claimed=Count("pk", filter=_held_by_others(request)),
        **{value: Count("pk", filter=Q(kind=value)) for value in CaseKind.values},
    )
    listed = waiting.filter(kind=kind) if kind else waiting
    return {
        "cases": list(_with_pictures(listed).order_by("created_at", "id")[:_LISTED]),
        "chips": [
            {"key": key, "label": label, "count": counts[key or "all"], "is_chosen": key == kind}
            for key, label in _CHIPS
        ],
        "kind": kind,
        "how_many": counts["all"],
        "claimed": counts["claimed"],
        "now": timezone.now(),
        "last": _last_own_decision(request),
    }


def _kind(request: HttpRequest) -> str:
    wanted = request.GET.get("kind", "") or request.POST.get("kind", "")
    return wanted if wanted in CaseKind.values else ""


def _held_by_others(request: HttpRequest) -> Q:
    return Q(claimed_until__gt=timezone.now()) & ~Q(claimed_by=person(request))


def _with_pictures(cases: QuerySet[Case]) -> QuerySet[Case]:
    sides = ("picture", "match__query", "match__candidate")
    return cases.select_related(
        "opened_by",
        "claimed_by",
        "cause__actor",
        *(f"{side}__{more}" for side in sides for more in ("post", "owner")),
    ).prefetch_related(*(f"{side}__renditions" for side in sides))


def _next_open(request: HttpRequest, after: Case) -> Case | None:
    """The next case that nobody else has, after this one in the queue's order, else from its beginning."""
    kind = _kind(request)
    free = Case.objects.filter(state=CaseState.OPEN).exclude(pk=after.pk).exclude(_held_by_others(request))
    free = (free.filter(kind=kind) if kind else free).order_by("created_at", "id")
    later = Q(created_at__gt=after.created_at) | Q(created_at=after.created_at, id__gt=after.pk)
    return free.filter(later).first() or free.first()


def _last_own_decision(request: HttpRequest) -> Decision | None:
    own = Decision.objects.filter(kind=DecisionKind.REVIEW, actor=person(request), undone_by__isnull=True)
    last = with_undo(own).order_by("-id").first()
    return last if last is not None and may_undo(request.user, last) else None


@staff_only
@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Lend the case to this reviewer for a while; answers with a line that says who has it."""
    found = Case.objects.select_related("claimed_by").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such case.")
    problem = ""
    try:
        found = workflow.claim_case(person(request), found)
    except PROBLEMS as error:
        problem = words_for(error)
    if not getattr(request, "htmx", False):
        return redirect(_address(found, _kind(request)))
    return render(request, "review/_claim.html", {"case": found, "problem": problem, "is_mine": not problem})


@staff_only
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Uphold or reverse, then go on with the next case."""
    found = Case.objects.select_related("match", "picture", "claimed_by").filter(pk=pk).first()
    act = request.POST.get("act", "")
    if found is None or act not in {"uphold", "reverse"}:
        raise Http404("There is no such case.")
    try:
        workflow.close_case(
            person(request), found, uphold=act == "uphold", reason=request.POST.get("reason", "")
        )
    except PROBLEMS as problem:
        return case_page(request, pk, words_for(problem), status_for(problem))
    messages.success(request, "Decided.")
    following = _next_open(request, found)
    if following is None:
        return redirect("review")
    return redirect(_address(following, _kind(request)))


def _address(found: Case, kind: str) -> str:
    address = reverse("case", args=[found.pk])
    return f"{address}?kind={kind}" if kind else address
