"""The beginning and the end of a batch of questions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from board.outcome import Outcome, outcome_of
from board.pages.access import person
from board.pages.batch import batch_of, glance_at_batch, kept_ids
from board.pages.last_answer import last_answer
from board.pages.undoing import may_undo, with_undo
from dedupe.models import Case, Decision, Picture


@dataclass(frozen=True)
class Answered:
    """A line of the summary: an upload, what became of it, and the decision that can be taken back."""

    upload: Picture
    outcome: Outcome
    undoable: Decision | None


@login_required
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Begin or go on: the first question that waits, or the summary when none does."""
    first = batch_of(request).next_after("")
    return redirect("upload-status", public_id=first) if first else redirect("answered")


@login_required
@require_safe
def answered(request: HttpRequest) -> HttpResponse:
    """What became of the uploads of the batch, each with its undo, and how many still wait."""
    batch = glance_at_batch(request)
    lines = _lines(request, kept_ids(request))
    context = {
        "lines": lines,
        "counts": Counter(line.outcome.label for line in lines).most_common(),
        "left": len(batch.waiting.intersection(batch.ids)),
        "last": last_answer(request),
    }
    return render(request, "upload/answered.html", context)


def _lines(request: HttpRequest, ids: list[str]) -> list[Answered]:
    """These uploads in the order of the batch; the number of queries does not depend on theirs."""
    own = Picture.objects.filter(owner=person(request), public_id__in=ids)
    uploads = list(own.select_related("post", "duplicate_of").prefetch_related("renditions"))
    uploads.sort(key=lambda upload: ids.index(upload.public_id))
    proposals = Case.objects.open_proposals().filter(picture__in=uploads)
    proposed = set(proposals.values_list("picture_id", flat=True))
    decisions = with_undo(Decision.objects.filter(picture__in=uploads)).order_by("id")
    newest = {decision.picture_id: decision for decision in decisions}
    return [
        Answered(
            upload,
            outcome_of(upload, proposed=upload.pk in proposed),
            _undoable(request, newest.get(upload.pk)),
        )
        for upload in uploads
    ]


def _undoable(request: HttpRequest, decision: Decision | None) -> Decision | None:
    return decision if decision is not None and may_undo(request.user, decision) else None
