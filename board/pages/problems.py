"""What the workflow refuses, as an answer in words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from dedupe.search import SearchFailed
from dedupe.workflow import Conflict, NotAllowed, TooLate, WorkflowError

Problem = WorkflowError | SearchFailed
PROBLEMS = (WorkflowError, SearchFailed)

_NOT_COMPARED = gettext_lazy(
    "The last comparison before publishing could not be finished, so nothing was changed. "
    "Please answer again in a moment."
)


def words_for(problem: Problem) -> str:
    """A sentence for the person who asked."""
    return str(_NOT_COMPARED) if isinstance(problem, SearchFailed) else str(problem)


def status_for(problem: Problem) -> int:
    """The status of the answer: 403 not theirs to do, 409 too late or somebody was first, 503 try again."""
    if isinstance(problem, NotAllowed):
        return 403
    return 409 if isinstance(problem, (Conflict, TooLate)) else 503


def refusal_page(request: HttpRequest, problem: Problem, back: str) -> HttpResponse:
    """A page that says why it was not done, and leads back."""
    context = {"words": words_for(problem), "back": back}
    return render(request, "refused.html", context, status=status_for(problem))
