"""The uploader's answer to a question."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from board.pages.access import own_upload, person
from board.pages.forms import AnswerForm
from board.pages.problems import PROBLEMS, status_for, words_for
from board.pages.progress import status_page
from dedupe import workflow
from dedupe.imaging import Relation
from dedupe.models import Match, Verdict

_IDENTICAL = "Both files are the same, byte for byte: only one of them can be here."

_DONE = {
    Verdict.SAME: "Thank you. We keep one copy.",
    Verdict.BETTER: "Thank you. Staff will compare both copies.",
    Verdict.VARIANT: "Thank you. Both pictures stay, linked to each other.",
    Verdict.DIFFERENT: "Thank you. We won’t ask about these two again.",
}


@login_required
@require_POST
def answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Carry out an answer and return to the page of the upload; say in words what stood in the way."""
    upload = own_upload(request, public_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        words = " ".join(message for errors in form.errors.values() for message in map(str, errors))
        return status_page(request, upload, words, 400, request.POST.get("match", ""))
    given = form.cleaned_data
    match = get_object_or_404(
        Match.objects.about(upload).select_related("query", "candidate"), pk=given["match"]
    )
    verdict = Verdict(given["verdict"])
    if match.relation == Relation.IDENTICAL_BYTES and verdict is not Verdict.SAME:
        return status_page(request, upload, _IDENTICAL, 409)
    try:
        workflow.answer(person(request), upload, match, verdict, given["reason"])
    except PROBLEMS as problem:
        now = own_upload(request, public_id)
        return status_page(request, now, words_for(problem), status_for(problem), str(match.pk))
    messages.success(request, _DONE[verdict])
    return redirect("upload-status", public_id=public_id)
