"""The review queue: staff look at one case after the other and say what the pictures are to each other."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from board.pages.access import person, staff_only
from board.pages.case_words import DONE, sampled_words
from board.pages.cluster import Laid, ruling_of
from board.pages.cluster_words import decided_words
from board.pages.desk import (
    address_of,
    begin_counting,
    desk,
    last_own_decision,
    wants_part,
)
from board.pages.problems import PROBLEMS, Problem, status_for, words_for
from board.pages.queue import Wanted
from board.pages.waiting import case_to_show, claim_next, next_free
from board.restoring import what_stays
from dedupe import workflow
from dedupe.models import Case, CaseKind, Decision

_LAST_ONE = gettext_lazy("No other case is free. The one that you skipped still waits.")
_NOT_ALL = gettext_lazy("Nothing was undone yet, because not everything can be put back as it was.")
_CLUSTER_ACTS = ("all", "laid")
_NOTHING_SAID = gettext_lazy(
    "These pictures have changed meanwhile, or nothing was said of any of them. Nothing was decided."
)


@staff_only
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """The waiting cases, narrowed and sorted by the address. Opening one shows it on the same screen."""
    return desk(request)


@staff_only
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case with both pictures, beside the queue."""
    return desk(request, _case(request, pk))


def _case(request: HttpRequest, pk: int) -> Case:
    found = case_to_show(pk, Wanted.read(request.GET))
    if found is None:
        raise Http404("There is no such case.")
    return found


def _case_to_act_on(request: HttpRequest, pk: int) -> Case:
    """A case with no more than a decision needs, and its place in the order."""
    cases = Case.objects.select_related("picture", "match", "claimed_by", "cause__actor")
    found = cases.annotate(place=Wanted.read(request.GET).order.key).filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such case.")
    return found


def _refused(request: HttpRequest, pk: int, problem: Problem) -> HttpResponse:
    """The case as it is now, with a sentence about what could not be done."""
    return desk(request, _case(request, pk), words_for(problem), status_for(problem))


@staff_only
@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Lend the case to this reviewer for a while, or for longer; a script gets a line that says who has it."""
    found, wanted = _case_to_act_on(request, pk), Wanted.read(request.GET)
    problem, status, following = "", 200, None
    try:
        found = workflow.claim_case(person(request), found)
    except PROBLEMS as error:
        problem, status = words_for(error), status_for(error)
        following = next_free(request, wanted, found)
    if not wants_part(request):
        return redirect(address_of(found, wanted))
    context = {
        "case": found,
        "problem": problem,
        "is_mine": not problem,
        "next_address": address_of(following, wanted) if following else "",
    }
    return render(request, "review/_claim.html", context, status=status)


@staff_only
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what the pictures are to each other, then go on with the next case."""
    found = _case_to_act_on(request, pk)
    act = request.POST.get("act", "")
    if act not in list(workflow.Resolution):
        raise Http404("There is no such way to close a case.")
    resolution = workflow.Resolution(act)
    begin_counting(request)
    try:
        decision = workflow.resolve_case(person(request), found, resolution, request.POST.get("reason", ""))
    except PROBLEMS as problem:
        return _refused(request, pk, problem)
    messages.success(request, _after(found, decision, resolution))
    return _go_on(request, found)


@staff_only
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which picture of a cluster stays and what the others are to it, then go on with the next case."""
    found = _case_to_act_on(request, pk)
    laid, act = Laid.read(request.POST), request.POST.get("act", "")
    if act not in _CLUSTER_ACTS:
        raise Http404("There is no such way to decide.")
    ruling = ruling_of(laid, workflow.cluster_of(found), all_same=act == "all")
    if ruling is None:
        return desk(request, _case(request, pk), str(_NOTHING_SAID), 409, laid)
    begin_counting(request)
    try:
        workflow.decide_cluster(person(request), found, ruling, request.POST.get("reason", ""))
    except PROBLEMS as problem:
        return desk(request, _case(request, pk), words_for(problem), status_for(problem), laid)
    messages.success(request, _("Decided: {outcome}.").format(outcome=decided_words(ruling)))
    return _go_on(request, found, of_others=False)


def _after(found: Case, decision: Decision, resolution: workflow.Resolution) -> str:
    if found.kind == CaseKind.SAMPLE:
        return _("Decided. {words}").format(words=sampled_words(found, decision))
    return _("Decided: {outcome}.").format(outcome=DONE[resolution])


@staff_only
@require_POST
def skip(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the case back to the queue and go on with the next one."""
    found = _case_to_act_on(request, pk)
    workflow.release_case(person(request), found)
    return _go_on(request, found, str(_LAST_ONE))


def _go_on(
    request: HttpRequest, after: Case, at_the_end: str = "", *, of_others: bool = True
) -> HttpResponse:
    """The next free case, claimed; or the queue and a sentence, when no other is free."""
    wanted = Wanted.read(request.GET)
    following = claim_next(request, wanted, after, of_others=of_others)
    if following is None and at_the_end:
        messages.info(request, at_the_end)
    if wants_part(request):
        return desk(request, following)
    return redirect(address_of(following, wanted))


@staff_only
@require_POST
def undo_last(request: HttpRequest) -> HttpResponse:
    """Take this reviewer's last decision back and return to its case."""
    wanted = Wanted.read(request.GET)
    last = last_own_decision(request)
    if last is None:
        messages.info(request, _("You have decided nothing that can be undone."))
        return desk(request) if wants_part(request) else redirect(address_of(None, wanted))
    parts = list(Decision.objects.made_with(last).filter(undone_by__isnull=True).order_by("pk"))
    about = next((each.case_id for each in parts if each.case_id is not None), None)
    if about is None:
        return redirect("history")
    if kept := [words for part in parts for words in what_stays(part)]:
        # What cannot be put back is said before: the undo at the case itself asks once more.
        return desk(request, _case(request, about), " ".join([str(_NOT_ALL), *kept]), 409)
    try:
        workflow.undo_act(person(request), last)
    except PROBLEMS as problem:
        return _refused(request, about, problem)
    messages.success(request, _("Undone. Everything is as it was before."))
    found = _case(request, about)
    return desk(request, found) if wants_part(request) else redirect(address_of(found, wanted))
