"""The page of one upload: progress, then the question or the outcome."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from board.bounds import limits_in_words
from board.outcome import outcome_of
from board.pages.access import own_upload, person
from board.pages.context import waiting_for
from board.pages.question import question_context
from board.pages.undoing import newest_undoable
from dedupe.conf import conf
from dedupe.models import Match, Picture, State, Verdict
from dedupe.workflow.answers import has_open_proposal

_STANDING = (Verdict.VARIANT, Verdict.DIFFERENT, Verdict.SAME, Verdict.BETTER)


@login_required
@require_safe
def upload_status(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where an upload stands. The page asks for its progress again each second until there is news."""
    upload = own_upload(request, public_id)
    if not getattr(request, "htmx", False):
        return status_page(request, upload)
    if is_waiting(upload):
        return render(request, "upload/_progress.html", {"upload": upload, "outcome": outcome_of(upload)})
    response = HttpResponse(status=204)
    response["HX-Refresh"] = "true"
    return response


def is_waiting(upload: Picture) -> bool:
    """Whether the machine has yet to do something, so that it pays to look again soon."""
    if upload.state != State.HELD:
        return not upload.is_settled
    return not (Match.objects.open_for(upload).exists() or has_open_proposal(upload))


def status_page(
    request: HttpRequest, upload: Picture, problem: str = "", status: int = 200, wanted: str = ""
) -> HttpResponse:
    """The whole page of an upload, with a sentence about what could not be done."""
    with_staff = upload.state == State.HELD and has_open_proposal(upload)
    outcome = outcome_of(upload, proposed=with_staff)
    context: dict[str, Any] = {"upload": upload, "outcome": outcome, "problem": problem}
    context["limits"] = limits_in_words(upload.check_cut, upload.check_not_searched, conf().matching)
    template = "upload/outcome.html"
    question = None
    if upload.state == State.HELD and not with_staff:
        question = question_context(upload, request.user, wanted or request.GET.get("match", ""))
    if question is not None:
        template = "upload/question.html"
        context |= question | {"more_waiting": _others_waiting(request, upload).count()}
    elif not upload.is_settled or (upload.state == State.HELD and not with_staff):
        template = "upload/progress.html"
    else:
        context |= _outcome_context(request, upload, with_staff)
    return render(request, template, context, status=status)


def _outcome_context(request: HttpRequest, upload: Picture, with_staff: bool) -> dict[str, Any]:
    waiting = _others_waiting(request, upload)
    return {
        "with_staff": with_staff,
        "undoable": newest_undoable(request.user, upload),
        "undo_days": conf().deadlines.retention_days,
        "judged": [(match, match.other(upload)) for match in judged_matches(upload)],
        "next_question": waiting.first(),
        "more_waiting": waiting.count(),
    }


def _others_waiting(request: HttpRequest, upload: Picture) -> QuerySet[Picture]:
    return waiting_for(person(request)).exclude(pk=upload.pk)


def judged_matches(upload: Picture) -> QuerySet[Match]:
    """The look-alikes of an upload about which something was said, with what the page shows of them."""
    return (
        Match.objects.about(upload)
        .filter(verdict__in=_STANDING)
        .select_related("query__post", "candidate__post")
        .prefetch_related("query__renditions", "candidate__renditions")
    )
