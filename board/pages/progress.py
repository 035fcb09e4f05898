"""The page of one upload: progress, then the question or the outcome."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from board.bounds import limits_in_words
from board.outcome import outcome_of
from board.pages.access import own_upload
from board.pages.batch import batch_of, glance_at_batch, place_of
from board.pages.last_answer import last_answer
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


def status_page(request: HttpRequest, upload: Picture, problem: str = "", status: int = 200) -> HttpResponse:
    """The whole page of an upload, with a sentence about what could not be done.

    The address or the form that was sent names the look-alike (``match``) and whether all are meant (``scope``).
    """
    with_staff = upload.state == State.HELD and has_open_proposal(upload)
    outcome = outcome_of(upload, proposed=with_staff)
    context: dict[str, Any] = {"upload": upload, "outcome": outcome, "problem": problem}
    context["limits"] = limits_in_words(upload.check_cut, upload.check_not_searched, conf().matching)
    template = "upload/outcome.html"
    question = None
    if upload.state == State.HELD and not with_staff:
        given = request.POST if request.method == "POST" else request.GET
        question = question_context(upload, request.user, given.get("match", ""), given.get("scope", ""))
    if question is not None:
        template = "upload/question.html"
        context |= question | _batch_context(request, upload)
    elif not upload.is_settled or (upload.state == State.HELD and not with_staff):
        template = "upload/progress.html"
    else:
        context |= _outcome_context(request, upload, with_staff)
    return render(request, template, context, status=status)


def _batch_context(request: HttpRequest, upload: Picture) -> dict[str, Any]:
    """Where a question stands among those of its uploader; staff who look at it have no batch."""
    if not upload.is_owned_by(request.user):
        return {}
    return {"place": place_of(upload, batch_of(request)), "last": last_answer(request)}


def _outcome_context(request: HttpRequest, upload: Picture, with_staff: bool) -> dict[str, Any]:
    visible = Picture.objects.visible_to(request.user)
    led_to = upload.duplicate_of_id and visible.filter(pk=upload.duplicate_of_id).select_related("post")
    return {
        "with_staff": with_staff,
        "undoable": newest_undoable(request.user, upload),
        "undo_days": conf().deadlines.retention_days,
        "judged": [(match, match.other(upload)) for match in judged_matches(upload, request.user)],
        "canonical": led_to.first() if led_to else None,
        "place": place_of(upload, glance_at_batch(request)),
    }


def judged_matches(upload: Picture, viewer: Any) -> QuerySet[Match]:
    """The look-alikes of an upload about which something was said and that the viewer may see, with all that is shown.

    A picture that was removed or withdrawn since is nobody's business any more but its owner's and that of staff.
    """
    visible = Picture.objects.visible_to(viewer).values("pk")
    return (
        Match.objects.filter(Q(query=upload, candidate__in=visible) | Q(candidate=upload, query__in=visible))
        .filter(verdict__in=_STANDING)
        .select_related("query__post", "candidate__post")
        .prefetch_related("query__renditions", "candidate__renditions")
    )
