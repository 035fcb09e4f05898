"""Many cases at once, where both files show the very same pixels: the older of each stays."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from board.pages.access import person, staff_only
from board.pages.choices import STAFF_IDENTICAL
from board.pages.desk import begin_counting
from board.pages.lines import lines_of, with_ledger
from board.pages.problems import PROBLEMS, words_for
from board.pages.queue import Wanted
from dedupe import workflow
from dedupe.imaging import Relation
from dedupe.models import Case, CaseKind, Decision, DecisionKind, Picture, Rendition
from dedupe.models.cases import CaseQuerySet
from dedupe.workflow.resolutions import is_whole, pair_by_age

AT_ONCE = 50
IDENTICAL = (Relation.IDENTICAL_BYTES, Relation.SAME_PIXELS)
_KINDS = (CaseKind.OVERRIDE, CaseKind.REPORT, CaseKind.FIND, CaseKind.EXPIRING)
_SMALL = Rendition.objects.filter(kind__in=[Rendition.Kind.SMALL, Rendition.Kind.SMALL_AVIF])


@dataclass(frozen=True)
class Line:
    """One case of the preview: what stays, and what leads there afterwards."""

    case: Case
    older: Picture
    newer: Picture


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def identical(request: HttpRequest) -> HttpResponse:
    """A preview of the cases whose pictures are identical, and what was decided of them just now."""
    wanted = Wanted.read(request.GET)
    if request.method == "POST":
        return _decide(request, wanted)
    context = {
        "wanted": wanted,
        "lines": _lines(_identical(request, wanted)),
        "decided": lines_of(request.user, _just_decided(request)),
        "here": request.get_full_path(),
    }
    return render(request, "review/identical.html", context)


def _identical(request: HttpRequest, wanted: Wanted) -> CaseQuerySet:
    """Waiting cases that pass the filters, show the same pixels, and are not with anybody else."""
    theirs = Case.objects.filter(claimed_until__gt=timezone.now()).exclude(claimed_by=person(request))
    cases = wanted.cases().filter(match__relation__in=IDENTICAL, kind__in=_KINDS)
    return cases.exclude(pk__in=theirs.filter(claimed_by__isnull=False).values("pk"))


def _lines(cases: CaseQuerySet) -> list[Line]:
    sides = ("match__query", "match__candidate")
    shown = (
        cases.order_by("created_at", "id")
        .select_related("picture", "opened_by", *sides, *(f"{side}__post" for side in sides))
        .prefetch_related(*(Prefetch(f"{side}__renditions", queryset=_SMALL) for side in sides))
    )
    return [Line(case, *pair_by_age(case)) for case in shown[:AT_ONCE] if is_whole(case)]


def _decide(request: HttpRequest, wanted: Wanted) -> HttpResponse:
    """Each in a transaction of its own, so that one that cannot be decided leaves the others as they are."""
    chosen = set(_numbers(request.POST.getlist("case")))
    done: list[int] = []
    begin_counting(request)
    for case in _chosen(chosen):
        try:
            decision = workflow.resolve_case(
                person(request), case, workflow.Resolution.KEEP_OLDER, STAFF_IDENTICAL
            )
        except PROBLEMS as problem:
            messages.error(
                request,
                _("Case {number} was left as it is. {why}").format(number=case.pk, why=words_for(problem)),
            )
        else:
            done.append(decision.pk)
    if done:
        messages.success(
            request,
            ngettext(
                "{count} decided: the older of each stays.",
                "{count} decided: the older of each stays.",
                len(done),
            ).format(count=len(done)),
        )
    elif not chosen:
        messages.error(request, _("Choose at least one case."))
    query = wanted.query or "?"
    decided = f"&decided={','.join(map(str, done))}" if done else ""
    return redirect(f"{reverse('identical')}{query}{decided}")


def _chosen(ids: set[int]) -> list[Case]:
    """Never more than a page of them, and only such as the preview could have listed."""
    cases = Case.objects.filter(pk__in=ids, match__relation__in=IDENTICAL, kind__in=_KINDS)
    return list(cases.select_related("picture", "match__query", "match__candidate").order_by("id")[:AT_ONCE])


def _just_decided(request: HttpRequest) -> list[Decision]:
    ids = [
        int(each) for each in request.GET.get("decided", "").split(",") if each.isascii() and each.isdigit()
    ]
    own = Decision.objects.filter(pk__in=ids[:AT_ONCE], actor=person(request), kind=DecisionKind.REVIEW)
    return list(with_ledger(own).order_by("id"))


def _numbers(texts: list[str]) -> list[int]:
    """What is a number among these, of a size that the database knows."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= 18]
