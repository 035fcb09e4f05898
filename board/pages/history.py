"""Every decision that a person may know of, with its undo."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_POST, require_safe

from board.pages.access import may_manage, person
from board.pages.problems import PROBLEMS, refusal_page
from board.pages.undoing import mark_undoable, with_undo
from board.restoring import what_stays
from dedupe import workflow
from dedupe.models import Decision, DecisionKind, Role
from dedupe.permissions import may_review

_PAGE = 40


@login_required
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """One's own decisions; staff see everybody's, by ``?person=`` and ``?kind=``."""
    chosen_person, kind = request.GET.get("person", "").strip(), request.GET.get("kind", "")
    kind = kind if kind in DecisionKind.values else ""
    found = _known_to(request.user)
    if kind:
        found = found.filter(kind=kind)
    if chosen_person and may_review(request.user):
        found = found.filter(actor__username__iexact=chosen_person)
    page = Paginator(with_undo(found).order_by("-id"), _PAGE).get_page(request.GET.get("page"))
    given = {"kind": kind, "person": chosen_person}
    context = {
        "page": page,
        "lines": mark_undoable(request.user, page),
        "kinds": [("", "All"), *DecisionKind.choices],
        "kind": kind,
        "person": chosen_person,
        "keep": "".join(f"&{urlencode({name: value})}" for name, value in given.items() if value),
    }
    return render(request, "history.html", context)


def _known_to(user: Any) -> QuerySet[Decision]:
    if may_review(user):
        return Decision.objects.all()
    by_machine = Q(role=Role.MACHINE, picture__owner=user)
    return Decision.objects.filter(Q(actor=user) | by_machine)


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision back, and return to where the undo was asked for."""
    decision = Decision.objects.select_related("picture", "match", "case", "undone_by").filter(pk=pk).first()
    if decision is None or not _may_know(request.user, decision):
        raise Http404("There is no such decision.")
    back = _way_back(request, decision)
    if (kept := what_stays(decision)) and "sure" not in request.POST:
        return render(request, "undo_sure.html", {"decision": decision, "kept": kept, "back": back})
    try:
        workflow.undo_decision(person(request), decision, request.POST.get("reason", ""))
    except PROBLEMS as problem:
        return refusal_page(request, problem, back)
    everything = "Everything else is" if kept else "Everything is"
    messages.success(request, f"Undone. {everything} as it was before.")
    return redirect(back)


def _may_know(user: Any, decision: Decision) -> bool:
    return may_manage(user, decision.picture) or decision.actor_id == user.pk


def _way_back(request: HttpRequest, decision: Decision) -> str:
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return reverse("upload-status", args=[decision.picture.public_id])
