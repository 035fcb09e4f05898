"""Every decision that a person may know of, with its undo."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from board.pages.access import person
from board.pages.lines import lines_of, with_ledger
from board.pages.problems import PROBLEMS, refusal_page
from board.restoring import what_stays
from dedupe import workflow
from dedupe.models import Decision, DecisionKind
from dedupe.permissions import may_review
from dedupe.visibility import decisions_known_to, may_know_of

PAGE = 40


@login_required
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """What one has decided and what was decided about one's pictures; reviewers see everything.

    ``?person=`` and ``?kind=`` choose, ``?before=`` goes on behind the decision of that number.
    """
    chosen_person, kind = request.GET.get("person", "").strip(), request.GET.get("kind", "")
    kind = kind if kind in DecisionKind.values else ""
    before = _number(request.GET.get("before", ""))
    found = decisions_known_to(request.user)
    if kind:
        found = found.filter(kind=kind)
    if chosen_person and may_review(request.user):
        found = found.filter(actor__username__iexact=chosen_person)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(with_ledger(found).order_by("-id")[: PAGE + 1])
    given: dict[str, Any] = {
        name: value for name, value in (("kind", kind), ("person", chosen_person)) if value
    }
    context = {
        "lines": lines_of(request.user, rows[:PAGE]),
        "kinds": [("", _("All")), *DecisionKind.choices],
        "kind": kind,
        "person": chosen_person,
        "newest": f"?{urlencode(given)}" if before is not None else "",
        "older": f"?{urlencode(given | {'before': rows[PAGE - 1].pk})}" if len(rows) > PAGE else "",
    }
    return render(request, "history.html", context)


def _number(text: str) -> int | None:
    """The number of a decision, or None for what cannot be one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision back, with ``whole`` all that was decided in one act with it, and return to where one was."""
    decision = Decision.objects.select_related("picture", "match", "case", "undone_by").filter(pk=pk).first()
    if decision is None or not may_know_of(request.user, decision):
        raise Http404("There is no such decision.")
    back = _way_back(request, decision)
    whole = "whole" in request.POST
    parts = list(Decision.objects.made_with(decision)) if whole else [decision]
    if (kept := [words for part in parts for words in what_stays(part)]) and "sure" not in request.POST:
        context = {"decision": decision, "kept": kept, "back": back, "whole": whole}
        return render(request, "undo_sure.html", context)
    take_back = workflow.undo_act if whole else workflow.undo_decision
    try:
        take_back(person(request), decision, request.POST.get("reason", ""))
    except PROBLEMS as problem:
        return refusal_page(request, problem, back)
    everything = _("Undone. Everything is as it was before.")
    messages.success(request, _("Undone. Everything else is as it was before.") if kept else everything)
    return redirect(back)


def _way_back(request: HttpRequest, decision: Decision) -> str:
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return reverse("upload-status", args=[decision.picture.public_id])
