"""The last answer of a person who goes on with the next question: what happened, its undo, and what is alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from board.pages.access import person
from board.pages.batch import open_questions
from board.pages.undoing import may_undo, with_undo
from dedupe.models import Decision, DecisionKind
from dedupe.workflow.answering_many import Question, questions_alike

_KEY = "last_answer"


@dataclass(frozen=True)
class LastAnswer:
    """Decisions that one answer made, what to say of them, and the open questions that it may fit too."""

    decisions: tuple[Decision, ...]
    words: str
    alike: tuple[Question, ...] = ()

    @property
    def only(self) -> Decision | None:
        """The decision, where there is just one."""
        return self.decisions[0] if len(self.decisions) == 1 else None


def remember(request: HttpRequest, decisions: Sequence[Decision], words: str) -> None:
    """Keep what was just answered for the page that comes next."""
    request.session[_KEY] = {"decisions": [decision.pk for decision in decisions], "words": words}


def last_answer(request: HttpRequest) -> LastAnswer | None:
    """What was answered last in this session, as long as this person may take all of it back."""
    kept = request.session.get(_KEY)
    if not isinstance(kept, dict):
        return None
    found = own_answers(request, kept.get("decisions", []))
    if not found or len(found) < len(kept["decisions"]):
        return None
    if not all(may_undo(request.user, decision) for decision in found):
        return None
    alike = questions_alike(found[0], open_questions(request)) if len(found) == 1 else []
    return LastAnswer(tuple(found), str(kept.get("words", "")), tuple(alike))


def own_answers(request: HttpRequest, ids: Sequence[int]) -> list[Decision]:
    """Those of these decisions that are answers of this person, the newest first."""
    given = Decision.objects.filter(pk__in=ids, actor=person(request), kind=DecisionKind.ANSWER)
    return list(with_undo(given).order_by("-id"))
