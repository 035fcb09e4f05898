"""What was merged into a picture, or called its variant or different from it; and taking single ones of that back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from board.pages.access import only_with, person
from board.pages.moved import coming_back
from board.pages.problems import PROBLEMS, status_for, words_for
from board.pages.undoing import may_undo
from board.restoring import what_stays
from dedupe import workflow
from dedupe.models import Decision, Match, Picture, Power, State, Verdict

_LISTED = 50
_NO_REASON = gettext_lazy("Please say in a few words why. Nothing was changed.")


@dataclass(frozen=True)
class Led:
    """A picture that leads to the canonical one, and the decision that made it."""

    picture: Picture
    decision: Decision | None
    is_here: bool


@dataclass(frozen=True)
class Apart:
    """A published picture that people set apart from the canonical one."""

    picture: Picture
    verdict: str


@only_with(Power.UNDO_OTHERS)
@require_safe
def merged(request: HttpRequest, public_id: str) -> HttpResponse:
    """All that leads to a published picture, and what else was said of it and others."""
    shown = _canonical(public_id)
    led = _led_to(shown)
    apart = _set_apart(shown)
    context = {
        "picture": shown,
        "led": led,
        "variants": [each for each in apart if each.verdict == Verdict.VARIANT],
        "different": [each for each in apart if each.verdict == Verdict.DIFFERENT],
    }
    return render(request, "picture/merged.html", context)


def _canonical(public_id: str) -> Picture:
    pictures = Picture.objects.live().select_related("post", "owner").prefetch_related("renditions")
    found = pictures.filter(public_id=public_id).first()
    if found is None:
        raise Http404("There is no such picture.")
    return found


def _led_to(shown: Picture) -> list[Led]:
    rows = shown.redirects_here.select_related("post", "owner").prefetch_related("renditions")
    pictures = list(rows.order_by("-state_since")[:_LISTED])
    decisions = workflow.mergers_of(pictures)
    return [Led(each, decisions.get(each.pk), bool(each.storage_key)) for each in pictures]


def _set_apart(shown: Picture) -> list[Apart]:
    """Published ones alone: of the others nothing can be said anew."""
    sides = Q(query=shown, candidate__state=State.LIVE) | Q(candidate=shown, query__state=State.LIVE)
    rows = Match.objects.filter(sides, verdict__in=[Verdict.VARIANT, Verdict.DIFFERENT])
    rows = rows.select_related("query__post", "candidate__post")
    rows = rows.prefetch_related("query__renditions", "candidate__renditions")
    return [Apart(match.other(shown), match.verdict) for match in rows.order_by("-id")[: 2 * _LISTED]]


@only_with(Power.UNDO_OTHERS)
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, public_id: str, other_id: str) -> HttpResponse:
    """What would come back if this one were split off, or what was said were asked anew; and doing so."""
    shown = _canonical(public_id)
    others = Picture.objects.select_related("post", "owner", "duplicate_of").prefetch_related("renditions")
    other = others.filter(public_id=other_id).first()
    if other is None or not _belongs(shown, other):
        raise Http404("There is no such picture.")
    if request.method != "POST":
        return _preview(request, shown, other)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        return _preview(request, shown, other, str(_NO_REASON), 400)
    try:
        return _carry_out(request, shown, other, reason)
    except PROBLEMS as problem:
        return _preview(request, shown, other, words_for(problem), status_for(problem))


def _belongs(shown: Picture, other: Picture) -> bool:
    if other.duplicate_of_id == shown.pk:
        return True
    apart = Match.objects.of_pair(shown.pk, other.pk).filter(verdict__in=[Verdict.VARIANT, Verdict.DIFFERENT])
    return other.state == State.LIVE and apart.exists()


def _way(request: HttpRequest, other: Picture) -> tuple[str, Decision | None]:
    """How this one comes back: by an undo, by a correction, by a case; or not at all, when its file is gone."""
    if other.state == State.LIVE:
        return "ask", None
    decision = workflow.mergers_of([other]).get(other.pk)
    if decision is not None and may_undo(request.user, decision):
        return "undo", decision
    return ("split" if other.storage_key else "gone"), decision


def _preview(
    request: HttpRequest, shown: Picture, other: Picture, problem: str = "", status: int = 200
) -> HttpResponse:
    way, decision = _way(request, other)
    context: dict[str, Any] = {
        "picture": shown,
        "other": other,
        "way": way,
        "decision": decision,
        "problem": problem,
        "reason": request.POST.get("reason", ""),
        "back": [] if decision is None else coming_back(decision, other),
        "stays": [] if decision is None else what_stays(decision),
    }
    if decision is not None and way == "undo":
        context["company"] = Decision.objects.made_with(decision).filter(undone_by__isnull=True).count() - 1
    return render(request, "picture/split.html", context, status=status)


def _carry_out(request: HttpRequest, shown: Picture, other: Picture, reason: str) -> HttpResponse:
    """Do what the preview said. Raises what the workflow raises."""
    way, decision = _way(request, other)
    actor = person(request)
    if way == "ask":
        case = workflow.report_picture(actor, other, reason, shown)
        messages.success(request, _("The two are in the queue again. Say what they are to each other."))
        return redirect("case", pk=case.pk)
    if way == "undo" and decision is not None:
        workflow.undo_decision(actor, decision, reason)
    else:
        verdict = Verdict.VARIANT if request.POST.get("verdict") == Verdict.VARIANT else Verdict.DIFFERENT
        workflow.split_off(actor, other, verdict, reason)
    messages.success(request, _where(other))
    if not Picture.objects.live().filter(pk=shown.pk).exists():
        return redirect("picture", public_id=Picture.objects.get(pk=other.pk).public_id)
    return redirect("merged", public_id=shown.public_id)


def _where(other: Picture) -> str:
    state = Picture.objects.get(pk=other.pk).state
    if state == State.LIVE:
        return _("Split off. It is published at its own address again.")
    if state == State.HELD:
        return _("Split off. Its uploader is asked about it.")
    return _("Undone. Everything is as it was before.")
