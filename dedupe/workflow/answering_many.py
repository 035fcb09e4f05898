"""One answer for many uploads: which questions are alike, and answering each of them by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from dedupe.errors import WorkflowError
from dedupe.imaging import Relation
from dedupe.models import Decision, Match, Picture, State, Verdict
from dedupe.search import SearchFailed
from dedupe.workflow.answers import answer

MOST_ALIKE = 24
"""At most so many alike questions are listed at once."""
REPEATABLE = frozenset({Verdict.SAME, Verdict.VARIANT, Verdict.DIFFERENT})
"""BETTER is not among them: staff choose one copy in the place of another, not several."""


@dataclass(frozen=True)
class Question:
    """A held upload and one of its look-alikes."""

    upload: Picture
    match: Match


@dataclass(frozen=True)
class Attempt:
    """What became of one question: its decision, or why there is none."""

    question: Question
    decision: Decision | None = None
    problem: WorkflowError | SearchFailed | None = None


def questions_alike(decision: Decision, uploads: QuerySet[Picture]) -> list[Question]:
    """The open questions about ``uploads`` that the answer of ``decision`` may fit, one for each upload.

    Alike are those about the same other picture and, where the two were the same point for point, those of
    uploads that equal their look-alikes as exactly. Oldest first, at most MOST_ALIKE.
    """
    if decision.match is None or decision.verdict not in REPEATABLE:
        return []
    open_ones = Match.objects.open_for_any(uploads.exclude(pk=decision.picture_id).values("pk"))
    if decision.verdict != Verdict.SAME:
        open_ones = open_ones.exclude(relation=Relation.IDENTICAL_BYTES)
    found = (
        open_ones.filter(_like(decision.match, decision.picture))
        .select_related("query__post", "candidate__post")
        .prefetch_related("query__renditions", "candidate__renditions")
        .order_by("asked_at", "id")[:MOST_ALIKE]
    )
    questions: dict[int, Question] = {}
    for match in found:
        upload = _held_side(match)
        questions.setdefault(upload.pk, Question(upload, match))
    return list(questions.values())


def _like(match: Match, upload: Picture) -> Q:
    other = match.other(upload).pk
    same_other = Q(query=other) | Q(candidate=other)
    as_exact = Relation.SAME_PIXELS
    return same_other | Q(relation=as_exact) if match.relation == as_exact else same_other


def _held_side(match: Match) -> Picture:
    return match.query if match.query.state == State.HELD else match.candidate


def answer_each(
    actor: Any,
    questions: Iterable[Question],
    verdict: Verdict,
    reason: str = "",
    along: Callable[[Decision], object] | None = None,
) -> list[Attempt]:
    """Answer each question in a transaction of its own; one that fails leaves the others alone.

    ``along`` is what the site does with a decision, in its transaction; only with SAME, which compares nothing.
    """
    return [_attempt(actor, question, verdict, reason, along) for question in questions]


def _attempt(
    actor: Any,
    question: Question,
    verdict: Verdict,
    reason: str,
    along: Callable[[Decision], object] | None,
) -> Attempt:
    try:
        if along is None or verdict is not Verdict.SAME:
            return Attempt(question, answer(actor, question.upload, question.match, verdict, reason))
        with transaction.atomic():
            decision = answer(actor, question.upload, question.match, verdict, reason)
            along(decision)
        return Attempt(question, decision)
    except (WorkflowError, SearchFailed) as problem:
        return Attempt(question, problem=problem)
