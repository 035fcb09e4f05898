"""An answer that was just given, given again about other uploads that are alike; and taking several back at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from board.offering import pass_on
from board.pages.access import person
from board.pages.answering import DONE
from board.pages.batch import open_questions, way_on
from board.pages.last_answer import own_answers, remember
from board.pages.problems import PROBLEMS, words_for
from board.restoring import what_stays
from dedupe import workflow
from dedupe.models import Decision, Verdict
from dedupe.workflow.answering_many import Attempt, Question, answer_each, questions_alike

_LONGEST_NUMBER = 19  # digits of a row's number
_MOST = 100  # decisions in one form


@login_required
@require_POST
def repeat(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the ticked questions as the decision did; each that fails is told of, the others stand."""
    decision = next(iter(own_answers(request, [pk])), None)
    if decision is None or decision.is_undone:
        raise Http404("There is no such answer.")
    alike = questions_alike(decision, open_questions(request))
    ticked = _numbers(request.POST.getlist("match"))
    wanted = [question for question in alike if question.match.pk in ticked]
    along = partial(_words_along, wanted) if request.POST.get("words") else None
    verdict = Verdict(decision.verdict)
    attempts = answer_each(person(request), wanted, verdict, decision.reason, along)
    _tell_failures(request, attempts, missing=len(ticked) - len(wanted))
    made = [attempt.decision for attempt in attempts if attempt.decision is not None]
    if made:
        remember(request, made, _words(verdict, len(made)))
    elif not ticked:
        messages.error(request, _("None was ticked, so nothing was answered."))
    return redirect(way_on(request, decision.picture).address)


def _numbers(given: Sequence[str]) -> set[int]:
    return {int(each) for each in given[:_MOST] if each.isdecimal() and len(each) < _LONGEST_NUMBER}


def _words_along(questions: Sequence[Question], decision: Decision) -> None:
    """Let the usual words of an upload go along with its decision."""
    question = next(each for each in questions if each.match.pk == decision.match_id)
    pass_on(decision, question.upload, question.match.other(question.upload))


def _words(verdict: Verdict, count: int) -> str:
    words = ngettext(
        "You said the same of one more upload: {verdict}.",
        "You said the same of {count} more uploads: {verdict}.",
        count,
    )
    return f"{words.format(count=count, verdict=verdict.label)} {DONE[verdict]}"


def _tell_failures(request: HttpRequest, attempts: Sequence[Attempt], missing: int) -> None:
    for attempt in attempts:
        if attempt.problem is not None:
            name = attempt.question.upload.file_name or _("One upload")
            messages.error(request, f"{name}: {words_for(attempt.problem)}")
    if missing > 0:
        messages.error(
            request, _("Some of these questions were not open any more and were left as they are.")
        )


@login_required
@require_POST
def undo_answers(request: HttpRequest) -> HttpResponse:
    """Take several answers of one's own back, the newest first; each that cannot be is told of."""
    decisions = own_answers(request, sorted(_numbers(request.POST.getlist("decision"))))
    if not decisions:
        raise Http404("There is no such answer.")
    undone = [each for each in decisions if _undone(request, each)]
    if undone:
        words = ngettext(
            "Undone. One answer was taken back.", "Undone. {count} answers were taken back.", len(undone)
        )
        messages.success(request, words.format(count=len(undone)))
    return redirect("upload-status", public_id=decisions[-1].picture.public_id)


def _undone(request: HttpRequest, decision: Decision) -> bool:
    name = decision.picture.file_name or _("One upload")
    if kept := what_stays(decision):
        words = _("{name}: {why} So this answer was left; undo it by itself.")
        messages.error(request, words.format(name=name, why=" ".join(kept)))
        return False
    try:
        workflow.undo_decision(person(request), decision)
    except PROBLEMS as problem:
        messages.error(request, f"{name}: {words_for(problem)}")
        return False
    return True
